import type { ChatError } from '#bridge/contract/chats'
import { plainText } from '../../lib/plain-text.ts'
import { knownCallout } from './transcript/callout-words.ts'

/** Why a chat stopped, as short as a row of a list: as its transcript says it, or in the words of a newer server. */
export function chatErrorWords(error: ChatError | undefined): string {
  if (error === undefined) return 'Stopped by an error'
  return knownCallout(error.kind)?.title ?? plainText(error.message.replaceAll(/\s+/g, ' ').trim(), 120)
}
