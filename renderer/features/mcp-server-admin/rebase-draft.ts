/** Two administrators at one server: what the other changed, and this one's draft on top of it. */
import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import { isSame } from './draft-request.ts'
import { draftOf, type ServerDraft } from './server-draft.ts'

export interface TheirChange {
  readonly label: string
  /** In words; empty when it was taken away. */
  readonly value: string
  /** The draft says something else about the same. */
  readonly isContested: boolean
}

const labels: Readonly<Partial<Record<keyof ServerDraft, string>>> = {
  display_name: 'Name',
  slug: 'Slug',
  description: 'Description',
  icon_url: 'Icon',
  transport: 'Transport',
  url: 'Address',
  auth_type: 'Sign-in',
  oauth2_client_id: 'Client id',
  oauth2_auth_url: 'Authorization URL',
  oauth2_token_url: 'Token URL',
  oauth2_scopes: 'Scopes',
  api_key_header: 'Header of the key',
  user_keys: 'Headers of users',
  tool_allow_list: 'Allowed tools',
  tool_deny_list: 'Denied tools',
  availability: 'Availability',
  enabled: 'Switched on',
  model_intent: 'Model says its intent',
  allow_in_plan_mode: 'In plan mode',
  forward_coder_headers: 'Says who is asking',
}

/** The draft with what was not touched as they have it now. What was typed stays. */
export function rebaseDraft(base: MCPServerConfig, theirs: MCPServerConfig, draft: ServerDraft): ServerDraft {
  const [before, now] = [draftOf(base), draftOf(theirs)]
  const fields = Object.keys(before) as (keyof ServerDraft)[]
  const mine = fields.filter((field) => !isSameField(field, before, draft))
  return { ...now, ...Object.fromEntries(mine.map((field) => [field, draft[field]])) }
}

/** What differs between the server as the form found it and as it is now. */
export function theirChanges(
  base: MCPServerConfig,
  theirs: MCPServerConfig,
  draft: ServerDraft,
): TheirChange[] {
  const [before, now] = [draftOf(base), draftOf(theirs)]
  return (Object.entries(labels) as [keyof ServerDraft, string][])
    .filter(([field]) => !isSameField(field, before, now))
    .map(([field, label]) => ({
      label,
      value: inWords(now[field]),
      isContested: !isSameField(field, before, draft) && !isSameField(field, now, draft),
    }))
}

function isSameField(field: keyof ServerDraft, a: ServerDraft, b: ServerDraft): boolean {
  if (field === 'user_keys') return isSame(a.user_keys.map(keyOf), b.user_keys.map(keyOf))
  return isSame(a[field], b[field])
}

const keyOf = ({ name, description }: ServerDraft['user_keys'][number]) => [name, description]

function inWords(value: ServerDraft[keyof ServerDraft]): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  return value.map((item) => (typeof item === 'string' ? item : item.name)).join(', ')
}
