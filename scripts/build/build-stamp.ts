/** Remembers from what a part was built, so that a second start builds nothing. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type BuildPlace, PART_INPUTS, type PartName } from './parts.ts'

/** Every part depends on these: the lockfile stands for node_modules, the scripts for how a part is made. */
const COMMON_INPUTS = [
  'package.json',
  'package-lock.json',
  'scripts/build.ts',
  'scripts/build',
  'main/shell/assets',
]

interface Stamp {
  readonly inputs: string
  readonly outputs: readonly string[]
}

/** One value that changes when anything changes that goes into a part. */
export async function hashInputs(part: PartName, place: BuildPlace): Promise<string> {
  const hash = createHash('sha256').update(place.dev ? 'dev' : 'production')
  for (const input of [...PART_INPUTS[part], ...COMMON_INPUTS]) {
    for (const file of await listFiles(path.join(place.project, input))) {
      hash
        .update(path.relative(place.project, file))
        .update('\0')
        .update(await readFile(file))
        .update('\0')
    }
  }
  return hash.digest('hex')
}

/** Whether the part on disk was built from these inputs and none of its files was removed since. */
export async function isUpToDate(part: PartName, place: BuildPlace, inputs: string): Promise<boolean> {
  const file = stampFile(part, place)
  if (!existsSync(file)) return false
  const stamp = JSON.parse(await readFile(file, 'utf8')) as Stamp
  const outFolder = path.join(place.outFolder, part)
  return stamp.inputs === inputs && stamp.outputs.every((output) => existsSync(path.join(outFolder, output)))
}

/** Writes down from what the part was built; called after the checks, so a part that failed them is built again. */
export async function writeStamp(part: PartName, place: BuildPlace, inputs: string): Promise<void> {
  const outFolder = path.join(place.outFolder, part)
  const outputs = (await listFiles(outFolder)).map((file) => path.relative(outFolder, file))
  const stamp: Stamp = { inputs, outputs }
  await mkdir(path.dirname(stampFile(part, place)), { recursive: true })
  await writeFile(stampFile(part, place), JSON.stringify(stamp))
}

/** Beside the outputs' folder, so that two checkouts or two output folders never share a stamp. */
function stampFile(part: PartName, place: BuildPlace): string {
  return path.join(place.project, '.cache', 'build', path.basename(place.outFolder), `${part}.json`)
}

/** The files below a folder or the file itself, sorted; tests go into no part. */
async function listFiles(input: string): Promise<readonly string[]> {
  if (!existsSync(input)) return []
  if ((await stat(input)).isFile()) return [input]
  const entries = await readdir(input, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
}
