/** A file of a chat as it comes, for those too large to be kept: recordings of desktops. */
import { chatFilesRoutes } from '#bridge/contract/chats-files'
import { toError } from '#bridge/lib/to-error'
import { maxRecordingBytes, recordingTypes } from '#ipc/chats'
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

/**
 * A recording in pieces. What it is has to be said by the server and shown by its first bytes; anything else never gets to
 * the window.
 *
 * @throws {ProcedureError} `type_refused`, and what `openChatFile` throws
 */
export async function* readRecording(
  connection: Pick<DeploymentConnection, 'call'>,
  fileId: string,
  signal: AbortSignal,
) {
  const { mediaType, size, chunks, cancel } = await openChatFile(connection, fileId, signal)
  const type = recordingTypes.find((known) => known === mediaType)
  if (type === undefined) {
    await cancel()
    throw notRecording()
  }
  let isKnown = false
  for await (const piece of inPieces(chunks)) {
    isKnown ||= beginsAs(type, piece)
    if (!isKnown) throw notRecording()
    yield { mediaType: type, size, piece: Buffer.from(piece).toString('base64') }
  }
  if (!isKnown) throw notRecording()
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

/** `ftyp` of ISO media, and the first element of EBML. */
function beginsAs(type: (typeof recordingTypes)[number], bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 12))
  if (type === 'video/mp4') return head.length >= 12 && head.toString('latin1', 4, 8) === 'ftyp'
  return head.toString('hex', 0, 4) === '1a45dfa3'
}

function tooLarge(): ProcedureError {
  const most = String(maxRecordingBytes / 1024 / 1024)
  return new ProcedureError('too_large', `The file is larger than ${most} MiB, which no recording is.`)
}

function notRecording(): ProcedureError {
  return new ProcedureError('type_refused', 'The file is not a recording that can be played.')
}
