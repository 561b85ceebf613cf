import { rowText } from './row-text.ts'
import type { TranscriptRow } from './transcript-rows.ts'

/** One place where the words stand. */
export interface ChatMatch {
  readonly row: number
  /** Which of the places in that row. */
  readonly nth: number
}

/** More than this is not counted further; nobody steps through it. */
export const matchLimit = 5000

/** Rows do not change, so each is put in small letters once. */
const known = new WeakMap<TranscriptRow, string>()

/** Finds words in rows, without case. */
export function findInRows(rows: readonly TranscriptRow[], query: string): readonly ChatMatch[] {
  const needle = query.toLowerCase()
  if (needle === '') return []
  const matches: ChatMatch[] = []
  for (const [row, said] of rows.entries()) {
    const text = lowerText(said)
    let nth = 0
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
      matches.push({ row, nth })
      nth += 1
      if (matches.length === matchLimit) return matches
    }
  }
  return matches
}

function lowerText(row: TranscriptRow): string {
  let text = known.get(row)
  if (text === undefined) {
    text = rowText(row).toLowerCase()
    known.set(row, text)
  }
  return text
}
