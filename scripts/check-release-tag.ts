/** `tsx scripts/check-release-tag.ts TAG NOTES`: the tag names the version; its change log section goes to NOTES. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readVersion } from './checks/changelog.ts'
import { findTagFault, releaseNotes } from './checks/release-notes.ts'
import { ScriptFailure, runScript } from './script-failure.ts'
import { REPOSITORY } from './test-parts/tools.ts'

await runScript(async () => {
  const [tag, notesFile] = process.argv.slice(2)
  if (tag === undefined || notesFile === undefined)
    throw new ScriptFailure('Usage: tsx scripts/check-release-tag.ts TAG NOTES-FILE')
  const version = await readVersion(REPOSITORY)
  const changelog = await readFile(join(REPOSITORY, 'CHANGELOG.md'), 'utf8')
  const fault = findTagFault(tag, version, changelog)
  if (fault !== undefined) throw new ScriptFailure(fault)
  await writeFile(notesFile, `${releaseNotes(changelog, version) ?? ''}\n`)
  console.log(`${tag} is ready to be released.`)
  return 0
})
