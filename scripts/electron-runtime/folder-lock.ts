/** Keeps two runs from preparing the same runtime at once; a lock whose owner is gone is taken over. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

const POLL_MS = 250

/** What the lock needs from the world; replaced in tests. */
export interface LockDeps {
  readonly pid: number
  isAlive(pid: number): boolean
  wait(): Promise<unknown>
  onWaiting(ownerPid: number): void
}

const realDeps: LockDeps = {
  pid: process.pid,
  isAlive(pid) {
    try {
      process.kill(pid, 0)
      return true
    } catch (error) {
      // EPERM means the process exists and belongs to someone else.
      return (error as NodeJS.ErrnoException).code === 'EPERM'
    }
  },
  wait: async () => delay(POLL_MS),
  onWaiting: (pid) => {
    console.log(`Waiting for another run (process ${pid}) that prepares Electron.`)
  },
}

/** Runs `work` while holding the lock folder. */
export async function withFolderLock<T>(
  lock: string,
  work: () => Promise<T>,
  deps: LockDeps = realDeps,
): Promise<T> {
  let announced = false
  while (!(await tryTake(lock, deps))) {
    const owner = await readOwner(lock)
    if (owner !== undefined && !deps.isAlive(owner)) {
      // Renaming first lets exactly one of several waiting runs clear a dead lock.
      const dead = `${lock}.dead-${deps.pid}`
      await rename(lock, dead).catch(ignoreMissing)
      await rm(dead, { recursive: true, force: true })
      continue
    }
    if (owner !== undefined && !announced) {
      announced = true
      deps.onWaiting(owner)
    }
    await deps.wait()
  }
  try {
    return await work()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}

/** The folder is filled before it gets its name, so a lock never exists without the name of its owner. */
async function tryTake(lock: string, deps: LockDeps): Promise<boolean> {
  const mine = `${lock}.${deps.pid}`
  await mkdir(mine, { recursive: true })
  await writeFile(path.join(mine, 'pid'), String(deps.pid))
  try {
    await rename(mine, lock)
    return true
  } catch (error) {
    await rm(mine, { recursive: true, force: true })
    const code = (error as NodeJS.ErrnoException).code
    // Windows answers EPERM where POSIX says that the target is a folder with something in it.
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EPERM') return false
    throw error
  }
}

async function readOwner(lock: string): Promise<number | undefined> {
  try {
    const pid = Number.parseInt(await readFile(path.join(lock, 'pid'), 'utf8'), 10)
    return Number.isNaN(pid) ? undefined : pid
  } catch (error) {
    ignoreMissing(error)
    return undefined
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
