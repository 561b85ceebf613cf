/** What a save takes away from others, said before it happens. */
import { isSameKeySet } from '#bridge/contract/mcp-server-rules'
import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import type { ServerDraft } from './server-draft.ts'

export interface SaveEffects {
  /** The title of a question. */
  readonly title: string
  /** Sentences, the gravest first. */
  readonly sentences: readonly string[]
  readonly confirmLabel: string
}

/** @param userCount null where the deployment does not tell how many users have values. */
export function valuesInWords(userCount: number | null): string {
  if (userCount === null) return 'every user’s values'
  return userCount === 1 ? 'the values of 1 user' : `the values of ${userCount.toLocaleString('en')} users`
}

/** What is lost when the draft is saved; undefined when nothing is. */
export function saveEffects(
  config: MCPServerConfig,
  draft: ServerDraft,
  userCount: number | null,
): SaveEffects | undefined {
  const had = config.custom_headers_user_keys
  const isOtherType = draft.auth_type !== config.auth_type
  const keys = draft.auth_type === 'custom_headers' ? draft.user_keys.map(({ name }) => name.trim()) : []
  const clearsValues = had.length > 0 && userCount !== 0 && !isSameKeySet(had, keys)
  const cleared = `This clears ${valuesInWords(userCount)}.`
  if (isOtherType) {
    const sentences = [
      ...(clearsValues ? [cleared] : []),
      ...(config.auth_type === 'oauth2' ? ['Everybody who has signed in to it is signed out.'] : []),
      ...(hasSecrets(config) ? ['What is stored for the sign-in it has now is removed.'] : []),
    ]
    if (sentences.length === 0) return undefined
    return { title: 'Change how it signs in?', sentences, confirmLabel: 'Save and remove' }
  }
  if (!clearsValues) return undefined
  return {
    title: `Clear ${valuesInWords(userCount)}?`,
    sentences: [cleared, 'The set of their headers changes, so each of them has to type the values again.'],
    confirmLabel: 'Save and clear',
  }
}

/** What goes with a server that is deleted. */
export function deleteEffects(config: MCPServerConfig, userCount: number | null): string {
  const chats = 'Chats go on without its tools.'
  if (config.auth_type === 'oauth2') return `${chats} The sign-ins of its users go with it.`
  if (config.custom_headers_user_keys.length === 0 || userCount === 0) return chats
  return `${chats} This deletes ${valuesInWords(userCount)} with it.`
}

const hasSecrets = (config: MCPServerConfig): boolean =>
  config.has_api_key || config.has_custom_headers || config.has_oauth2_secret
