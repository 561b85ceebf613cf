import { workspaceAgentStatuses } from '../../contract/workspace-agents.ts'
import { workspaceStatuses } from '../../contract/workspace-builds.ts'
import type { Workspace } from '../../contract/workspaces.ts'
import {
  booleanTerm,
  enumTerm,
  listTerm,
  parseSearchQuery,
  type SearchTerms,
  singleTerm,
  timeTerm,
} from './search-query.ts'

const KEYS = new Set([
  'id',
  'owner',
  'template',
  'name',
  'status',
  'has-agent',
  'healthy',
  'dormant',
  'outdated',
  'last_used_after',
  'last_used_before',
  'organization',
  'param',
  'shared',
  'shared_with_user',
  'shared_with_group',
  'has-ai-task',
  'has_external_agent',
  'include_agent_metadata',
])

/** What the list knows of a workspace without loading it whole. */
export interface WorkspaceSummary {
  readonly id: string
  readonly name: string
  readonly ownerName: string
  readonly templateName: string
  readonly organizationId: string
  readonly organizationName: string
  readonly status: string
  readonly isOutdated: boolean
  readonly isDormant: boolean
  readonly lastUsedAt: number
  /** Read only when the search names a parameter. */
  readonly parameters: () => ReadonlyMap<string, string>
}

export interface WorkspaceFilter {
  readonly matches: (summary: WorkspaceSummary) => boolean
  /** Needs agents, so it runs on whole workspaces; absent when the search does not ask for it. */
  readonly matchesWhole: ((workspace: Workspace) => boolean) | undefined
}

type Check = (summary: WorkspaceSummary) => boolean

/** Compiles a search. `caller` is who `me` stands for. @throws {ApiError} 400 for what cannot be searched. */
export function parseWorkspaceSearch(query: string, caller: string): WorkspaceFilter {
  const terms = parseSearchQuery(query, 'default', new Set([...KEYS, 'default']))
  const checks = [...nameChecks(terms, caller), ...stateChecks(terms), ...parameterChecks(terms)]
  // Sharing, tasks and external agents do not exist here: asking for them matches nothing, excluding them matches all.
  const asksForAbsent =
    ['shared', 'has-ai-task', 'has_external_agent'].some((key) => booleanTerm(terms, key) === true) ||
    ['shared_with_user', 'shared_with_group'].some((key) => terms.has(key))
  if (asksForAbsent) checks.push(() => false)
  return {
    matches: (summary) => checks.every((check) => check(summary)),
    matchesWhole: wholeCheck(terms),
  }
}

function nameChecks(terms: SearchTerms, caller: string): Check[] {
  const checks: Check[] = []
  const byOwner = (name: string): Check => {
    const wanted = name === 'me' ? caller.toLowerCase() : name
    return (summary) => summary.ownerName.toLowerCase() === wanted
  }
  const byName =
    (part: string): Check =>
    (summary) =>
      summary.name.toLowerCase().includes(part)
  const words = singleTerm(terms, 'default')
  if (words !== undefined) {
    const [first = '', second] = words.split('/')
    if (second === undefined) checks.push(byName(first))
    else checks.push(byOwner(first), byName(second))
  }
  const owner = singleTerm(terms, 'owner')
  if (owner !== undefined) checks.push(byOwner(owner))
  const name = singleTerm(terms, 'name')
  if (name !== undefined) checks.push(byName(name))
  const template = singleTerm(terms, 'template')
  if (template !== undefined) checks.push((summary) => summary.templateName.toLowerCase() === template)
  const organization = singleTerm(terms, 'organization')
  if (organization !== undefined) {
    checks.push(
      (summary) =>
        summary.organizationId === organization || summary.organizationName.toLowerCase() === organization,
    )
  }
  const ids = listTerm(terms, 'id')
  if (ids) checks.push((summary) => ids.includes(summary.id))
  return checks
}

function stateChecks(terms: SearchTerms): Check[] {
  const checks: Check[] = []
  const statuses = enumTerm(terms, 'status', workspaceStatuses)
  if (statuses) checks.push((summary) => statuses.includes(summary.status))
  const outdated = booleanTerm(terms, 'outdated')
  if (outdated !== undefined) checks.push((summary) => summary.isOutdated === outdated)
  // `dormant:false` does not hide dormant ones in Coder either.
  if (booleanTerm(terms, 'dormant') === true) checks.push((summary) => summary.isDormant)
  const after = timeTerm(terms, 'last_used_after')
  if (after !== undefined) checks.push((summary) => summary.lastUsedAt > after)
  const before = timeTerm(terms, 'last_used_before')
  if (before !== undefined) checks.push((summary) => summary.lastUsedAt < before)
  return checks
}

function parameterChecks(terms: SearchTerms): Check[] {
  return (terms.get('param') ?? []).map((term): Check => {
    const separator = term.indexOf('=')
    const [name, value] =
      separator === -1 ? [term, undefined] : [term.slice(0, separator), term.slice(separator + 1)]
    return (summary) =>
      [...summary.parameters()].some(
        ([key, held]) => key.toLowerCase() === name && (value === undefined || held.toLowerCase() === value),
      )
  })
}

function wholeCheck(terms: SearchTerms): WorkspaceFilter['matchesWhole'] {
  const agentStatuses = enumTerm(terms, 'has-agent', workspaceAgentStatuses)
  const healthy = booleanTerm(terms, 'healthy')
  if (!agentStatuses && healthy === undefined) return undefined
  return (workspace) => {
    const statuses = workspace.latest_build.resources
      .flatMap((resource) => resource.agents ?? [])
      .map((agent) => agent.status)
    const wantedByHealth = healthy === true ? ['connected'] : ['disconnected', 'timeout']
    return (
      (!agentStatuses || statuses.some((status) => agentStatuses.includes(status))) &&
      (healthy === undefined || statuses.some((status) => wantedByHealth.includes(status)))
    )
  }
}
