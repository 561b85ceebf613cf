/**
 * What connections do, as the connection timeline shows it: reported by whoever holds one, in the bridge and in main,
 * by one call of a {@link ConnectionLog}. Nothing of it is secret, and nothing a server said is longer than a sentence.
 */
import { z } from 'zod'

export const connectionKinds = [
  'deployment',
  'terminal',
  'desktop',
  'gateway',
  'ssh',
  'tunnel',
  'files',
] as const
export type ConnectionKind = (typeof connectionKinds)[number]

/** The longest reason or name that is kept. */
export const connectionTextMaxChars = 300
export const connectionIdMaxChars = 600

const text = z.string().max(connectionTextMaxChars)

export const connectionSubjectSchema = z.strictObject({
  what: z.enum(connectionKinds),
  /** The same for one connection over all its attempts, and for no other of its kind. */
  connectionId: z.string().min(1).max(connectionIdMaxChars),
  deploymentId: z.string().min(1).max(64),
  /** Known by one of the two, or by none: the deployment itself. */
  workspaceId: z.uuid().nullable(),
  agentId: z.uuid().nullable(),
  /** Which one of several: `5432 on dev`. Empty where there is nothing to add. */
  name: text,
})
export type ConnectionSubject = z.infer<typeof connectionSubjectSchema>

export const connectionStateSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('connecting') }),
  z.strictObject({ kind: z.literal('open') }),
  /** `retryAt`: epoch milliseconds of the next try by itself; `null` when something else has to happen first. */
  z.strictObject({ kind: z.literal('waiting'), reason: text, retryAt: z.number().nullable() }),
  /** Not tried again by itself. `code` is for choosing an action. */
  z.strictObject({ kind: z.literal('failed'), code: z.string().max(64), reason: text }),
  z.strictObject({ kind: z.literal('closed') }),
])
export type ConnectionState = z.infer<typeof connectionStateSchema>

export const connectionEventSchema = z.strictObject({
  ...connectionSubjectSchema.shape,
  /** Epoch milliseconds. */
  at: z.number(),
  state: connectionStateSchema,
})
export type ConnectionEvent = z.infer<typeof connectionEventSchema>

/** Where connections tell what they do. */
export interface ConnectionLog {
  report(event: ConnectionEvent): void
}

/** Controls, formats (bidi, zero width, tags), lone surrogates, private use: nothing a reader should meet in a sentence. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\s]+/gu

/** What somebody else said, as one line that is not longer than {@link connectionTextMaxChars}. */
export function connectionText(said: string): string {
  const plain = said
    .slice(0, 4 * connectionTextMaxChars)
    .replaceAll(unseen, ' ')
    .trim()
  if (plain.length <= connectionTextMaxChars) return plain
  // By characters, so that none is cut in half.
  let cut = ''
  for (const character of plain) {
    if (cut.length + character.length > connectionTextMaxChars - 1) break
    cut += character
  }
  return `${cut}…`
}
