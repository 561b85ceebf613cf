import { constants } from 'node:fs'
import { lstat, open, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode } from '../../lib/to-error.ts'
import { readAtMost } from '../read-at-most.ts'

export interface NewFileDiff {
  readonly text: string
  /** Lines; 0 for what is not text, or not shown. */
  readonly additions: number
}

// Without O_NONBLOCK the open of a pipe would wait for somebody to write into it.
const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW
/** Where git looks for a NUL to tell what is not text. */
const SNIFFED_BYTES = 8000

/**
 * A file that git does not track yet, as `git diff` would show it once it did. One that is larger than `maxBytes`, or not
 * text, is only named. `undefined`: it is gone, or is nothing that git keeps.
 */
export async function newFileDiff(
  root: string,
  path: string,
  maxBytes: number,
): Promise<NewFileDiff | undefined> {
  try {
    const stat = await lstat(join(root, path))
    if (stat.isSymbolicLink()) return formatNew(path, '120000', Buffer.from(await readlink(join(root, path))))
    if (!stat.isFile()) return undefined
    const mode = (stat.mode & 0o100) === 0 ? '100644' : '100755'
    if (stat.size > maxBytes) return { text: header(path, mode), additions: 0 }
    return formatNew(path, mode, await readFound(join(root, path), { size: stat.size, maxBytes }))
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENXIO'].includes(errorCode(error) ?? '')) return undefined
    throw error
  }
}

/** It may have grown since it was measured. */
async function readFound(
  path: string,
  bounds: { readonly size: number; readonly maxBytes: number },
): Promise<Buffer> {
  const file = await open(path, READ_FLAGS)
  try {
    return await readAtMost(file, bounds)
  } finally {
    await file.close()
  }
}

function formatNew(path: string, mode: string, content: Buffer): NewFileDiff {
  const head = header(path, mode)
  if (content.length === 0) return { text: head, additions: 0 }
  const quoted = quotePath(`b/${path}`)
  if (content.subarray(0, SNIFFED_BYTES).includes(0))
    return { text: `${head}Binary files /dev/null and ${quoted} differ\n`, additions: 0 }
  const text = content.toString('utf8')
  const isEnded = text.endsWith('\n')
  const lines = (isEnded ? text.slice(0, -1) : text).split('\n')
  const range = lines.length === 1 ? '+1' : `+1,${lines.length}`
  const end = isEnded ? '' : '\\ No newline at end of file\n'
  const body = lines.map((line) => `+${line}\n`).join('')
  return {
    text: `${head}--- /dev/null\n+++ ${quoted}\n@@ -0,0 ${range} @@\n${body}${end}`,
    additions: lines.length,
  }
}

const header = (path: string, mode: string): string => `${nameLine(path)}new file mode ${mode}\n`

/** The line a file's part of a diff begins with. */
export const nameLine = (path: string): string =>
  `diff --git ${quotePath(`a/${path}`)} ${quotePath(`b/${path}`)}\n`

const ESCAPES: Readonly<Record<string, string>> = {
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '"': '\\"',
  '\\': '\\\\',
}

/** As git does it when `core.quotePath` is off. */
function quotePath(path: string): string {
  if (!/["\\\p{Cc}]/u.test(path)) return path
  const escaped = path.replaceAll(
    /["\\\p{Cc}]/gu,
    (char) => ESCAPES[char] ?? `\\${(char.codePointAt(0) ?? 0).toString(8).padStart(3, '0')}`,
  )
  return `"${escaped}"`
}
