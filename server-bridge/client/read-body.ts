import { holdsTooMuch } from './answer-size.ts'
import { connectionError } from './connection-failure.ts'
import { ConnectionError } from './errors.ts'

/**
 * Reads a body up to a size. A server that sends more is not read on: it would fill the memory of the process.
 *
 * @param onChunk Told about progress, so that a time limit can be one of silence.
 */
export async function readBody(response: Response, limits: BodyLimits): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of chunksOf(response, limits)) text += decoder.decode(chunk, { stream: true })
  return text + decoder.decode()
}

/** As `readBody`, of a body that is no text. */
export async function readBytes(response: Response, limits: BodyLimits): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of chunksOf(response, limits)) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}

interface BodyLimits {
  readonly maxBytes: number
  readonly host: string
  readonly onChunk?: () => void
}

async function* chunksOf(response: Response, limits: BodyLimits): AsyncGenerator<Uint8Array, void> {
  if (response.body === null) return
  let bytes = 0
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    limits.onChunk?.()
    bytes += chunk.byteLength
    if (bytes > limits.maxBytes) {
      // Leaving the loop cancels the stream, and with it the connection.
      throw new ConnectionError({
        code: 'not_coder',
        host: limits.host,
        message: `${limits.host} sent more than ${String(Math.floor(limits.maxBytes / 1024 / 1024))} MiB in one answer.`,
      })
    }
    yield chunk
  }
}

/** The kind of content, without its parameters. */
export function contentType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/** Parses JSON that came with the promise to be JSON. */
export function parseJson(text: string, host: string): unknown {
  if (holdsTooMuch(text)) {
    throw new ConnectionError({
      code: 'not_coder',
      host,
      message: `${host} sent more in one answer than Coder ever does.`,
    })
  }
  try {
    return JSON.parse(text) as unknown
  } catch (thrown) {
    throw connectionError('not_coder', host, thrown)
  }
}
