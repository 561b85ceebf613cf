import { isUuid } from '../../contract/uuid.ts'
import {
  booleanTerm,
  listTerm,
  parseSearchQuery,
  refuseTerm,
  type SearchTerms,
  singleTerm,
} from './search-query.ts'
import { parseTemplateSettings } from './template-settings.ts'
import type { TemplateRow } from './template-row.ts'

const KEYS = new Set([
  'display_name',
  'name',
  'exact_name',
  'exact_display_name',
  'ids',
  'organization',
  'deprecated',
  'deleted',
  'author',
  'author_id',
  'has-ai-task',
  'has_external_agent',
  'agents-allowed',
])

/** What a search looks at. */
export interface SearchedTemplate {
  readonly row: TemplateRow
  readonly author: string
}

export interface TemplateFilter {
  readonly deleted: boolean
  readonly matches: (template: SearchedTemplate) => boolean
}

export interface TemplateSearchOptions {
  /** Who `me` stands for. */
  readonly caller: { readonly id: string; readonly username: string }
  /** The id of an organization by its id or name, if the caller may know of it. */
  readonly findOrganization: (reference: string) => string | undefined
}

/** Compiles a search. Absent `deprecated` hides deprecated ones. @throws {ApiError} 400 for what cannot be searched. */
export function parseTemplateSearch(query: string, options: TemplateSearchOptions): TemplateFilter {
  const terms = parseSearchQuery(query, 'display_name', KEYS)
  // Tasks and external agents do not exist here: asking for them matches nothing, excluding them matches all.
  const asksForAbsent = ['has-ai-task', 'has_external_agent']
    .map((key) => booleanTerm(terms, key))
    .includes(true)
  const agentsAllowed = booleanTerm(terms, 'agents-allowed')
  const deprecated = booleanTerm(terms, 'deprecated') ?? false
  const checks = [...nameChecks(terms), ...referenceChecks(terms, options)]
  return {
    deleted: booleanTerm(terms, 'deleted') ?? false,
    matches: (template) =>
      !asksForAbsent &&
      (template.row.deprecation_message !== '') === deprecated &&
      (agentsAllowed === undefined ||
        parseTemplateSettings(template.row.settings).agents_allowed === agentsAllowed) &&
      checks.every((check) => check(template)),
  }
}

type Check = (template: SearchedTemplate) => boolean

function nameChecks(terms: SearchTerms): Check[] {
  const looks: Readonly<Record<string, (held: TemplateRow, wanted: string) => boolean>> = {
    display_name: (row, part) => (row.display_name || row.name).toLowerCase().includes(part),
    name: (row, part) => row.name.toLowerCase().includes(part),
    exact_name: (row, name) => row.name.toLowerCase() === name,
    exact_display_name: (row, name) => row.display_name.toLowerCase() === name,
  }
  return Object.entries(looks).flatMap(([key, look]): Check[] => {
    const wanted = singleTerm(terms, key)
    return wanted === undefined ? [] : [({ row }) => look(row, wanted)]
  })
}

function requireUuid(key: string, value: string): void {
  if (!isUuid(value)) throw refuseTerm(key, `Query param "${key}" must be a valid uuid: "${value}"`)
}

function referenceChecks(terms: SearchTerms, { caller, findOrganization }: TemplateSearchOptions): Check[] {
  const checks: Check[] = []
  const ids = listTerm(terms, 'ids')
  const authorId = singleTerm(terms, 'author_id')
  for (const id of ids ?? []) requireUuid('ids', id)
  if (authorId !== undefined) requireUuid('author_id', authorId)
  if (ids) checks.push(({ row }) => ids.includes(row.id))
  if (authorId !== undefined) checks.push(({ row }) => row.created_by === authorId)
  const author = singleTerm(terms, 'author')
  if (author === 'me') checks.push(({ row }) => row.created_by === caller.id)
  else if (author !== undefined) checks.push((template) => template.author.toLowerCase() === author)
  const organization = singleTerm(terms, 'organization')
  if (organization !== undefined) {
    const id = findOrganization(organization)
    if (id === undefined) {
      throw refuseTerm(
        'organization',
        `Organization "${organization}" either does not exist, or you are unable to view it`,
      )
    }
    checks.push(({ row }) => row.organization_id === id)
  }
  return checks
}
