/**
 * Go's zero values, which Coder sends for "none" where a field cannot be null (stable-api, "JSON value conventions").
 */
export const zeroUuid = '00000000-0000-0000-0000-000000000000'
export const zeroTime = '0001-01-01T00:00:00Z'

/** Whether an id means "none". */
export function isZeroUuid(value: string | null | undefined): boolean {
  return value === undefined || value === null || value === '' || value === zeroUuid
}

/** Whether a time means "never": absent, null, or Go's zero time in any of its spellings. */
export function isZeroTime(value: string | null | undefined): boolean {
  return value === undefined || value === null || value.startsWith('0001-01-01T00:00:00')
}
