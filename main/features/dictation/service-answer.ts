/** What a service of transcription says, read as a stranger's word. */
import { z } from 'zod'
import { holdsTooMuch } from '#bridge/client/answer-size'
import { ProcedureError } from '../../lib/procedure-error.ts'

const transcriptionSchema = z.looseObject({ text: z.string() })
/** OpenAI's form, FastAPI's, and that of smaller servers. */
const errorSchema = z.union([
  z.looseObject({ error: z.looseObject({ message: z.string() }) }).transform(({ error }) => error.message),
  z.looseObject({ error: z.string() }).transform(({ error }) => error),
  z.looseObject({ detail: z.string() }).transform(({ detail }) => detail),
  z.looseObject({ message: z.string() }).transform(({ message }) => message),
])

/** More is not said in five minutes. */
const maxChars = 100_000
const maxQuoted = 300
/** Controls, characters that turn the words around them, and those that nobody sees: none of them was said. */
const unsaid = /[\p{Cc}\u202A-\u202E\u2066-\u2069\u{E0000}-\u{E007F}]/gu

/** What was said. @throws {ProcedureError} `answer_unusable` */
export function readTranscription(host: string, type: string, text: string): string {
  if (type === 'text/html')
    throw unusable(`${host} answers with a web page, not with a transcription. Check the address.`)
  const parsed = transcriptionSchema.safeParse(parseJson(text))
  if (!parsed.success)
    throw unusable(`${host} answers, but not as a service of transcription does. Check the address.`)
  const said = parsed.data.text
  if (said.length > maxChars)
    throw unusable(`${host} answered with more text than can be said in five minutes.`)
  return said
    .split(/\r?\n/)
    .map((line) => line.replaceAll('\t', ' ').replaceAll(unsaid, '').trim())
    .join('\n')
    .trim()
}

/**
 * A service's refusal, in its own words where it has some.
 *
 * @param mask takes the key out of what the service repeats.
 */
export function readServiceError(
  host: string,
  status: number,
  text: string,
  mask: (text: string) => string,
): ProcedureError {
  const words = wordsOf(text, mask)
  if (status === 401 || status === 403)
    return new ProcedureError(
      'service_refused',
      `${host} does not take the key, or wants one${words}. Check it in the settings of dictation.`,
    )
  if (status === 404 || status === 405)
    return new ProcedureError(
      'service_failed',
      `${host} has no such address or model (${String(status)}${words}). Check both in the settings of dictation.`,
    )
  if (status === 413)
    return new ProcedureError('service_failed', `The recording is too long for ${host}${words}.`)
  if (status === 429)
    return new ProcedureError('service_failed', `${host} has too much to do${words}. Try again in a while.`)
  return new ProcedureError('service_failed', `${host} answered with an error (${String(status)}${words}).`)
}

function wordsOf(text: string, mask: (text: string) => string): string {
  const parsed = errorSchema.safeParse(parseJson(text))
  if (!parsed.success) return ''
  const plain = mask(parsed.data.slice(0, 4000))
    .replaceAll(/\s+/g, ' ')
    .replaceAll(unsaid, '')
    .trim()
    .replace(/\.$/, '')
  if (plain === '') return ''
  return `: “${plain.length > maxQuoted ? `${plain.slice(0, maxQuoted)}…` : plain}”`
}

function parseJson(text: string): unknown {
  if (holdsTooMuch(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unusable(message: string): ProcedureError {
  return new ProcedureError('answer_unusable', message)
}
