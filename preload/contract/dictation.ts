/**
 * Dictation: what is said becomes text in the draft of a chat. The service that writes it out is the user's choice, and
 * speaks OpenAI's `POST /v1/audio/transcriptions`. Its key goes to main and never comes back.
 */
import { z } from 'zod'
import { dictationMaxBytes } from './dictation-limits.ts'
import { defineProcedure } from './procedure.ts'

const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u
const serviceShape = {
  /** Of the API, such as `https://api.openai.com/v1`, or of the call itself. */
  address: z
    .string()
    .trim()
    .min(1)
    .max(2048)
    .refine((text) => !invisible.test(text)),
  /** Empty where the service has one only. */
  model: z
    .string()
    .trim()
    .max(200)
    .refine((text) => !invisible.test(text)),
  /** ISO 639-1; empty: the service finds out. */
  language: z
    .string()
    .trim()
    .regex(/^[a-z]{0,8}$/),
}

const keyChangeSchema = z.discriminatedUnion('kind', [
  /** The stored one, for the same origin only. */
  z.strictObject({ kind: z.literal('kept') }),
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('new'), value: z.string().trim().min(1).max(4096) }),
])

const serviceInputSchema = z.strictObject({ ...serviceShape, key: keyChangeSchema })
export type DictationServiceInput = z.output<typeof serviceInputSchema>

export const dictationServiceSchema = z.object({ ...serviceShape, hasKey: z.boolean() })
export type DictationService = z.output<typeof dictationServiceSchema>

const serviceErrors = [
  /** The address is none, or holds credentials. */
  'address_unusable',
  /** The stored key was entered for another address. */
  'key_needed',
  'keychain_locked',
  'keychain_absent',
] as const
const transcriptionErrors = [
  ...serviceErrors,
  /** Nothing answers there, or it leads elsewhere; `message` says which. */
  'service_unreachable',
  /** It wants another key. */
  'service_refused',
  /** It answered with an error, in its own words. */
  'service_failed',
  /** What it answered is no transcription. */
  'answer_unusable',
] as const

export const dictation = {
  watch: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({}),
    output: z.object({
      service: dictationServiceSchema.nullable(),
      /** The system has a dictation of its own that the app can start. */
      hasSystemDictation: z.boolean(),
      /** False: all windows are in the tray or minimised, and nothing is listened to. */
      isSeen: z.boolean(),
    }),
    errors: [],
  }),
  /** Another computer than this one is asked about in a dialog that no page can press: it will hear what is said. */
  save: defineProcedure({
    kind: 'mutation',
    input: serviceInputSchema,
    output: z.null(),
    errors: [...serviceErrors, 'not_confirmed', 'not_saved'],
  }),
  turnOff: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({}),
    output: z.null(),
    errors: ['keychain_locked', 'keychain_absent', 'not_saved'],
  }),
  /** Has a second of silence written out, with what is typed. */
  test: defineProcedure({
    kind: 'mutation',
    input: serviceInputSchema,
    output: z.object({ milliseconds: z.number() }),
    errors: [...transcriptionErrors],
  }),
  /** Lets this window open the microphone once, within a few seconds. */
  allowMicrophone: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({}),
    output: z.null(),
    errors: ['not_set_up', 'microphone_refused'],
  }),
  /** A recording as WAV, base64 in pieces; the last one answers with what was said. */
  transcribe: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      recordingId: z.uuid(),
      /** In bytes: where the piece begins. */
      at: z.int().min(0).max(dictationMaxBytes),
      piece: z.string().max(720_000),
      isLast: z.boolean(),
    }),
    output: z.object({ text: z.string().optional() }),
    errors: [...transcriptionErrors, 'not_set_up', 'piece_missing', 'too_large'],
  }),
  /** macOS: the system's dictation, into the field that has the focus. */
  startSystemDictation: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({}),
    output: z.null(),
    errors: ['not_set_up'],
  }),
} as const
