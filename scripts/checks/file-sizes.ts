import type { Check } from './check.ts'
import { readFiles, type SourceFile } from './source-files.ts'

const SOURCE = /\.(tsx?|js|css)$/
const TEST = /\.(test|contract|conformance|soak|spec)\.tsx?$|^(e2e|server-bridge\/testing)\//
/** Tables and fixtures: long because there is much of the same, not because they do much. */
const EXEMPT = /\/fixtures\/|\.generated\.|^server-bridge\/contract\/|^scripts\/layers\/bad-imports\.ts$/

const WARN_LINES = 300
const MAX_LINES = 500

function sizes(files: readonly SourceFile[]): { path: string; lines: number }[] {
  return files
    .filter(({ path }) => !EXEMPT.test(path))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
}

/** Finds files that have grown past what one can hold in mind. */
export function findLongFiles(files: readonly SourceFile[]): string[] {
  return sizes(files)
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => `${path} has ${lines} lines (at most ${MAX_LINES}): split it by what it does`)
}

/** Finds files on the way there. */
export function findGrowingFiles(files: readonly SourceFile[]): string[] {
  return sizes(files)
    .filter(({ path, lines }) => !TEST.test(path) && lines > WARN_LINES && lines <= MAX_LINES)
    .map(({ path, lines }) => `${path} has ${lines} lines: think of splitting it`)
}

/** Files stay small. */
export const fileSizes: Check = {
  name: 'file sizes',
  find: async (repository) => findLongFiles(await readFiles(repository, SOURCE)),
  warn: async (repository) => findGrowingFiles(await readFiles(repository, SOURCE)),
}
