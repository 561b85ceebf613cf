import type {
  ToolPolicyResponse,
  ToolRule,
  UpdateToolPolicyRequest,
} from '../../../contract/chats-approvals.ts'
import { badRequest } from '../../api-error.ts'
import type { Database } from '../../db/database.ts'
import { defaultPolicies, isRuleName, policyOf, type PolicyRule, toWireRule } from './tool-policy.ts'
import type { ToolRules } from './tool-rules.ts'

/** The deployment's own rules, and what holds without any. */
export function deploymentPolicy(rules: ToolRules): ToolPolicyResponse {
  return { rules: rules.of(null).map(toWireRule), defaults: effectiveDefaults([]) }
}

/** A user's rules, and what holds for them without any: the deployment's rules are in it already. */
export function userPolicy(rules: ToolRules, userId: string): ToolPolicyResponse {
  return { rules: rules.of(userId).map(toWireRule), defaults: effectiveDefaults(rules.of(null)) }
}

function effectiveDefaults(deployment: readonly PolicyRule[]): ToolRule[] {
  const named = deployment.filter(({ workspaceId }) => workspaceId === null).map(({ tool }) => tool)
  const general = [...new Set([...Object.keys(defaultPolicies), ...named])].map((tool) => {
    // The rule that names it is the most precise there is.
    const call = { tool, serverRule: undefined, workspaceId: null, isPlanning: false }
    return { tool, policy: policyOf(call, { deployment, user: [], chat: [] }) }
  })
  const local = deployment.filter(({ workspaceId }) => workspaceId !== null).map(toWireRule)
  return [...general, ...local]
}

/**
 * The rules of a request, as they are kept. `ownerId`: workspaces have to be this user's.
 *
 * @throws {ApiError} 400
 */
export function readRules(
  db: Database,
  { rules }: UpdateToolPolicyRequest,
  ownerId: string | undefined,
): PolicyRule[] {
  const seen = new Set<string>()
  return rules.map((rule, index) => {
    const workspaceId = rule.workspace_id?.toLowerCase() ?? null
    const key = `${workspaceId ?? ''} ${rule.tool}`
    if (!isRuleName(rule.tool))
      throw badRequest(`rules[${index}].tool has to be the name of a tool, slug__* or *.`)
    if (seen.has(key)) throw badRequest(`rules[${index}] is about the same as one before it.`)
    seen.add(key)
    if (workspaceId !== null && !isWorkspace(db, workspaceId, ownerId))
      throw badRequest(`rules[${index}].workspace_id names no workspace.`)
    return { tool: rule.tool, policy: rule.policy, workspaceId }
  })
}

/** One that was deleted counts: rules for it are sent back with the others. */
function isWorkspace(db: Database, id: string, ownerId: string | undefined): boolean {
  const row = db.first(db.sql.selectFrom('workspaces').select('owner_id').where('id', '=', id))
  return row !== undefined && (ownerId === undefined || row.owner_id === ownerId)
}
