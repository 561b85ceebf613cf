import { close, fdatasync, openSync } from 'node:fs'

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
 * Of the write-ahead journal of that database, which has to be there. A failure that nobody waits for is not told: the
 * system tells each who has the file open of it once (man fsync), so the next transaction that waits for the disk fails.
 */
export function createJournalSync(databasePath: string, sync: Sync = fdatasync): JournalSync {
  let file: number | undefined
  let isRunning = false
  let isClosed = false
  let begun = 0
  let ended = 0
  let waiting: readonly Waiting[] = []

  const end = (): void => {
    if (file !== undefined) close(file)
    file = undefined
  }
  const run = (opened: number): void => {
    const upTo = begun
    isRunning = true
    sync(opened, (error) => {
      isRunning = false
      ended = upTo
      const told = waiting.filter((one) => one.begun <= upTo)
      waiting = waiting.filter((one) => one.begun > upTo)
      for (const one of told) one.end(error)
      // Nobody says whether what was written meanwhile is a part of it.
      if (begun > ended) run(opened)
      else if (isClosed) end()
    })
  }
  return {
    begin() {
      if (isClosed) return
      begun += 1
      // Windows only flushes what may be written.
      file ??= openSync(`${databasePath}-wal`, 'r+')
      if (!isRunning) run(file)
    },
    done: () =>
      new Promise((resolve, reject) => {
        if (begun === ended) resolve()
        else waiting = [...waiting, { begun, end: (error) => (error ? reject(error) : resolve()) }]
      }),
    close() {
      isClosed = true
      if (!isRunning) end()
    },
  }
}
