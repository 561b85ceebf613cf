import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Check } from './check.ts'

const packageSchema = z.object({ version: z.string() })

/** The version in package.json. */
export async function readVersion(repository: string): Promise<string> {
  return packageSchema.parse(JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'))).version
}

/** Whether the change log has a section for a version. */
export function hasSection(changelog: string, version: string): boolean {
  return changelog.split('\n').some((line) => line.startsWith(`## ${version} `) || line === `## ${version}`)
}

/** Each version is described. */
export const changelog: Check = {
  name: 'change log',
  find: async (repository) => {
    const version = await readVersion(repository)
    const text = await readFile(join(repository, 'CHANGELOG.md'), 'utf8')
    return hasSection(text, version) ? [] : [`CHANGELOG.md has no section "## ${version}"`]
  },
}
