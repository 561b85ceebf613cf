import type { ToolPolicy, ToolRule } from '../../../contract/chats-approvals.ts'

/** A rule as it is kept: by the name of a tool, `slug__*` or `*`, for one workspace or for all. */
export interface PolicyRule {
  readonly tool: string
  readonly policy: ToolPolicy
  readonly workspaceId: string | null
}

/** Everything that has a say about one call. */
export interface PolicySources {
  readonly deployment: readonly PolicyRule[]
  /** Of the chat's owner. */
  readonly user: readonly PolicyRule[]
  /** What the owner has decided for the rest of the chat. */
  readonly chat: readonly PolicyRule[]
}

/**
 * What holds where nobody has a rule. A local workspace's commands run as its user on this machine, without a sandbox, so
 * whatever changes something there or elsewhere is asked about; MCP servers and tools that are new are in `*`.
 */
export const defaultPolicies: Readonly<Record<string, ToolPolicy>> = {
  read_file: 'always',
  list_directory: 'always',
  search_files: 'always',
  git_status: 'always',
  git_diff: 'always',
  git_log: 'always',
  process_output: 'always',
  process_list: 'always',
  attach_file: 'always',
  read_skill: 'always',
  read_skill_file: 'always',
  list_templates: 'always',
  read_template: 'always',
  propose_plan: 'always',
  ask_user_question: 'always',
  advisor: 'always',
  spawn_agent: 'always',
  wait_agent: 'always',
  message_agent: 'always',
  interrupt_agent: 'always',
  list_agents: 'always',
  write_file: 'ask',
  edit_files: 'ask',
  execute: 'ask',
  process_signal: 'ask',
  computer: 'ask',
  create_workspace: 'ask',
  start_workspace: 'ask',
  stop_workspace: 'ask',
  '*': 'ask',
}

/** In plan mode these reach the plan's file alone, which is the planning itself. */
const PLAN_FILE_TOOLS: ReadonlySet<string> = new Set(['write_file', 'edit_files'])

/** A call as far as the policy sees it. */
export interface PolicyCall {
  readonly tool: string
  /** What a rule about all tools of its MCP server is called; the name of a tool does not say whose it is. */
  readonly serverRule: string | undefined
  readonly workspaceId: string | null
  readonly isPlanning: boolean
}

/** Whether a tool changes something by its nature, whatever anybody's rules say: then its calls are audited. */
export function changesSomething(tool: string): boolean {
  return defaultPolicyOf(tool) !== 'always'
}

function defaultPolicyOf(tool: string): ToolPolicy {
  // Not by the prototype: a model may call a tool "constructor".
  return (Object.hasOwn(defaultPolicies, tool) ? defaultPolicies[tool] : undefined) ?? 'ask'
}

/**
 * The policy of one call. The deployment's `never` is absolute and its `ask` the least there is; its `always` stands in
 * for the default. The owner's rule for the workspace comes before their general one, the more precise name before the
 * other; what was decided for the chat comes before both, but for their `never`.
 */
export function policyOf(call: PolicyCall, sources: PolicySources): ToolPolicy {
  const deployment = resolve(call, sources.deployment)
  if (deployment === 'never') return 'never'
  const user = resolve(call, sources.user)
  if (user === 'never') return 'never'
  const planned = call.isPlanning && PLAN_FILE_TOOLS.has(call.tool) ? 'always' : undefined
  const wanted = resolve(call, sources.chat) ?? user ?? deployment ?? planned ?? defaultPolicyOf(call.tool)
  return deployment === 'ask' && wanted === 'always' ? 'ask' : wanted
}

/** What the rules of one place say: those for the workspace before the others, then the most precise name. */
function resolve(call: PolicyCall, rules: readonly PolicyRule[]): ToolPolicy | undefined {
  const fitting = rules
    .filter(({ workspaceId }) => workspaceId === null || workspaceId === call.workspaceId)
    .filter(({ tool }) => tool === '*' || tool === call.tool || tool === call.serverRule)
  const precision = (rule: PolicyRule): number =>
    (rule.workspaceId === null ? 0 : 1000) + (rule.tool.endsWith('*') ? rule.tool.length : 500)
  return fitting.toSorted((a, b) => precision(b) - precision(a))[0]?.policy
}

/** A name, all tools of an MCP server, or all there are. */
export const isRuleName = (tool: string): boolean =>
  /^(?:\*|[a-zA-Z0-9_-]{1,64}|[a-zA-Z0-9_-]{1,62}__\*)$/.test(tool)

export const toWireRule = ({ tool, policy, workspaceId }: PolicyRule): ToolRule => ({
  tool,
  policy,
  ...(workspaceId === null ? {} : { workspace_id: workspaceId }),
})
