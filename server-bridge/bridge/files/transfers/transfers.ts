/** The queue of transfers: what runs, what windows see of it, what main keeps. */
import { randomUUID } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type {
  ConflictChoice,
  ConflictPolicy,
  KeptTransfer,
  Transfer,
} from '../../../contract/file-transfers.ts'
import type { FilesPlace } from '../../../contract/remote-files.ts'
import { joinRemote, remoteBaseName } from '../../../contract/remote-names.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import { toError } from '../../../lib/to-error.ts'
import type { Places } from '../places.ts'
import { localName } from './local-names.ts'
import { createTransferJob, type TransferJob } from './transfer-job.ts'

export interface TransferRequest {
  readonly place: FilesPlace
  readonly onConflict: ConflictPolicy
}

export interface Transfers {
  /** @returns ids of the transfers. @throws {Error} with a sentence */
  upload(request: TransferRequest, localPaths: readonly string[], folder: string): Promise<readonly string[]>
  download(request: TransferRequest, localFolder: string, paths: readonly string[]): readonly string[]
  /** What was kept of an earlier run of the app. */
  restore(kept: readonly KeptTransfer[]): void
  /** Someone signed in or out. */
  deploymentChanged(deploymentId: string): void
  pause(transferId?: string): void
  resume(transferId?: string): void
  cancel(transferId: string): void
  forget(transferId?: string): void
  resolve(transferId: string, choice: ConflictChoice, forAll: boolean): void
  watch(watcher: TransferWatcher): () => void
  close(): Promise<void>
}

export interface TransferWatcher {
  changed(change: {
    readonly isAll: boolean
    readonly transfers: readonly Transfer[]
    readonly gone: readonly string[]
  }): void
}

const maxRunning = 3
const maxTransfers = 10_000
const showMs = 200
const keepMs = 1000

