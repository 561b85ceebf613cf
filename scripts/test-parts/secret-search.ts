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

async function textFiles(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return []
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && TEXT.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
}

/** Searches the text files under some folders for seeded secrets. Finding no file at all is not a pass. */
export async function searchSecrets(folders: readonly string[]): Promise<Outcome> {
  const files = (await Promise.all(folders.map(textFiles))).flat()
  if (files.length === 0) return { ...NOTHING, skipped: 1 }
  const leaks: string[] = []
  for (const file of files) {
    if ((await readFile(file, 'utf8')).includes(SEEDED_SECRET)) leaks.push(`a seeded secret is in ${file}`)
  }
  return leaks.length === 0
    ? { ...NOTHING, passed: 1 }
    : { ...NOTHING, failed: leaks.length, failures: leaks }
}
