import type { ChatInputPart } from '../../../contract/chats-messages.ts'
import { badRequest } from '../../api-error.ts'
import type { FilePart } from './chat-files.ts'
import type { StoredPart } from './stored-parts.ts'

/** A file the person may attach. */
export type FindOwnFile = (fileId: string) => FilePart | undefined

/** What a person sent, as it is stored. @throws {ApiError} 400 */
export function readInput(content: readonly ChatInputPart[], findFile: FindOwnFile): StoredPart[] {
  if (content.length === 0) throw badRequest('content has to have at least one part.')
  return content.map((part, index) => readPart(part, `content[${index}]`, findFile))
}

function readPart(part: ChatInputPart, at: string, findFile: FindOwnFile): StoredPart {
  switch (part.type) {
    case 'text':
      if ((part.text ?? '').trim() === '') throw badRequest(`${at}.text must not be blank.`)
      return { type: 'text', text: part.text ?? '' }
    case 'file': {
      const file = findFile(part.file_id ?? '')
      if (!file) throw badRequest(`${at}.file_id names a file that does not exist. Attach it again.`)
      return file
    }
    case 'file-reference': {
      const { file_name: name, start_line: start = 0, end_line: end = 0, content } = part
      if (!name || content === undefined) throw badRequest(`${at} needs file_name and content.`)
      if (start < 0 || end < start) throw badRequest(`${at} needs start_line up to end_line.`)
      return { type: 'file-reference', file_name: name, start_line: start, end_line: end, content }
    }
  }
}

const TITLE_WORDS = 6
const TITLE_RUNES = 80

/** The title a chat has from its first moment. */
export function firstTitle(parts: readonly StoredPart[]): string {
  const text = textOf(parts)
  const words = text.split(/\s+/).filter(Boolean).slice(0, TITLE_WORDS).join(' ')
  return [...words].slice(0, TITLE_RUNES).join('') || 'New Chat'
}

/** All that somebody wrote, without what was attached. */
export function textOf(parts: readonly StoredPart[]): string {
  return parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
}

const MAX_LABELS = 50

/** @throws {ApiError} 400 */
export function checkLabels(labels: Readonly<Record<string, string>>): void {
  const entries = Object.entries(labels)
  if (entries.length > MAX_LABELS) throw badRequest(`A chat has at most ${MAX_LABELS} labels.`)
  for (const [key, value] of entries) {
    if (key.length > 64 || !/^[a-zA-Z0-9][a-zA-Z0-9._/-]*$/.test(key))
      throw badRequest(`The label key ${JSON.stringify(key)} is not valid.`)
    if (value.length === 0 || value.length > 256)
      throw badRequest(`The value of the label ${JSON.stringify(key)} has to have 1 to 256 characters.`)
  }
}
