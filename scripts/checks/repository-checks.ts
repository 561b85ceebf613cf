import { changelog } from './changelog.ts'
import type { Check } from './check.ts'
import { documentLinks } from './document-links.ts'
import { electronVersion } from './electron-version.ts'
import { fileNames } from './file-names.ts'
import { fileSizes } from './file-sizes.ts'
import { folderReadmes } from './folder-readmes.ts'
import { installScripts } from './install-scripts.ts'
import { licences } from './licences.ts'
import { lintSwitches } from './lint-switches.ts'
import { lockFileSources } from './lock-file-sources.ts'
import { machineTraces } from './machine-traces.ts'
import { rootFiles } from './root-files.ts'
import { styleColours } from './style-colours.ts'

/** What `npm run check` asks of the repository itself. To add one: a file with a Check, a test, and a line here. */
export const REPOSITORY_CHECKS: readonly Check[] = [
  lockFileSources,
  installScripts,
  licences,
  electronVersion,
  fileSizes,
  fileNames,
  lintSwitches,
  styleColours,
  rootFiles,
  folderReadmes,
  documentLinks,
  changelog,
  machineTraces,
]
