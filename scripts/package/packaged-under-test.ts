/**
 * Makes the packaged app drivable for the journeys, on a copy. The shipped app refuses the inspector by its fuse and by
 * its own check of the command line; Playwright needs it. The copy has that fuse on and a first file that takes
 * Playwright's switches out of argv before the app's own first file runs. Everything else is the shipped app.
 */
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createPackageWithOptions, extractAll } from '@electron/asar'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import type { ElectronRuntime } from '../electron-runtime/electron-runtime.ts'
import { packageApp } from '../package.ts'
import { packagedLayout } from './unpacked-folder.ts'

const FIRST_FILE = 'journey-entry.js'

/** Only what Playwright itself adds; any other switch reaches the app's own check. */
const FIRST_FILE_TEXT = `const added = ['--inspect=0', '--remote-debugging-port=0', '--no-sandbox']
process.argv = process.argv.filter((argument) => !added.includes(argument))
await import('./dist/main/index.js')
`

/** Packs the app, prepares the copy in `.cache` and answers its program. */
export async function preparePackagedApp(project: string, electron: ElectronRuntime): Promise<string> {
  const platform = process.platform as 'linux' | 'darwin' | 'win32'
  const { folder } = await packageApp({ electron, platform, targets: ['dir'], project })
  const copy = path.join(project, '.cache', 'packaged-under-test')
  await rm(copy, { recursive: true, force: true })
  await cp(folder, copy, { recursive: true, verbatimSymlinks: true })

  const layout = packagedLayout(platform)
  const archive = path.join(copy, layout.resources, 'app.asar')
  const work = await mkdtemp(path.join(project, '.cache', 'asar-'))
  try {
    extractAll(archive, work)
    const manifestFile = path.join(work, 'package.json')
    const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as Record<string, unknown>
    await writeFile(manifestFile, JSON.stringify({ ...manifest, main: FIRST_FILE }))
    await writeFile(path.join(work, FIRST_FILE), FIRST_FILE_TEXT)
    await createPackageWithOptions(work, `${archive}.new`, { unpack: '{*.node,spawn-helper}' })
    await rm(`${archive}.unpacked`, { recursive: true, force: true })
    await rename(`${archive}.new`, archive)
    await rename(`${archive}.new.unpacked`, `${archive}.unpacked`)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  const program = path.join(copy, layout.program)
  await flipFuses(program, {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // Only macOS and Windows check the archive, and this one was packed anew.
    [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: false,
  })
  return program
}
