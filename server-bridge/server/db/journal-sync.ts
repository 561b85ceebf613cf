import { close, fsync, openSync } from 'node:fs'

export interface JournalSync {
  /** Has the disk keep what the journal holds by now, while this process goes on. */
  begin(): void
  close(): void
}

type Sync = (file: number, done: (error: Error | null) => void) => void

/**
 * Of the write-ahead journal of that database, which has to be there. A failure is not told here: the system tells each
 * who has the file open of it once (man fsync), so the next transaction that waits for the disk fails by it.
 */
export function createJournalSync(databasePath: string, sync: Sync = fsync): JournalSync {
  let file: number | undefined
  let isRunning = false
  let isWanted = false
  let isClosed = false

  const end = (): void => {
    if (file !== undefined) close(file)
    file = undefined
  }
  const run = (opened: number): void => {
    isRunning = true
    isWanted = false
    sync(opened, () => {
      isRunning = false
      if (isClosed) end()
      // Nobody says whether what was written meanwhile is a part of it.
      else if (isWanted) run(opened)
    })
  }
  return {
    begin() {
      if (isClosed) return
      isWanted = true
      // Windows only flushes what may be written.
      file ??= openSync(`${databasePath}-wal`, 'r+')
      if (!isRunning) run(file)
    },
    close() {
      isClosed = true
      if (!isRunning) end()
    },
  }
}
