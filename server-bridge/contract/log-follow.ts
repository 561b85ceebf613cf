/**
 * The two framings of followed logs (stable-api, "Framings in use"): `object` is one JSON object a message, `array` one
 * JSON array a message, both with a newline at the end.
 */
import type { z } from 'zod'

/** Close code and reason of a followed log whose job has ended. */
export const logsDone = { code: 1000, reason: 'done' } as const

/** One message of the object or array framing. */
export function formatLogMessage(value: unknown): string {
  return `${JSON.stringify(value)}\n`
}

/**
 * The rows of one message in either framing.
 *
 * @throws {SyntaxError} when the message is not JSON, or a row does not fit the schema.
 */
export function parseLogMessage<T extends z.ZodType>(message: string, row: T): z.output<T>[] {
  const value: unknown = JSON.parse(message)
  const rows: unknown[] = Array.isArray(value) ? value : value === null ? [] : [value]
  return rows.map((entry) => {
    const result = row.safeParse(entry)
    if (!result.success) throw new SyntaxError('A log row has the wrong shape.')
    return result.data
  })
}
