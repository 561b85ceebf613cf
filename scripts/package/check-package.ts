/** Looks at the finished app: contents of the archive, fuses, and what must not lie beside them. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { listPackage } from '@electron/asar'
import { findUnexpectedEntries } from './asar-contents.ts'
import { checkFuses } from './fuses.ts'
import { packagedLayout } from './unpacked-folder.ts'

/** Answers a sentence for each thing that is wrong with the app in `folder`. */
export async function checkPackage(folder: string, platform: NodeJS.Platform): Promise<readonly string[]> {
  const layout = packagedLayout(platform)
  const resources = path.join(folder, layout.resources)
  const archive = path.join(resources, 'app.asar')
  if (!existsSync(archive)) return [`There is no app.asar in ${resources}.`]
  const entries = listPackage(archive, { isPack: false })
  const missing = [
    'dist/main/index.js',
    'dist/preload/index.cjs',
    'dist/renderer/index.html',
    'dist/server-bridge/serve.js',
  ]
  return [
    ...findUnexpectedEntries(entries).map((entry) => `${entry} does not belong into the archive.`),
    ...missing
      .filter((name) => !entries.some((entry) => entry.replaceAll('\\', '/') === `/${name}`))
      .map((name) => `${name} is missing in the archive.`),
    ...(existsSync(path.join(resources, 'default_app.asar'))
      ? ['default_app.asar was left in the package.']
      : []),
    ...(await checkFuses(path.join(folder, layout.program))),
  ]
}
