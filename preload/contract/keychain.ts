/** The OS keychain's state, openly shown. Values never cross this contract. */
import { z } from 'zod'
import { defineProcedure } from './procedure.ts'

export const keychainStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('checking') }),
  /** `backend` is its name in words, e.g. "GNOME Keyring". */
  z.object({ kind: z.literal('works'), backend: z.string() }),
  z.object({ kind: z.literal('locked'), backend: z.string() }),
  /** There is none. `reason` is a sentence with what to install or start. */
  z.object({ kind: z.literal('absent'), reason: z.string() }),
  /** The user agreed: secrets live in memory until the app ends. */
  z.object({ kind: z.literal('memory'), reason: z.string() }),
])
export type KeychainState = z.infer<typeof keychainStateSchema>

export const keychain = {
  watch: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({}),
    output: keychainStateSchema,
    errors: [],
  }),
  /** Looks again; on a locked keychain this raises the system's own prompt where there is one. */
  unlock: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({}),
    output: keychainStateSchema,
    errors: ['still_locked'],
  }),
  /** Explicit consent to keep secrets in memory for this session only. */
  useMemory: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ consent: z.literal(true) }),
    output: keychainStateSchema,
    errors: [],
  }),
} as const
