import type { Transfer, TransferState } from '#bridge/contract/file-transfers'
import { displayName } from '#bridge/contract/remote-names'
import { formatBytes } from '../../lib/bytes.ts'
import { formatDuration } from '../../lib/duration.ts'

/** Nothing more happens to it by itself. */
export function isOver({ kind }: TransferState): boolean {
  return kind === 'done' || kind === 'failed' || kind === 'cancelled'
}

/** Share of the bytes that are copied; `undefined` until they are counted. */
export function shareDone({ bytesDone, bytesTotal, state }: Transfer): number | undefined {
  if (state.kind === 'done') return 1
  if (state.kind === 'preparing' || bytesTotal === 0) return undefined
  return bytesDone / bytesTotal
}

/** What a transfer does, in one line. */
export function transferWords(transfer: Transfer): string {
  const { state, bytesDone, bytesTotal, filesDone, filesTotal } = transfer
  const amount = `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}`
  switch (state.kind) {
    case 'queued':
      return 'Waits for its turn'
    case 'preparing':
      return 'Counting files'
    case 'running': {
      const files = transfer.isFolder ? `file ${Math.min(filesDone + 1, filesTotal)} of ${filesTotal}` : ''
      return [amount, speedWords(transfer), files].filter(Boolean).join(' · ')
    }
    case 'verifying':
      return 'Comparing checksums'
    case 'paused':
      return `Paused at ${amount}`
    case 'waiting':
      return state.reason
    case 'conflict':
      return `“${displayName(state.name)}” is there already`
    case 'done': {
      const skipped = state.skipped === 0 ? '' : `, ${state.skipped} left out`
      const verified = state.verified === 'sha256' ? ', checksums agree' : ''
      return `${formatBytes(bytesTotal)} copied${verified}${skipped}`
    }
    case 'failed':
      return state.reason
    case 'cancelled':
      return 'Cancelled'
  }
}

function speedWords({ bytesPerSecond, bytesTotal, bytesDone }: Transfer): string {
  if (bytesPerSecond <= 0) return ''
  const left = formatDuration(((bytesTotal - bytesDone) / bytesPerSecond) * 1000)
  return `${formatBytes(bytesPerSecond)}/s · ${left} left`
}
