/**
 * The private folder of one run of the command line, which reads its token from there and from nowhere else: neither
 * arguments nor an environment, which others on the machine could read.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface RunFolder {
  /** For `--global-config`. */
  readonly config: string
  /** For `--network-info-dir`. */
  readonly networkInfo: string
  remove(): Promise<void>
}

export async function createRunFolder(
  parent: string,
  session: { readonly url: string; readonly token: string },
): Promise<RunFolder> {
  const config = join(parent, `run-${String(process.pid)}-${randomUUID()}`)
  const networkInfo = join(config, 'network')
  await mkdir(networkInfo, { recursive: true, mode: 0o700 })
  await writeFile(join(config, 'url'), session.url, { mode: 0o600 })
  await writeFile(join(config, 'session'), session.token, { mode: 0o600 })
  return { config, networkInfo, remove: () => rm(config, { recursive: true, force: true }) }
}

/** Removes those of processes that were killed. */
export async function removeLeftRunFolders(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => [])
  for (const name of names) {
    const pid = Number(/^run-(\d+)-/.exec(name)?.[1])
    if (Number.isInteger(pid) && !isAlive(pid)) await rm(join(parent, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM'
  }
}
