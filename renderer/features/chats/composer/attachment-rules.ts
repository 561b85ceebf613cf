import { formatBytes } from '../../../lib/bytes.ts'

/** What servers of Coder take (agents-api 8.1). */
export const maxFileBytes = 10 * 1024 * 1024
/** Some providers refuse images above 5 MiB with every turn, so they are made smaller before. */
export const maxImageBytes = 4 * 1024 * 1024
/** One chat has no more. */
export const maxAttachments = 50

const typesByEnding: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
  json: 'application/json',
  csv: 'text/csv',
  md: 'text/markdown',
  markdown: 'text/markdown',
}
const taken = new Set([...Object.values(typesByEnding), 'text/plain'])
const refusedEndings = new Set([
  'svg',
  'doc',
  'docx',
  'xls',
  'xlsx',
  'ppt',
  'pptx',
  'zip',
  'gz',
  'exe',
  'mp4',
  'mov',
])

/** What systems call source files; `video/mp2t` is their word for TypeScript. */
const textTypes =
  /^(text\/.*|video\/mp2t|application\/(.*\+)?(json|xml|yaml|x-yaml|toml|javascript|typescript|x-sh|x-httpd-php|sql))$/

/** For the file picker. */
export const acceptedFiles = [...taken, ...Object.keys(typesByEnding).map((ending) => `.${ending}`)].join(',')

/** The type to send a file as. The system knows few types of source files: all other text is plain text. */
export function attachmentType(name: string, type: string): string | undefined {
  const ending = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1).toLowerCase() : ''
  if (taken.has(type)) return type
  if (type === 'image/svg+xml' || refusedEndings.has(ending)) return undefined
  const known = typesByEnding[ending]
  if (known !== undefined) return known
  return type === '' || textTypes.test(type) ? 'text/plain' : undefined
}

/** Why a file cannot go along, as a sentence; undefined when it can. Images are made smaller before this is asked. */
export function attachmentProblem(file: {
  readonly name: string
  readonly type: string
  readonly size: number
}): string | undefined {
  if (attachmentType(file.name, file.type) === undefined) {
    return `${file.name} is of a kind that models cannot read. Attach an image (PNG, JPEG, GIF, WebP), a PDF or a text file.`
  }
  if (file.size === 0) return `${file.name} is empty.`
  if (file.size > maxFileBytes) {
    return `${file.name} has ${formatBytes(file.size)}; a file may have ${formatBytes(maxFileBytes)} at most. Attach a part of it.`
  }
  return undefined
}

/** A paste that is better a file: ten lines, or a thousand characters. */
export function isLongPaste(text: string): boolean {
  return text.length >= 1000 || text.split('\n', 10).length >= 10
}
