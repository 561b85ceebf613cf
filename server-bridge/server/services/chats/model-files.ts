import type { ChatFileRow, ChatFiles, FilePart } from './chat-files.ts'
import { isTextType } from './file-type.ts'

/** A file as a model is given it: its bytes where it can look at them, else words. */
export type ModelFile =
  | { readonly kind: 'bytes'; readonly mediaType: string; readonly name: string; readonly bytes: Uint8Array }
  | { readonly kind: 'text'; readonly text: string }

/** Reads the files of one request, which are told in the order they were sent. */
export type ReadModelFiles = (parts: readonly FilePart[]) => ReadonlyMap<FilePart, ModelFile>

const MIB = 1024 * 1024
/** In base64 it has to stay below the 32 MB of a whole request that providers take. */
const MAX_TOTAL_MIB = 20
/** What of a text file a model is told: more would leave no room for anything else. */
const MAX_TEXT_BYTES = 128 * 1024

/**
 * The newest files as far as there is room: others are named, so that the conversation still makes sense, and so is one that
 * was purged. Of what is not given nothing is read.
 */
export function createModelFiles(files: Pick<ChatFiles, 'find' | 'bytes' | 'sizeOf'>): ReadModelFiles {
  return (parts) => {
    let room = MAX_TOTAL_MIB * MIB
    const given = new Map<FilePart, ModelFile>()
    for (const part of parts.toReversed()) {
      const name = part.name ?? 'file'
      const row = files.find(part.file_id)
      if (!row) given.set(part, aside(name, 'is no longer kept'))
      else if (!isShown(row))
        given.set(part, aside(name, `${ofType(row)} is attached; it cannot be shown here`))
      else {
        const size = files.sizeOf(row.id)
        const taken = isTextType(row.media_type) ? Math.min(size, MAX_TEXT_BYTES) : size
        const fits = taken <= room
        if (fits) room -= taken
        given.set(
          part,
          fits ? readFile(files, { row, name, size }) : aside(name, `${ofType(row)} ${NO_ROOM}`),
        )
      }
    }
    return given
  }
}

const NO_ROOM = `is left out: newer files take the ${MAX_TOTAL_MIB} MiB that there is room for`
const ofType = ({ media_type: type }: ChatFileRow): string => `of type ${type}`
const aside = (name: string, what: string): ModelFile => ({
  kind: 'text',
  text: `[The file ${JSON.stringify(name)} ${what}.]`,
})

/** Pictures and documents; they are all there of, or nothing. */
const isWhole = (type: string): boolean => type.startsWith('image/') || type === 'application/pdf'
const isShown = ({ media_type: type }: ChatFileRow): boolean => isWhole(type) || isTextType(type)

function readFile(
  files: Pick<ChatFiles, 'bytes'>,
  { row, name, size }: { readonly row: ChatFileRow; readonly name: string; readonly size: number },
): ModelFile {
  const { media_type: mediaType } = row
  const bytes = files.bytes(row.id, isWhole(mediaType) ? size : MAX_TEXT_BYTES)
  if (!bytes) return aside(name, 'is no longer kept')
  if (isWhole(mediaType)) return { kind: 'bytes', mediaType, name, bytes }
  const left = size - bytes.byteLength
  // What is cut in the middle of a character is without that one.
  const text = new TextDecoder().decode(bytes, { stream: left > 0 })
  const shown = left > 0 ? `${text}\n[${left} more bytes of the file are left out]` : text
  return { kind: 'text', text: `<attached-file name=${JSON.stringify(name)}>\n${shown}\n</attached-file>` }
}
