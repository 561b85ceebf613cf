import { accessSync, constants, statSync } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { z } from 'zod'
import { TemplateError } from '../template-error.ts'
import { captureOutput, type ProcessSurroundings } from './run-process.ts'

export interface TerraformBinary {
  readonly path: string
  readonly name: 'terraform' | 'tofu'
  /** As it says itself, such as `1.11.4`. */
  readonly version: string
}

/** The JSON form of `init` came with 1.9, but plans and states in JSON are the same since here. */
const oldestVersion: Readonly<Record<TerraformBinary['name'], readonly [number, number]>> = {
  terraform: [1, 3],
  tofu: [1, 6],
}

const versionSchema = z.object({ terraform_version: z.string() })

/** Where `terraform`, else `tofu`, is on a search path; undefined without either. Only absolute folders count. */
export function findTerraformPath(
  searchPath: string | undefined,
): Pick<TerraformBinary, 'path' | 'name'> | undefined {
  const folders = (searchPath ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  for (const name of ['terraform', 'tofu'] as const) {
    const file = process.platform === 'win32' ? `${name}.exe` : name
    const path = folders.map((folder) => join(folder, file)).find(isExecutable)
    if (path !== undefined) return { path, name }
  }
  return undefined
}

/** Asks the program what it is. @throws {TemplateError} for one that is too old or does not answer. */
export async function checkVersion(
  { path, name }: Pick<TerraformBinary, 'path' | 'name'>,
  surroundings: ProcessSurroundings,
): Promise<TerraformBinary> {
  const output = await captureOutput(path, ['version', '-json'], surroundings)
  const version = parseVersion(output)
  const [major, minor] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = oldestVersion[name]
  const isOldEnough =
    major !== undefined &&
    minor !== undefined &&
    (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor))
  if (!isOldEnough) {
    throw new TemplateError(
      `The ${name} on this machine is version ${version}; at least ${oldestMajor}.${oldestMinor} is needed. Install a newer one.`,
    )
  }
  return { path, name, version }
}

function parseVersion(output: string): string {
  try {
    return versionSchema.parse(JSON.parse(output)).terraform_version
  } catch {
    throw new TemplateError('The terraform on this machine does not say its version. Install it again.')
  }
}

function isExecutable(path: string): boolean {
  // A search path may well name folders of somebody else, or a link to itself: whatever cannot be read is not there.
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