export function createTransfers(deps: {
  readonly places: Places
  readonly clock: Clock
  readonly logger: Logger
  /** All that is to be kept over restarts. */
  readonly onKeep: (transfers: readonly KeptTransfer[]) => void
}): Transfers {
  const { places, clock, logger } = deps
  const jobs = new Map<string, TransferJob>()
  const watchers = new Set<TransferWatcher>()
  const changed = new Set<string>()
  const gone = new Set<string>()
  let isClosed = false

  const showSoon = createPace(clock, showMs, () => {
    const transfers = [...changed].flatMap((id) => jobs.get(id)?.shown ?? [])
    const change = { isAll: false, transfers, gone: [...gone] }
    changed.clear()
    gone.clear()
    for (const watcher of watchers) watcher.changed(change)
  })
  const keepSoon = createPace(clock, keepMs, () => {
    deps.onKeep(
      [...jobs.values()].filter((job) => job.shown.state.kind !== 'cancelled').map(({ kept }) => kept),
    )
  })

  const pump = (): void => {
    if (isClosed) return
    for (const job of jobs.values()) {
      if ([...jobs.values()].filter(({ isRunning }) => isRunning).length >= maxRunning) return
      if (job.isRunning || job.shown.state.kind !== 'queued') continue
      job.run().then(pump, (thrown: unknown) => {
        logger.error('A transfer broke', { error: toError(thrown).name })
        pump()
      })
    }
  }

  const add = (kept: KeptTransfer): void => {
    const { transferId } = kept
    const onChange = (): void => {
      changed.add(transferId)
      showSoon.ask()
    }
    const job = createTransferJob(kept, {
      placeOf: () => places.at(kept.place),
      clock,
      onChange,
      onKeep: keepSoon.ask,
    })
    jobs.set(transferId, job)
    onChange()
  }
  const addAll = (some: readonly KeptTransfer[]): readonly string[] => {
    for (const kept of some) add(kept)
    keepSoon.ask()
    // What was begun outlives a crash right after.
    keepSoon.flush()
    pump()
    return some.map(({ transferId }) => transferId)
  }
  const requireRoom = (count: number): void => {
    if (jobs.size + count > maxTransfers) {
      throw new Error('There are too many transfers in the list. Remove finished ones first.')
    }
  }
  const some = (transferId: string | undefined): readonly TransferJob[] =>
    transferId === undefined ? [...jobs.values()] : [jobs.get(transferId) ?? []].flat()

  return {
    async upload({ place, onConflict }, localPaths, folder) {
      requireRoom(localPaths.length)
      const batchId = randomUUID()
      const sources = await Promise.all(
        localPaths.map(async (localPath) => {
          const isFolder = await stat(localPath).then(
            (stats) => stats.isDirectory(),
            () => false,
          )
          const remotePath = joinRemote(folder, basename(localPath))
          return newTransfer({
            direction: 'upload',
            batchId,
            place,
            onConflict,
            localPath,
            remotePath,
            isFolder,
          })
        }),
      )
      return addAll(sources)
    },
    download({ place, onConflict }, localFolder, paths) {
      requireRoom(paths.length)
      const batchId = randomUUID()
      const common = { direction: 'download', batchId, place, onConflict, isFolder: false } as const
      return addAll(
        paths.map((remotePath) => {
          const name = localName(remoteBaseName(remotePath), process.platform)
          return newTransfer({ ...common, remotePath, localPath: join(localFolder, name) })
        }),
      )
    },
    restore(kept) {
      for (const transfer of kept) if (!jobs.has(transfer.transferId)) add(transfer)
      pump()
    },
    deploymentChanged(deploymentId) {
      for (const job of jobs.values()) if (job.kept.place.deploymentId === deploymentId) job.signedIn()
      pump()
    },
    pause(transferId) {
      for (const job of some(transferId)) if (!job.isOver) job.pause()
    },
    resume(transferId) {
      for (const job of some(transferId)) {
        if (transferId !== undefined || job.shown.state.kind === 'paused') job.resume()
      }
      pump()
    },
    cancel(transferId) {
      const job = jobs.get(transferId)
      if (job === undefined || job.isOver) return
      job.cancel().then(pump, (thrown: unknown) => {
        logger.warn('What a cancelled transfer left could not be removed', { error: toError(thrown).name })
      })
      keepSoon.ask()
    },
    forget(transferId) {
      for (const job of some(transferId)) {
        if (!job.isOver || job.isRunning) continue
        jobs.delete(job.transferId)
        gone.add(job.transferId)
      }
      showSoon.ask()
      keepSoon.ask()
    },
    resolve(transferId, choice, forAll) {
      const job = jobs.get(transferId)
      if (job === undefined) return
      if (forAll) {
        for (const other of jobs.values()) {
          if (other.batchId !== job.batchId) continue
          other.setPolicy(choice)
          other.resolve(choice)
        }
      } else job.resolve(choice)
    },
    watch(watcher) {
      watchers.add(watcher)
      watcher.changed({ isAll: true, transfers: [...jobs.values()].map(({ shown }) => shown), gone: [] })
      return () => watchers.delete(watcher)
    },
    async close() {
      isClosed = true
      keepSoon.flush()
      showSoon.cancel()
      await Promise.all([...jobs.values()].map((job) => job.stop()))
    },
  }
}

type NewTransfer = Pick<
  KeptTransfer,
  'direction' | 'batchId' | 'place' | 'onConflict' | 'localPath' | 'remotePath' | 'isFolder'
>

function newTransfer(given: NewTransfer): KeptTransfer {
  const nothing = {
    decisions: {},
    hasRun: false,
    state: 'open',
    reason: '',
    bytesTotal: 0,
    filesTotal: 0,
  } as const
  return { transferId: randomUUID(), ...given, ...nothing }
}

/** Runs at most so often, and soon after it was asked to. */
function createPace(
  clock: Clock,
  ms: number,
  run: () => void,
): { readonly ask: () => void; flush(): void; cancel(): void } {
  let cancel: (() => void) | undefined
  const now = (): void => {
    cancel = undefined
    run()
  }
  return {
    ask: () => {
      cancel ??= clock.after(ms, now)
    },
    flush() {
      if (cancel === undefined) return
      cancel()
      now()
    },
    cancel() {
      cancel?.()
      cancel = undefined
    },
  }
}
