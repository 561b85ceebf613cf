import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { z } from 'zod'
import type {
  editFilesAnswerSchema,
  editFilesRequestSchema,
  readBytesRequestSchema,
  readFileAnswerSchema,
  readFileRequestSchema,
  readTextAnswerSchema,
  readTextRequestSchema,
} from '../../contract/agent-tools.ts'
import { errorCode, toError } from '../../lib/to-error.ts'
import { readAtMost } from '../read-at-most.ts'
import { RouteError } from '../route-error.ts'
import type { WorkspaceSurroundings } from '../shell-command.ts'
import { editText } from './edit-text.ts'
import { resolveToolPath } from './tool-path.ts'
import { unifiedDiff } from './unified-diff.ts'

/** agents-api 11, "Limits". */
const MAX_FILE_BYTES = 1024 * 1024
const MAX_LINE_CHARS = 1024
const MAX_LINES = 2000
const MAX_ANSWER_CHARS = 32 * 1024

// Without O_NONBLOCK the open of a pipe would wait for somebody to write into it.
const READ_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW

/** A part of a text file, each line after its number. @throws {RouteError} 400 */
export async function readLines(
  surroundings: WorkspaceSurroundings,
  request: z.output<typeof readFileRequestSchema>,
): Promise<z.output<typeof readFileAnswerSchema>> {
  const path = await resolveToolPath(surroundings, request.path)
  const text = await readText(path, request.path)
  const lines = text === '' ? [] : text.replace(/\r?\n$/, '').split('\n')
  if (request.offset > Math.max(1, lines.length))
    throw new RouteError(
      400,
      `${request.path} has ${lines.length} lines: there is no line ${request.offset}.`,
    )
  const shown: string[] = []
  let chars = 0
  for (const line of lines.slice(
    request.offset - 1,
    request.offset - 1 + Math.min(request.limit, MAX_LINES),
  )) {
    const bare = line.replace(/\r$/, '')
    const cut = bare.length > MAX_LINE_CHARS ? `${bare.slice(0, MAX_LINE_CHARS)}… [line cut]` : bare
    const numbered = `${request.offset + shown.length}\t${cut}`
    if (chars + numbered.length > MAX_ANSWER_CHARS) break
    chars += numbered.length + 1
    shown.push(numbered)
  }
  return {
    content: shown.join('\n'),
    file_size: Buffer.byteLength(text),
    total_lines: lines.length,
    lines_read: shown.length,
  }
}

/** A text file as it is. @throws {RouteError} 400 */
export async function readTextFile(
  surroundings: WorkspaceSurroundings,
  request: z.output<typeof readTextRequestSchema>,
): Promise<z.output<typeof readTextAnswerSchema>> {
  const path = await resolveToolPath(surroundings, request.path)
  const content = await readText(path, request.path)
  const bytes = Buffer.byteLength(content)
  if (bytes > request.max_bytes)
    throw new RouteError(400, `${request.path} has ${bytes} bytes: there may be ${request.max_bytes}.`)
  return { content }
}

/** A file whole, whatever is in it. @throws {RouteError} 400 */
export async function readBytes(
  surroundings: WorkspaceSurroundings,
  { path, max_bytes: maxBytes }: z.output<typeof readBytesRequestSchema>,
): Promise<Buffer> {
  const target = await resolveToolPath(surroundings, path)
  return readWhole(target, path, maxBytes)
}

/** Writes a file whole, with the folders on its way. @throws {RouteError} 400 */
export async function writeText(
  surroundings: WorkspaceSurroundings,
  path: string,
  content: string,
): Promise<void> {
  const target = await resolveToolPath(surroundings, path)
  await explained(path, () => replaceFile(target, content))
}

/** Changes files, all of them or none. @throws {RouteError} 400 saying which edit does not fit. */
export async function editFiles(
  surroundings: WorkspaceSurroundings,
  { files }: z.output<typeof editFilesRequestSchema>,
): Promise<z.output<typeof editFilesAnswerSchema>> {
  const changed = new Map<string, { readonly path: string; readonly before: string; after: string }>()
  for (const { path, edits } of files) {
    const target = await resolveToolPath(surroundings, path)
    const known = changed.get(target) ?? { path, before: await readText(target, path), after: '' }
    let text = changed.has(target) ? known.after : known.before
    edits.forEach((edit, index) => {
      const edited = editText(text, edit)
      if (!edited.ok) throw new RouteError(400, `${path}, edit ${index + 1}: ${edited.reason}`)
      text = edited.text
    })
    changed.set(target, { ...known, after: text })
  }
  for (const [target, { path, after }] of changed) await explained(path, () => replaceFile(target, after))
  return {
    files: [...changed.values()].map(({ path, before, after }) => ({
      path,
      diff: unifiedDiff(path, before, after),
    })),
  }
}

/** The text of a file, up to 1 MiB; `path` is how the model named it. @throws {RouteError} 400 */
export async function readText(target: string, path: string): Promise<string> {
  const bytes = await readWhole(target, path, MAX_FILE_BYTES)
  if (bytes.includes(0)) throw new RouteError(400, `${path} is not a text file.`)
  return bytes.toString('utf8')
}

const readWhole = (target: string, path: string, maxBytes: number): Promise<Buffer> =>
  explained(path, async () => {
    const file = await open(target, READ_FLAGS)
    try {
      return await readBounded(file, path, maxBytes)
    } finally {
      await file.close()
    }
  })

async function readBounded(file: FileHandle, path: string, maxBytes: number): Promise<Buffer> {
  const { size, isFile } = await file.stat().then((found) => ({ size: found.size, isFile: found.isFile() }))
  if (!isFile) throw new RouteError(400, `${path} is not a regular file.`)
  const limit = `files of up to ${maxBytes / (1024 * 1024)} MiB can be read.`
  if (size > maxBytes) throw new RouteError(400, `${path} has ${size} bytes: ${limit}`)
  const bytes = await readAtMost(file, { size, maxBytes: maxBytes + 1 })
  // A log that grows faster than it is read would have no end.
  if (bytes.length > maxBytes) throw new RouteError(400, `${path} grows while it is read: ${limit}`)
  return bytes
}

/** By a second file beside it: whoever reads in between, and a crash, find the old content or the new one. */
async function replaceFile(target: string, content: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o700 })
  const before = await stat(target).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  })
  if (before && !before.isFile()) throw new Error('it is not a regular file')
  const beside = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID()}`)
  try {
    const file = await open(beside, 'wx', before ? before.mode & 0o777 : 0o666)
    try {
      await file.writeFile(content)
      // The umask, which is right for a new file, has no say in one that was there.
      if (before) await file.chmod(before.mode & 0o777)
    } finally {
      await file.close()
    }
    await rename(beside, target)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

/** Failures of the system, said in the words of the one who asked. */
export async function explained<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof RouteError) throw error
    const reasons: Readonly<Record<string, string>> = {
      ENOENT: 'does not exist.',
      EISDIR: 'is a folder.',
      ENOTDIR: 'lies below a file.',
      EACCES: 'cannot be opened: permission denied.',
      ELOOP: 'is a link that leads nowhere.',
      ENXIO: 'is not a regular file.',
    }
    const reason = reasons[errorCode(error) ?? '']
    throw new RouteError(
      400,
      reason === undefined ? `${path}: ${toError(error).message}` : `${path} ${reason}`,
    )
  }
}
