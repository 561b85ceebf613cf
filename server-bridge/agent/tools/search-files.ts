import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import type { searchFilesAnswerSchema, searchFilesRequestSchema } from '../../contract/agent-tools.ts'
import { RouteError } from '../route-error.ts'
import type { WorkspaceSurroundings } from '../shell-command.ts'
import { isNamedLike } from './name-pattern.ts'
import { explained, readText } from './tool-files.ts'
import { resolveToolPath } from './tool-path.ts'

type Request = z.output<typeof searchFilesRequestSchema>
type Answer = z.output<typeof searchFilesAnswerSchema>

/** Others wait for the agent meanwhile, and the model for the answer. */
const MAX_MS = 10_000
const MAX_ENTRIES = 100_000
const MAX_ANSWER_CHARS = 32 * 1024
const MAX_LINE_CHARS = 400
/** What tools keep for themselves, which is never what is searched for. */
const SKIPPED: ReadonlySet<string> = new Set(['.git', 'node_modules'])

/** Finds files by their names, and lines of text files by what they hold. Links are not followed. @throws {RouteError} 400 */
export async function searchFiles(
  surroundings: WorkspaceSurroundings,
  request: Request,
  now: () => number,
): Promise<Answer> {
  if (request.query === '' && request.name === '')
    throw new RouteError(400, 'Nothing is asked for: give a query, a name, or both.')
  const root = await resolveToolPath(surroundings, request.path)
  const found: Answer = { matches: [], files_searched: 0, truncated: false }
  const end = now() + MAX_MS
  let chars = 0
  let entries = 0
  for await (const file of filesBelow(root, request.path)) {
    entries += 1
    if (now() > end || entries > MAX_ENTRIES) return { ...found, truncated: true }
    if (!file.isFile || !isNamedLike(file.name, request.name)) continue
    found.files_searched += 1
    const hits = request.query === '' ? [{ path: file.shown }] : await linesOf(file, request)
    for (const hit of hits) {
      chars += JSON.stringify(hit).length
      if (found.matches.length === request.limit || chars > MAX_ANSWER_CHARS)
        return { ...found, truncated: true }
      found.matches.push(hit)
    }
  }
  return found
}

interface Found {
  readonly path: string
  /** As the tools for files take it. */
  readonly shown: string
  readonly name: string
  readonly isFile: boolean
}

async function* filesBelow(root: string, shown: string): AsyncGenerator<Found> {
  const folders = [{ path: root, shown }]
  for (let folder = folders.shift(); folder !== undefined; folder = folders.shift()) {
    const { path, shown: at } = folder
    const entries =
      path === root
        ? await explained(shown, () => readdir(path, { withFileTypes: true }))
        : // One that is gone by now, or closed to us, hides nothing else.
          await readdir(path, { withFileTypes: true }).catch(() => [])
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const below = { path: join(path, entry.name), shown: join(at, entry.name) }
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) folders.push(below)
      yield { ...below, name: entry.name, isFile: entry.isFile() }
    }
  }
}

async function linesOf(file: Found, { query, case_sensitive: isExact }: Request): Promise<Answer['matches']> {
  const wanted = isExact ? query : query.toLowerCase()
  // Too large, no text, or gone by now: then it is not among what can be read either.
  const text = await readText(file.path, file.shown).catch((error: unknown) => {
    if (error instanceof RouteError) return ''
    throw error
  })
  return text.split('\n').flatMap((line, index) => {
    const at = (isExact ? line : line.toLowerCase()).indexOf(wanted)
    if (at < 0) return []
    const start = Math.max(0, at - MAX_LINE_CHARS / 4)
    return [{ path: file.shown, line: index + 1, text: line.slice(start, start + MAX_LINE_CHARS).trimEnd() }]
  })
}
