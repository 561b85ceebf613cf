/** A file of a chat as it comes, for those too large to be kept: recordings of desktops. */
import { chatFilesRoutes } from '#bridge/contract/chats-files'
import { toError } from '#bridge/lib/to-error'
import { maxRecordingBytes, recordingTypes } from '#ipc/chat-recordings'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { chatFailure } from './chat-failures.ts'

export interface OpenChatFile {
  readonly mediaType: string
  /** As the server says; `null` where it does not. */
  readonly size: number | null
  /** @throws {ProcedureError} `too_large`, `unreachable` */
  readonly chunks: AsyncGenerator<Uint8Array, void>
  /** For who does not read it to its end. */
  cancel(): Promise<void>
}

/** @throws {ProcedureError} `rate_limited`, `too_large`, and what every call does */
export async function openChatFile(
  connection: Pick<DeploymentConnection, 'call'>,
  fileId: string,
  signal: AbortSignal,
): Promise<OpenChatFile> {
  const response = await connection.call(
    (client) => client.stream(chatFilesRoutes.get, { params: { file: fileId } }, signal, '*/*'),
    chatFailure({ 429: 'rate_limited' }),
  )
  const mediaType = (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const length = response.headers.get('content-length')
  const size = length !== null && /^\d{1,12}$/.test(length) ? Number(length) : null
  const cancel = async (): Promise<void> => response.body?.cancel()
  if (size !== null && size > maxRecordingBytes) {
    await cancel()
    throw tooLarge()
  }
  return { mediaType, size, chunks: chunksOf(response, signal), cancel }
}

async function* chunksOf(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
  if (response.body === null) return
  let bytes = 0
  try {
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength
      // Leaving the loop ends the connection: nothing more of it is read.
      if (bytes > maxRecordingBytes) throw tooLarge()
      yield chunk
    }
  } catch (thrown) {
    if (thrown instanceof ProcedureError || signal.aborted) throw thrown
    throw new ProcedureError('unreachable', 'The connection was lost before all of the file was there.', {
      cause: toError(thrown),
    })
  }
}

/** What is sent to the window at a time. */
const pieceBytes = 384 * 1024

/** What a server says of a file whose kind it does not tell. */
const untold = 'application/octet-stream'

/**
 * A recording in pieces. Its first bytes have to be those of a film, and the server must not call it anything else; no other
 * file gets to the window.
 *
 * @throws {ProcedureError} `type_refused`, and what `openChatFile` throws
 */
export async function* readRecording(
  connection: Pick<DeploymentConnection, 'call'>,
  fileId: string,
  signal: AbortSignal,
) {
  const { mediaType: said, size, chunks, cancel } = await openChatFile(connection, fileId, signal)
  if (said !== untold && !recordingTypes.some((known) => known === said)) {
    await cancel()
    throw notRecording()
  }
  let found: RecordingType | undefined
  for await (const piece of inPieces(chunks)) {
    found ??= recordingType(said, piece)
    if (found === undefined) throw notRecording()
    yield { mediaType: found, size, piece: Buffer.from(piece).toString('base64') }
  }
  if (found === undefined) throw notRecording()
}

async function* inPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let waiting: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      const part = chunk.subarray(at, at + pieceBytes)
      waiting.push(part)
      bytes += part.length
      if (bytes < pieceBytes) continue
      yield Buffer.concat(waiting)
      waiting = []
      bytes = 0
    }
  }
  if (bytes > 0) yield Buffer.concat(waiting)
}

type RecordingType = (typeof recordingTypes)[number]

/** Which film these bytes begin, where the server says the same or nothing: `ftyp` of ISO media, the first element of EBML. */
export function recordingType(said: string, bytes: Uint8Array): RecordingType | undefined {
  const head = Buffer.from(bytes.subarray(0, 12))
  const isMp4 = head.length >= 12 && head.toString('latin1', 4, 8) === 'ftyp'
  const found = isMp4 ? 'video/mp4' : head.toString('hex', 0, 4) === '1a45dfa3' ? 'video/webm' : undefined
  return said === found || said === untold ? found : undefined
}

function tooLarge(): ProcedureError {
  const most = String(maxRecordingBytes / 1024 / 1024)
  return new ProcedureError('too_large', `The file is larger than ${most} MiB, which no recording is.`)
}

function notRecording(): ProcedureError {
  return new ProcedureError('type_refused', 'The file is not a recording that can be played.')
}
