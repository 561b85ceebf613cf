import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Check } from './check.ts'
import { releaseNotes } from './release-notes.ts'

const packageSchema = z.object({ version: z.string() })

/** The version in package.json. */
export async function readVersion(repository: string): Promise<string> {
  return packageSchema.parse(JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'))).version
}

/** Each version is described. */
export const changelog: Check = {
  name: 'change log',
  find: async (repository) => {
    const version = await readVersion(repository)
    const text = await readFile(join(repository, 'CHANGELOG.md'), 'utf8')
    return releaseNotes(text, version) ? [] : [`CHANGELOG.md says nothing under "## ${version}"`]
  },
}
