import { close, fdatasync, openSync } from 'node:fs'
import { toError } from '../../lib/to-error.ts'

export interface JournalSync {
  /** Has the disk keep what the journal holds by now, while this process goes on. */
  begin(): void
  /** Resolves once all that was begun is on disk. @throws what the system says of a disk that failed */
  done(): Promise<void>
  close(): void
}

type Sync = (file: number, done: (error: Error | null) => void) => void

interface Waiting {
  readonly begun: number
  readonly end: (error: Error | null) => void
}

/**
 * Of the write-ahead journal of that database. A failure is told to whoever waits next, once, as the system itself does (man
 * fsync): what was written before it stays in doubt, whatever a later sync says.
 */
export function createJournalSync(databasePath: string, sync: Sync = fdatasync): JournalSync {
  let file: number | undefined
  let isRunning = false
  let isClosed = false
  let begun = 0
  let ended = 0
  let waiting: readonly Waiting[] = []
  /** What nobody was told yet. */
  let failure: Error | undefined

  const end = (): void => {
    if (file !== undefined) close(file)
    file = undefined
  }
  const finish = (upTo: number, error: Error | null): void => {
    isRunning = false
    ended = upTo
    const told = waiting.filter((one) => one.begun <= upTo)
    waiting = waiting.filter((one) => one.begun > upTo)
    for (const one of told) one.end(error)
    if (told.length === 0 && error !== null) failure = error
    // Nobody says whether what was written meanwhile is a part of it.
    if (begun > ended) run()
    else if (isClosed) end()
  }
  const run = (): void => {
    const upTo = begun
    isRunning = true
    try {
      // Windows only flushes what may be written.
      file ??= openSync(`${databasePath}-wal`, 'r+')
    } catch (error) {
      finish(upTo, toError(error))
      return
    }
    sync(file, (error) => finish(upTo, error))
  }
  return {
    begin() {
      if (isClosed) return
      begun += 1
      if (!isRunning) run()
    },
    done: () =>
      new Promise((resolve, reject) => {
        const answer = (error: Error | null | undefined): void => (error ? reject(error) : resolve())
        const untold = failure
        failure = undefined
        if (untold !== undefined || begun === ended) answer(untold)
        else waiting = [...waiting, { begun, end: answer }]
      }),
    close() {
      isClosed = true
      if (!isRunning) end()
    },
  }
}
