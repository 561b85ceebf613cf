import type { FilePart } from './chat-files.ts'
import type { StoredMessage, StoredPart } from './stored-parts.ts'

type ResultPart = Extract<StoredPart, { type: 'tool-result' }>

/** The picture that a tool answered, as a file of the chat. */
export function pictureOf(part: StoredPart): FilePart | undefined {
  if (part.type !== 'tool-result' || part.is_media !== true || part.is_error === true) return undefined
  const { result } = part
  if (typeof result !== 'object' || result === null) return undefined
  const { attachment_file_id: id, attachment_name: name, mime_type: type } = result as Record<string, unknown>
  if (typeof id !== 'string' || typeof type !== 'string') return undefined
  return { type: 'file', file_id: id, media_type: type, ...(typeof name === 'string' ? { name } : {}) }
}

/** Always given to the model. */
const KEPT = 5
/** So many are left out at once: with each of them the provider has to read anew what comes after it. */
const LEFT_OUT_AT_ONCE = 5

/**
 * The pictures of screens that a model is still given, by the results they belong to, oldest first: the newest few. What a
 * screen looked like long ago tells little, and costs as much as it did then.
 */
export function newestPictures(history: readonly StoredMessage[]): ReadonlyMap<ResultPart, FilePart> {
  const all = new Map<ResultPart, FilePart>()
  for (const { role, parts } of history) {
    if (role !== 'tool') continue
    for (const part of parts) {
      const picture = pictureOf(part)
      if (picture !== undefined) all.set(part as ResultPart, picture)
    }
  }
  const tooMany = Math.max(0, all.size - KEPT)
  const leftOut = tooMany - (tooMany % LEFT_OUT_AT_ONCE)
  return new Map([...all].slice(leftOut))
}
