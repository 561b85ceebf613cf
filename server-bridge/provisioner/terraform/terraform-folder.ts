import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ArchiveFiles } from '../archive.ts'

const stateFile = 'terraform.tfstate'
/** What a template must not bring along: another workspace's state, and programs in the place of providers. */
const leftOut = /^(?:\.terraform\/|terraform\.tfstate)/

/** The folder of one job: the template's files and the workspace's state, readable by this user alone. */
export interface TerraformFolder {
  readonly path: string
  /** What Terraform wrote; undefined when it never came to that. */
  readState(): Uint8Array | undefined
  remove(): void
}

/** Lays out a job in a new folder inside of `parent`, which is made when it is missing. */
export function createTerraformFolder(
  parent: string,
  files: ArchiveFiles,
  state?: Uint8Array,
): TerraformFolder {
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  const path = mkdtempSync(join(parent, 'job-'))
  chmodSync(path, 0o700)
  const remove = (): void => rmSync(path, { recursive: true, force: true, maxRetries: 3 })
  try {
    for (const [name, content] of files) {
      if (leftOut.test(name)) continue
      const file = join(path, name)
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      // A script beside the template may be run by it.
      writeFileSync(file, content, { mode: 0o700 })
    }
    if (state !== undefined) writeFileSync(join(path, stateFile), state, { mode: 0o600 })
  } catch (error) {
    remove()
    throw error
  }
  return {
    path,
    readState() {
      const file = join(path, stateFile)
      return existsSync(file) ? readFileSync(file) : undefined
    },
    remove,
  }
}
