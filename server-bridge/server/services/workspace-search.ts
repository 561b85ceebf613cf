import { workspaceAgentStatuses } from '../../contract/workspace-agents.ts'
import { workspaceStatuses } from '../../contract/workspace-builds.ts'
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
  'default',
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

/** A compiled search; what is absent filters nothing. Words are in lower case. */
export interface WorkspaceFilter {
  readonly ids: readonly string[] | undefined
  readonly owners: readonly string[]
  /** Parts of the name: all must be in it. */
  readonly nameParts: readonly string[]
  readonly template: string | undefined
  /** A name or a uuid. */
  readonly organization: string | undefined
  readonly statuses: readonly string[] | undefined
  readonly outdated: boolean | undefined
  readonly onlyDormant: boolean
  readonly usedAfter: number | undefined
  readonly usedBefore: number | undefined
  readonly parameters: readonly { readonly name: string; readonly value: string | undefined }[]
  /** Each list must hold the state of at least one agent. */
  readonly agentStatuses: readonly (readonly string[])[]
  /** Asks for what does not exist here. */
  readonly matchesNothing: boolean
  /** Answer the agents with their metadata. */
  readonly withAgentMetadata: boolean
}

/** Compiles a search. `caller` is who `me` stands for. @throws {ApiError} 400 for what cannot be searched. */
export function parseWorkspaceSearch(query: string, caller: string): WorkspaceFilter {
  const terms = parseSearchQuery(query, 'default', KEYS)
  return {
    ...nameFilter(terms, caller.toLowerCase()),
    ids: listTerm(terms, 'id'),
    template: singleTerm(terms, 'template'),
    organization: singleTerm(terms, 'organization'),
    statuses: enumTerm(terms, 'status', workspaceStatuses),
    outdated: booleanTerm(terms, 'outdated'),
    // `dormant:false` does not hide dormant ones in Coder either.
    onlyDormant: booleanTerm(terms, 'dormant') === true,
    usedAfter: timeTerm(terms, 'last_used_after'),
    usedBefore: timeTerm(terms, 'last_used_before'),
    parameters: (terms.get('param') ?? []).map(toParameter),
    agentStatuses: agentFilter(terms),
    matchesNothing: asksForAbsent(terms),
    withAgentMetadata: booleanTerm(terms, 'include_agent_metadata') === true,
  }
}

function nameFilter(terms: SearchTerms, caller: string): Pick<WorkspaceFilter, 'owners' | 'nameParts'> {
  const owners: string[] = []
  const nameParts: string[] = []
  const addOwner = (name: string | undefined): void => {
    if (name !== undefined) owners.push(name === 'me' ? caller : name)
  }
  const addName = (part: string | undefined): void => {
    if (part !== undefined && part !== '') nameParts.push(part)
  }
  const [first, second] = singleTerm(terms, 'default')?.split('/') ?? []
  if (second === undefined) addName(first)
  else {
    addOwner(first)
    addName(second)
  }
  addOwner(singleTerm(terms, 'owner'))
  addName(singleTerm(terms, 'name'))
  return { owners, nameParts }
}

function toParameter(term: string): WorkspaceFilter['parameters'][number] {
  const separator = term.indexOf('=')
  return separator === -1
    ? { name: term, value: undefined }
    : { name: term.slice(0, separator), value: term.slice(separator + 1) }
}

function agentFilter(terms: SearchTerms): readonly (readonly string[])[] {
  const wanted = enumTerm(terms, 'has-agent', workspaceAgentStatuses)
  const healthy = booleanTerm(terms, 'healthy')
  const filters: (readonly string[])[] = wanted ? [wanted] : []
  if (healthy !== undefined) filters.push(healthy ? ['connected'] : ['disconnected', 'timeout'])
  return filters
}

/** Sharing, tasks and external agents do not exist here: asking for them matches nothing, excluding them matches all. */
function asksForAbsent(terms: SearchTerms): boolean {
  const asked = ['shared', 'has-ai-task', 'has_external_agent'].map((key) => booleanTerm(terms, key) === true)
  return asked.includes(true) || ['shared_with_user', 'shared_with_group'].some((key) => terms.has(key))
}
