import { zeroTime } from '../../contract/zero-values.ts'

/** Epoch milliseconds as the wire has them. */
export function toWireTime(epochMs: number): string {
  return new Date(epochMs).toISOString()
}

/** For fields that are left out when never set. */
export function toOptionalTime(epochMs: number | null): string | undefined {
  return epochMs === null ? undefined : toWireTime(epochMs)
}

/** For fields that are `null` when never set. */
export function toNullableTime(epochMs: number | null): string | null {
  return epochMs === null ? null : toWireTime(epochMs)
}

/** For fields that must be there: Go's zero time when never set. */
export function toRequiredTime(epochMs: number | null): string {
  return epochMs === null ? zeroTime : toWireTime(epochMs)
}
