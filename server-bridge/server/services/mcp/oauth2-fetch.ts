import { z } from 'zod'

/** A provider answers in less, or not at all. */
const TIMEOUT_MS = 10_000
const MAX_ANSWER_BYTES = 1024 * 1024

/** An OAuth2 provider could not be asked, or answered something else. The message is fit for an answer. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly status: number | undefined
  constructor(message: string, status?: number) {
    super(message)
    this.status = status
  }
}

export type ProviderFetch = (url: string, init: RequestInit) => Promise<Response>

/**
 * Asks a provider for JSON. Never follows a redirect: what it would carry along is a code or a secret.
 *
 * @throws {ProviderError} when there is no answer, none of status 2xx, or none of this shape.
 */
export async function askProvider<T extends z.ZodType>(
  fetch: ProviderFetch,
  url: string,
  init: RequestInit,
  schema: T,
): Promise<z.output<T>> {
  const response = await fetch(url, {
    ...init,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new ProviderError(`${hostOf(url)} could not be reached: ${reasonOf(error)}`)
  })
  const body = await readLimited(response, url)
  if (!response.ok)
    throw new ProviderError(
      `${hostOf(url)} answered with status ${response.status}${errorCodeOf(body)}.`,
      response.status,
    )
  const parsed = schema.safeParse(parseJson(body))
  if (!parsed.success) throw new ProviderError(`${hostOf(url)} did not answer what OAuth2 asks for.`)
  return parsed.data
}

const hostOf = (url: string): string => new URL(url).host

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof Error) return cause.message
  return error instanceof Error ? error.message : String(error)
}

async function readLimited(response: Response, url: string): Promise<string> {
  const parts: Uint8Array[] = []
  let bytes = 0
  try {
    for await (const part of (response.body ?? []) as AsyncIterable<Uint8Array>) {
      bytes += part.byteLength
      if (bytes > MAX_ANSWER_BYTES) throw new ProviderError(`${hostOf(url)} answered too much.`)
      parts.push(part)
    }
  } catch (error) {
    if (error instanceof ProviderError) throw error
    throw new ProviderError(`${hostOf(url)} broke off its answer.`)
  }
  return Buffer.concat(parts).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const errorSchema = z.object({ error: z.string().regex(/^[\w.-]{1,64}$/) })

/** The word of RFC 6749, 5.2, and nothing else of the answer: that could repeat what was sent. */
function errorCodeOf(body: string): string {
  const parsed = errorSchema.safeParse(parseJson(body))
  return parsed.success ? ` (${parsed.data.error})` : ''
}
