import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Check } from './check.ts'
import { readFiles, type SourceFile } from './source-files.ts'

const FOLDERS = ['server-bridge', 'preload', 'main', 'renderer', 'e2e', 'scripts', 'bench', 'docs']
const MAX_LINES = 40

/** Finds top-level folders without a short README. */
export function findReadmeFaults(folders: readonly string[], files: readonly SourceFile[]): string[] {
  return folders.flatMap((folder) => {
    const readme = files.find(({ path }) => path === `${folder}/README.md`)
    if (readme === undefined)
      return [`${folder}/README.md is missing: what lives here, what it may import, how to add one`]
    const lines = readme.text.trimEnd().split('\n').length
    return lines > MAX_LINES ? [`${readme.path} has ${lines} lines (at most ${MAX_LINES})`] : []
  })
}

/** Every top-level folder explains itself on one screen. */
export const folderReadmes: Check = {
  name: 'folder READMEs',
  find: async (repository) =>
    findReadmeFaults(
      FOLDERS.filter((folder) => existsSync(join(repository, folder))),
      await readFiles(repository, /^[^/]+\/README\.md$/),
    ),
}
