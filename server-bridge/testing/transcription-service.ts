/** A service of transcription on a real socket: reads the form as OpenAI's API does, keeps what it heard, and answers text. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One recording that came in. */
export interface HeardRecording {
  readonly path: string
  readonly authorization: string | undefined
  readonly model: string | undefined
  readonly language: string | undefined
  readonly format: string | undefined
  readonly fileName: string
  readonly mediaType: string
  readonly wav: WavFacts
}

export interface WavFacts {
  readonly sampleRate: number
  readonly channels: number
  readonly bitsPerSample: number
  readonly seconds: number
  /** Of the loudest sample, 0 to 1. */
  readonly peak: number
}

/** What it answers in place of a transcription. */
export interface OddAnswer {
  readonly status?: number
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export interface TranscriptionService {
  readonly url: string
  readonly heard: readonly HeardRecording[]
  /** What was said in the next recordings. */
  says(text: string): void
  /** Answers so from now on; undefined: as usual. */
  answers(odd: OddAnswer | undefined): void
  /** From now on answers wait until this is called; the returned function lets them go. */
  hold(): () => void
  close(): Promise<void>
}

export async function startTranscriptionService(): Promise<TranscriptionService> {
  const heard: HeardRecording[] = []
  let text = 'Hello'
  let odd: OddAnswer | undefined
  let held: Promise<void> = Promise.resolve()
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    heard.push(await readRecording(request))
    await held
    if (odd === undefined) {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ text }))
      return
    }
    const { status = 200, type = 'application/json', headers, body } = odd
    response.writeHead(status, { 'content-type': type, ...headers }).end(body)
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { message: String(error) } }))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    heard,
    says: (next) => void (text = next),
    answers: (next) => void (odd = next),
    hold() {
      let release: () => void = () => undefined
      held = new Promise((resolve) => (release = resolve))
      return release
    },
    async close() {
      server.closeAllConnections()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}

async function readRecording(request: IncomingMessage): Promise<HeardRecording> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const form = await new Response(new Uint8Array(Buffer.concat(chunks)), {
    headers: { 'content-type': request.headers['content-type'] ?? '' },
  }).formData()
  const file = form.get('file')
  if (file === null || typeof file === 'string') throw new Error('The form has no file.')
  const field = (name: string): string | undefined => {
    const value = form.get(name)
    return typeof value === 'string' ? value : undefined
  }
  return {
    path: `${request.method ?? ''} ${request.url ?? ''}`,
    authorization: request.headers.authorization,
    model: field('model'),
    language: field('language'),
    format: field('response_format'),
    fileName: file.name,
    mediaType: file.type,
    wav: wavFacts(Buffer.from(await file.arrayBuffer())),
  }
}

/** Reads a WAV of one block of samples. @throws when it is none. */
export function wavFacts(wav: Buffer): WavFacts {
  const tag = (at: number): string => wav.toString('latin1', at, at + 4)
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE' || tag(12) !== 'fmt ' || tag(36) !== 'data')
    throw new Error('This is no WAV.')
  if (wav.readUInt32LE(4) !== wav.length - 8 || wav.readUInt32LE(40) !== wav.length - 44)
    throw new Error('The sizes in the WAV are wrong.')
  if (wav.readUInt16LE(20) !== 1) throw new Error('The WAV is not PCM.')
  const channels = wav.readUInt16LE(22)
  const sampleRate = wav.readUInt32LE(24)
  const bitsPerSample = wav.readUInt16LE(34)
  let peak = 0
  for (let at = 44; at + 1 < wav.length; at += 2) peak = Math.max(peak, Math.abs(wav.readInt16LE(at)))
  return {
    sampleRate,
    channels,
    bitsPerSample,
    seconds: (wav.length - 44) / (sampleRate * channels * (bitsPerSample / 8)),
    peak: peak / 32768,
  }
}
