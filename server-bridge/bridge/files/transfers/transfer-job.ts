/** One transfer of the queue: what is kept of it, what is shown of it, and its run. */
import type {
  ConflictChoice,
  ConflictPolicy,
  KeptTransfer,
  Transfer,
  TransferState,
} from '../../../contract/file-transfers.ts'
import { remoteBaseName } from '../../../contract/remote-names.ts'
import type { Clock } from '../../../lib/clock.ts'
import { errorCode, toError } from '../../../lib/to-error.ts'
import { failureOf, FilesFailure } from '../files-failure.ts'
import { cancelled, type PlaceConnection, type PlaceSession } from '../place-connection.ts'
import { SftpClient } from '../sftp/sftp-client.ts'
import { SftpError, sftpStatus } from '../sftp/sftp-error.ts'
import type { CopyDirection } from './copy-direction.ts'
import { createDownload } from './download.ts'
import { openRemoteHasher } from './remote-hasher.ts'
import { runCopy, type CopyResult, type CopyWatch } from './run-copy.ts'
import { createUpload } from './upload.ts'

export interface TransferJob {
  readonly transferId: string
  readonly batchId: string
  readonly kept: KeptTransfer
  readonly shown: Transfer
  /** Nothing more to do unless the user asks again. */
  readonly isOver: boolean
  readonly isRunning: boolean
  /** Runs until it is done, failed, paused or cancelled; never throws. */
  run(): Promise<void>
  pause(): void
  /** Ready to run again. */
  resume(): void
  /** Someone signed in: what waited for that is ready. */
  signedIn(): void
  /** Ends its run; what is kept stays as it is. */
  stop(): Promise<void>
  /** Ends it and takes away what is unfinished, as far as the workspace can be reached. */
  cancel(): Promise<void>
  /** Answers its question, if it asks one. */
  resolve(choice: ConflictChoice): void
  setPolicy(policy: ConflictPolicy): void
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export interface TransferJobDeps {
  readonly placeOf: () => PlaceConnection
  readonly clock: Clock
  /** What is shown changed. */
  readonly onChange: () => void
  /** What is kept changed. */
  readonly onKeep: () => void
}

/** @param given as main keeps it, or new. */
export function createTransferJob(given: KeptTransfer, deps: TransferJobDeps): TransferJob {
  const kept: Mutable<KeptTransfer> = { ...given, decisions: { ...given.decisions } }
  const speed = createSpeed(deps.clock)
  const parts = new Set<string>()
  let state: TransferState = initialState(given)
  let progress = { bytesDone: 0, filesDone: 0, currentName: '' }
  let running: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined
  let direction: CopyDirection | undefined
  let answer: ((choice: ConflictChoice) => void) | undefined

  const show = (next: TransferState): void => {
    state = next
    deps.onChange()
  }
  const keep = (change: Partial<KeptTransfer>): void => {
    Object.assign(kept, change)
    deps.onKeep()
  }
  const end = (next: TransferState, as: KeptTransfer['state'], reason = ''): void => {
    keep({ state: as, reason })
    show(next)
  }

  const watchOf = (signal: AbortSignal): CopyWatch => ({
    planned(files, bytes) {
      progress = { bytesDone: 0, filesDone: 0, currentName: '' }
      speed.reset()
      keep({ filesTotal: files, bytesTotal: bytes, hasRun: true })
      show({ kind: 'running' })
    },
    copying(relative) {
      const slash = relative.indexOf('/')
      progress.currentName = slash === -1 ? '' : relative.slice(slash + 1)
    },
    bytes(count) {
      progress.bytesDone += count
      speed.add(count)
      const isAllSent = progress.bytesDone === kept.bytesTotal && progress.filesDone < kept.filesTotal
      if (state.kind === 'running' && isAllSent) show({ kind: 'verifying' })
      else deps.onChange()
    },
    fileDone() {
      progress.filesDone += 1
      deps.onChange()
    },
    ask: (file, target) =>
      new Promise((resolve, reject) => {
        const done = (): void => {
          signal.removeEventListener('abort', stop)
          answer = undefined
        }
        const stop = (): void => {
          done()
          reject(cancelled())
        }
        signal.addEventListener('abort', stop, { once: true })
        answer = (choice) => {
          done()
          show({ kind: 'running' })
          resolve(choice)
        }
        const source = { size: file.size, mtime: file.mtime }
        show({ kind: 'conflict', name: file.relative, source, target })
      }),
    policy: () => kept.onConflict,
    decided: (relative) => (Object.hasOwn(kept.decisions, relative) ? kept.decisions[relative] : undefined),
    decide(relative, decision) {
      keep({ decisions: { ...kept.decisions, [relative]: decision } })
    },
    part(relative, isThere) {
      if (isThere) parts.add(relative)
      else parts.delete(relative)
    },
  })

  /** One attempt on one connection. */
  const attempt = async (session: PlaceSession, signal: AbortSignal): Promise<CopyResult> => {
    const sftp = await SftpClient.open(session.ssh)
    const hasher = await openRemoteHasher(session.ssh, signal)
    try {
      const { localPath, remotePath, isFolder } = kept
      const parts = { localPath, remotePath, sftp, hasher, signal }
      direction = kept.direction === 'upload' ? createUpload({ ...parts, isFolder }) : createDownload(parts)
      return await runCopy(direction, watchOf(signal), { hasRun: kept.hasRun, signal })
    } finally {
      hasher?.close()
      sftp.end()
    }
  }

  /** Over as many connections as it takes. */
  const untilDone = async (signal: AbortSignal): Promise<CopyResult> => {
    for (;;) {
      const connection = placeOrThrow(deps)
      const stopTelling = tellWaiting(connection, deps.clock, (reason) => {
        show({ kind: 'waiting', reason })
      })
      const acquired = await acquireOrNull(connection, signal).finally(stopTelling)
      // The sign-in changed while it waited.
      if (acquired === null) continue
      const { session, release } = acquired
      show({ kind: 'preparing' })
      try {
        return await attempt(session, signal)
      } catch (thrown) {
        if (signal.aborted || !isLost(thrown)) throw thrown
        show({ kind: 'waiting', reason: 'The connection to the workspace was lost.' })
      } finally {
        release()
      }
    }
  }

  const runOnce = async (signal: AbortSignal): Promise<void> => {
    try {
      const { verified, skipped } = await untilDone(signal)
      end({ kind: 'done', verified, skipped }, 'done')
    } catch (thrown) {
      if (signal.aborted) return
      if (thrown instanceof NobodySignedInError) {
        show({ kind: 'waiting', reason: thrown.message })
        return
      }
      const { message } = explain(thrown, kept)
      end({ kind: 'failed', reason: message }, 'failed', message)
    }
  }

  return {
    transferId: kept.transferId,
    batchId: kept.batchId,
    get kept() {
      return kept
    },
    get shown() {
      const { transferId, batchId, direction: way, place, isFolder, remotePath } = kept
      const { bytesTotal, filesTotal } = kept
      const isDone = state.kind === 'done'
      return {
        transferId,
        batchId,
        direction: way,
        place,
        isFolder,
        remotePath,
        name: remoteBaseName(remotePath),
        state,
        bytesTotal,
        filesTotal,
        bytesDone: isDone ? bytesTotal : progress.bytesDone,
        filesDone: isDone ? filesTotal : progress.filesDone,
        bytesPerSecond: state.kind === 'running' ? speed.perSecond() : 0,
        currentName: progress.currentName,
      }
    },
    get isOver() {
      return state.kind === 'done' || state.kind === 'failed' || state.kind === 'cancelled'
    },
    get isRunning() {
      return running !== undefined
    },
    async run() {
      const abort = new AbortController()
      const ended = runOnce(abort.signal)
      running = { abort, ended }
      await ended
      running = undefined
    },
    pause() {
      // All is there and gets its name in a moment: a pause would find it without its part.
      if (kept.state !== 'open' || state.kind === 'cancelled' || state.kind === 'verifying') return
      end({ kind: 'paused' }, 'paused')
      running?.abort.abort()
    },
    resume() {
      if (state.kind !== 'paused' && state.kind !== 'failed') return
      end({ kind: 'queued' }, 'open')
    },
    signedIn() {
      if (running === undefined && state.kind === 'waiting') show({ kind: 'queued' })
    },
    async stop() {
      running?.abort.abort()
      await running?.ended
    },
    async cancel() {
      show({ kind: 'cancelled' })
      running?.abort.abort()
      await running?.ended
      if (!kept.isFolder && kept.hasRun && direction === undefined) parts.add(remoteBaseName(kept.remotePath))
      await removeParts(kept, parts, deps)
    },
    resolve(choice) {
      answer?.(choice)
    },
    setPolicy(policy) {
      keep({ onConflict: policy })
    },
  }
}

function initialState({ state, reason }: KeptTransfer): TransferState {
  if (state === 'failed') return { kind: 'failed', reason }
  if (state === 'done') return { kind: 'done', verified: 'size', skipped: 0 }
  return { kind: state === 'paused' ? 'paused' : 'queued' }
}

/** Says what is waited for as long as there is no way in. */
function tellWaiting(connection: PlaceConnection, clock: Clock, tell: (reason: string) => void): () => void {
  let said = ''
  const look = (): void => {
    const { state } = connection
    if (state.kind !== 'waiting' || state.reason === said) return
    said = state.reason
    tell(said)
  }
  return clock.every(500, look)
}

/** Nobody is signed in: it waits for that, and no other transfer for it. */
class NobodySignedInError extends Error {
  override readonly name = 'NobodySignedInError'
}

function placeOrThrow(deps: TransferJobDeps): PlaceConnection {
  try {
    return deps.placeOf()
  } catch (thrown) {
    throw new NobodySignedInError(toError(thrown).message, { cause: thrown })
  }
}

async function acquireOrNull(
  connection: PlaceConnection,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<PlaceConnection['acquire']>> | null> {
  try {
    return await connection.acquire(signal, Infinity)
  } catch (thrown) {
    if (isLost(thrown)) return null
    throw thrown
  }
}

function isLost(thrown: unknown): boolean {
  if (thrown instanceof FilesFailure) return thrown.code === 'disconnected'
  if (!(thrown instanceof SftpError)) return false
  return thrown.status === sftpStatus.connectionLost || thrown.status === sftpStatus.noConnection
}

const localWords: Readonly<Record<string, string>> = {
  ENOENT: 'is not on this computer any more',
  EACCES: 'may not be read or written on this computer',
  EPERM: 'may not be read or written on this computer',
  ENOSPC: 'does not fit: the disk of this computer is full',
  EROFS: 'lies on a disk of this computer that cannot be written to',
  ELOOP: 'is a link on this computer, which is not written through',
  EISDIR: 'is a folder on this computer',
  ENAMETOOLONG: 'has a name that is too long for this computer',
}

function explain(thrown: unknown, kept: KeptTransfer): FilesFailure {
  if (thrown instanceof FilesFailure || thrown instanceof SftpError) return failureOf(thrown, kept.remotePath)
  const words = localWords[errorCode(thrown) ?? '']
  if (words !== undefined) return new FilesFailure('failed', `A file ${words}.`)
  return new FilesFailure('failed', `The copy ended: ${toError(thrown).message}`)
}

/** A workspace that cannot be reached keeps its part; a later copy of the same goes on with it. */
async function removeParts(
  kept: KeptTransfer,
  parts: ReadonlySet<string>,
  deps: TransferJobDeps,
): Promise<void> {
  if (parts.size === 0) return
  const signal = new AbortController().signal
  const { localPath, remotePath, isFolder } = kept
  try {
    const { session, release } = await deps.placeOf().acquire(signal)
    try {
      const given = { localPath, remotePath, sftp: session.sftp, hasher: null, signal }
      const way = kept.direction === 'upload' ? createUpload({ ...given, isFolder }) : createDownload(given)
      for (const relative of parts) await way.removePart(relative)
    } finally {
      release()
    }
  } catch (thrown) {
    if (!(thrown instanceof FilesFailure) && !(thrown instanceof SftpError)) throw thrown
  }
}

/** Bytes a second over the last three seconds. */
function createSpeed(clock: Clock): { add(bytes: number): void; reset(): void; perSecond(): number } {
  const windowMs = 3000
  let samples: { readonly at: number; bytes: number }[] = []
  const trim = (): void => {
    samples = samples.filter(({ at }) => at > clock.now() - windowMs)
  }
  return {
    add(bytes) {
      const at = Math.floor(clock.now() / 100) * 100
      const last = samples.at(-1)
      if (last?.at === at) last.bytes += bytes
      else samples.push({ at, bytes })
      if (samples.length > 100) trim()
    },
    reset() {
      samples = []
    },
    perSecond() {
      trim()
      const [first] = samples
      if (first === undefined) return 0
      const seconds = Math.max((clock.now() - first.at) / 1000, 0.2)
      return Math.round(samples.reduce((sum, { bytes }) => sum + bytes, 0) / seconds)
    },
  }
}
