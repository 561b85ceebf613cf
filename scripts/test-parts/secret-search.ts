import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { NOTHING, type Outcome } from './outcome.ts'

/**
 * Every secret that a test invents starts like this, so that one search over what the tests leave behind finds any
 * that got into a log, a report or a support bundle.
 */
export const SEEDED_SECRET = ['seeded', 'secret', ''].join('-')

const TEXT = new Set(['.log', '.txt', '.json', '.jsonl', '.ndjson', '.md'])

async function textFiles(folder: string, recursive: boolean): Promise<string[]> {
  if (!existsSync(folder)) return []
  const entries = await readdir(folder, { withFileTypes: true, recursive })
  return entries
    .filter((entry) => entry.isFile() && TEXT.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
}

/**
 * Searches the text files of some folders for seeded secrets, and the reports that lie directly in the cache (below it
 * are programs and caches of tools). Finding no file at all is not a pass.
 */
export async function searchSecrets(folders: readonly string[], cache: string): Promise<Outcome> {
  const lists = [textFiles(cache, false), ...folders.map((folder) => textFiles(folder, true))]
  const files = (await Promise.all(lists)).flat()
  if (files.length === 0) return { ...NOTHING, skipped: 1 }
  const leaks: string[] = []
  for (const file of files) {
    if ((await readFile(file, 'utf8')).includes(SEEDED_SECRET)) leaks.push(`a seeded secret is in ${file}`)
  }
  return leaks.length === 0
    ? { ...NOTHING, passed: 1 }
    : { ...NOTHING, failed: leaks.length, failures: leaks }
}
