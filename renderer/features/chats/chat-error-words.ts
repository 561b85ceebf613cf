import type { ChatError } from '#bridge/contract/chats'
import { plainText } from '../../lib/plain-text.ts'

const titles: Readonly<Record<string, string>> = {
  overloaded: 'The service is overloaded',
  rate_limit: 'Rate limited',
  timeout: 'The request timed out',
  stream_silence_timeout: 'The answer stalled',
  startup_timeout: 'The answer stalled',
  auth: 'The key is refused',
  config: 'The model is not set up right',
  usage_limit: 'The usage limit is reached',
  missing_key: 'A key is missing',
  provider_disabled: 'The provider is switched off',
}

/** Why a chat stopped, as short as a row of a list. */
export function chatErrorWords(error: ChatError | undefined): string {
  if (error === undefined) return 'Stopped by an error'
  return titles[error.kind ?? ''] ?? plainText(error.message.replaceAll(/\s+/g, ' ').trim(), 120)
}
