/** Sentences about stored files that the user should know, shown until dismissed. */
import { createLiveValue, type LiveValue } from './live-value.ts'

interface StorageNotice {
  readonly id: string
  readonly message: string
}

export interface StorageNotices {
  readonly all: LiveValue<readonly StorageNotice[]>
  add(message: string): void
  dismiss(id: string): void
}

/** Makes an empty list of notices. They are of this run: what was said once is not kept. */
export function createStorageNotices(): StorageNotices {
  const all = createLiveValue<readonly StorageNotice[]>([])
  let lastId = 0
  return {
    all,
    add(message) {
      lastId += 1
      all.set([...all.get(), { id: `notice-${lastId}`, message }])
    },
    dismiss(id) {
      all.set(all.get().filter((notice) => notice.id !== id))
    },
  }
}
