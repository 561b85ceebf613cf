import { readdir } from 'node:fs/promises'
import type { Check } from './check.ts'

const ALLOWED = new Set([
  '.gitattributes',
  '.gitignore',
  '.npmrc',
  '.prettierignore',
  '.prettierrc.json',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
  'README.md',
  'electron-builder.yml',
  'eslint.config.js',
  'package-lock.json',
  'package.json',
  'tsconfig.json',
])

/** Finds files at the root that could lie deeper. */
export function findSpareRootFiles(names: readonly string[]): string[] {
  return names
    .filter((name) => !ALLOWED.has(name))
    .map((name) => `${name} lies at the root: configuration of tools goes to scripts/, text to docs/`)
}

/** The root stays a table of contents. */
export const rootFiles: Check = {
  name: 'root files',
  find: async (repository) => {
    const entries = await readdir(repository, { withFileTypes: true })
    // Logs and caches that git ignores may lie here.
    return findSpareRootFiles(
      entries
        .filter((entry) => entry.isFile() && !/\.(log|tsbuildinfo)$/.test(entry.name))
        .map(({ name }) => name),
    )
  },
}
