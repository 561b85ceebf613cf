import { type ChatFileType, chatFileTypes } from '../../../contract/chats-files.ts'

/** What nothing more is known of. Agents may hand over such files; people cannot upload them. */
export const UNKNOWN_TYPE = 'application/octet-stream'

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean =>
  Buffer.from(bytes.subarray(at, at + text.length)).toString('latin1') === text

/** By what the formats say of themselves at their beginning. */
const SIGNATURES: readonly (readonly [ChatFileType, (bytes: Uint8Array) => boolean])[] = [
  ['image/png', (bytes) => startsWith(bytes, '\u0089PNG\r\n\u001A\n')],
  ['image/jpeg', (bytes) => startsWith(bytes, '\u00FF\u00D8\u00FF')],
  ['image/gif', (bytes) => startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a')],
  ['image/webp', (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8)],
  ['application/pdf', (bytes) => startsWith(bytes, '%PDF-')],
]
const BY_EXTENSION: readonly (readonly [RegExp, ChatFileType])[] = [
  [/\.(?:md|markdown)$/i, 'text/markdown'],
  [/\.csv$/i, 'text/csv'],
  [/\.json$/i, 'application/json'],
]

function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** A picture that can carry scripts. */
export function isSvg(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('utf8')
  return /^\uFEFF?\s*(?:<\?xml[^>]*\?>\s*|<!--[\s\S]*?-->\s*|<!doctype\s+svg[^>]*>\s*)*<svg[\s>]/i.test(head)
}

/** What the bytes themselves and the name tell; `UNKNOWN_TYPE` where they tell nothing. */
export function sniffType(bytes: Uint8Array, name: string): string {
  const signed = SIGNATURES.find(([, fits]) => fits(bytes))
  if (signed) return signed[0]
  if (!isText(bytes)) return UNKNOWN_TYPE
  return BY_EXTENSION.find(([pattern]) => pattern.test(name))?.[1] ?? 'text/plain'
}

/**
 * The type a file is kept with: what was declared has to be so, and a picture is what its bytes are (agents-api 8.1).
 *
 * @returns a sentence instead where the file cannot be taken.
 */
export function uploadedType(
  declared: string,
  bytes: Uint8Array,
  name: string,
): { readonly type: string } | { readonly refused: string } {
  const type = declared.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'image/svg+xml' || (type !== 'text/plain' && isSvg(bytes)))
    return { refused: 'SVG files are not accepted.' }
  const isOpen = type === '' || type === UNKNOWN_TYPE
  if (!isOpen && !chatFileTypes.some((known) => known === type))
    return { refused: `Files of type ${JSON.stringify(type)} are not accepted.` }
  return fittingType(isOpen ? '' : type, sniffType(bytes, name))
}

/** `declared` is empty where nothing was. */
function fittingType(
  declared: string,
  found: string,
): { readonly type: string } | { readonly refused: string } {
  if (found === UNKNOWN_TYPE) return { refused: 'The file is neither text nor a picture nor a PDF.' }
  if (declared === '') return { type: found }
  if (family(declared) !== family(found)) return { refused: `The file is not of type ${declared}.` }
  // The most general word for text is made precise by the name; a picture is what its bytes are.
  return { type: declared === 'text/plain' || isBinary(declared) ? found : declared }
}

export const isImage = (type: string): boolean => type.startsWith('image/')
const isBinary = (type: string): boolean => isImage(type) || type === 'application/pdf'
const family = (type: string): string => (isImage(type) ? 'image' : isBinary(type) ? type : 'text')
/** Of those that can be read as characters. */
export const isTextType = (type: string): boolean => type.startsWith('text/') || type === 'application/json'
