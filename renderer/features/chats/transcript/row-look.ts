import type { TranscriptRow } from './transcript-rows.ts'
import { messageText } from './transcript-rows.ts'

/** About how high a row is, until it is on the page. */
export function rowSize(row: TranscriptRow | undefined): number {
  switch (row?.kind) {
    case 'user':
      return 36 + Math.min(20, messageText(row.message).length / 90) * 20
    case 'text': {
      const length = typeof row.text === 'string' ? row.text.length : 400
      return 28 + Math.min(200, length / 100) * 20
    }
    case 'tool':
      return row.call.name === 'execute' || row.call.name === 'edit_files' ? 120 : 30
    case 'error':
    case 'retry':
      return 70
    default:
      return 30
  }
}

/** What a row is, to a screen reader. */
export function rowLabel(row: TranscriptRow): string {
  switch (row.kind) {
    case 'user':
      return 'You'
    case 'text':
      return 'Agent'
    case 'reasoning':
      return 'Thought'
    case 'tool':
    case 'reads':
      return 'Tool'
    case 'file':
      return 'File'
    case 'sources':
      return 'Sources'
    default:
      return 'Notice'
  }
}
