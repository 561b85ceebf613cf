/** Files of chats: sent in pieces from the window, and read once, since servers allow few reads a minute. */
import { chatFilesRoutes, chatFileTypes, maxChatFileBytes } from '#bridge/contract/chats-files'
import type { ProcedureInput } from '#ipc/procedure'
import type { Contract } from '#ipc/contract'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { chatFailure } from './chat-failures.ts'
import { openChatFile, recordingType } from './chat-file-stream.ts'
import { organizationOf } from './chat-organization.ts'

type UploadInput = ProcedureInput<Contract['chats']['uploadFile']>

export interface ChatFiles {
  /** One piece; the last sends the whole. */
  upload(input: UploadInput, signal: AbortSignal): Promise<{ fileId?: string }>
  read(
    target: { readonly deploymentId: string; readonly fileId: string },
    signal: AbortSignal,
  ): Promise<{ readonly mediaType: string; readonly bytes: Uint8Array }>
  /** Of any size up to that of a recording, which is not kept. */
  readLarge(
    target: { readonly deploymentId: string; readonly fileId: string },
    signal: AbortSignal,
  ): Promise<{ readonly mediaType: string; readonly bytes: Uint8Array }>
}

/** Uploads that a window began and did not end. */
const MAX_OPEN = 20
const MAX_KEPT_BYTES = 64 * 1024 * 1024

const refusals = chatFailure({
  404: 'unsupported',
  413: 'too_large',
  429: 'rate_limited',
})

export function createChatFiles(connection: (deploymentId: string) => DeploymentConnection): ChatFiles {
  const open = new Map<string, Buffer[]>()
  const kept = createByteCache(MAX_KEPT_BYTES)

  /** The whole, once its last piece is there. */
  const take = (input: UploadInput): Buffer | undefined => {
    const key = `${input.deploymentId}/${input.uploadId}`
    const pieces = open.get(key) ?? []
    open.delete(key)
    const before = sizeOf(pieces)
    // What was forgotten meanwhile must not be sent without its beginning.
    if (before !== input.at)
      throw new ProcedureError(
        'piece_missing',
        `A part of ${input.name} was lost on the way. Attach it again.`,
      )
    pieces.push(Buffer.from(input.piece, 'base64'))
    if (sizeOf(pieces) > maxChatFileBytes)
      throw new ProcedureError('too_large', `${input.name} is larger than 10 MiB. Attach a smaller file.`)
    if (input.isLast) return Buffer.concat(pieces)
    open.set(key, pieces)
    // The oldest is the one whose window forgot it.
    for (const oldest of open.keys()) {
      if (open.size <= MAX_OPEN) break
      open.delete(oldest)
    }
    return undefined
  }

  return {
    async upload(input, signal) {
      const bytes = take(input)
      if (bytes === undefined) return {}
      if (!(chatFileTypes as readonly string[]).includes(input.mediaType))
        throw new ProcedureError('type_refused', `A chat does not take files of the type ${input.mediaType}.`)
      const headers = {
        'Content-Type': input.mediaType,
        'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(input.name)}`,
      }
      const { id } = await connection(input.deploymentId).call(async (client) => {
        const organization = await organizationOf(client, { organizationId: input.organizationId }, signal)
        return client.sendBytes(
          chatFilesRoutes.upload,
          { query: { organization } },
          { bytes, headers },
          { signal },
        )
      }, refusals)
      kept.set(`${input.deploymentId}/${id}`, { mediaType: input.mediaType, bytes: new Uint8Array(bytes) })
      return { fileId: id }
    },
    async read({ deploymentId, fileId }, signal) {
      const key = `${deploymentId}/${fileId}`
      const known = kept.get(key)
      if (known) return known
      const read = await connection(deploymentId).call(
        (client) =>
          client.readBytes(chatFilesRoutes.get, { params: { file: fileId } }, maxChatFileBytes, signal),
        chatFailure({ 429: 'rate_limited' }),
      )
      const file = { mediaType: read.contentType, bytes: read.bytes }
      kept.set(key, file)
      return file
    },
    async readLarge({ deploymentId, fileId }, signal) {
      const known = kept.get(`${deploymentId}/${fileId}`)
      if (known) return known
      const { mediaType, chunks } = await openChatFile(connection(deploymentId), fileId, signal)
      const read: Uint8Array[] = []
      for await (const chunk of chunks) read.push(chunk)
      const bytes = Buffer.concat(read)
      return { mediaType: recordingType(mediaType, bytes) ?? mediaType, bytes }
    },
  }
}

const extensions: ReadonlyMap<string, string> = new Map([
  ['application/json', '.json'],
  ['application/pdf', '.pdf'],
  ['image/gif', '.gif'],
  ['image/jpeg', '.jpg'],
  ['image/png', '.png'],
  ['image/webp', '.webp'],
  ['text/csv', '.csv'],
  ['text/markdown', '.md'],
  ['text/plain', '.txt'],
  ['video/mp4', '.mp4'],
  ['video/webm', '.webm'],
])

/**
 * A server's name for a file as one to save it by. It leads nowhere else and looks like what it is: only the last part of a
 * path, without characters that turn the words around them or that a system does not take.
 */
export function suggestedName(name: string, mediaType: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const plain = last.replaceAll(/[\p{C}\p{Zl}\p{Zp}<>:"|?*]/gu, '').replaceAll(/^[. ]+|[. ]+$/g, '') || 'file'
  if (/\.[^. ]+$/.test(plain)) return plain
  return plain + (extensions.get(mediaType.split(';')[0]?.trim() ?? '') ?? '')
}

function sizeOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0)
}

interface KeptFile {
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** Keeps what was used last, up to a size. */
function createByteCache(maxBytes: number) {
  const files = new Map<string, KeptFile>()
  let size = 0
  return {
    get(key: string): KeptFile | undefined {
      const file = files.get(key)
      if (file) {
        files.delete(key)
        files.set(key, file)
      }
      return file
    },
    set(key: string, file: KeptFile): void {
      size += file.bytes.length - (files.get(key)?.bytes.length ?? 0)
      files.delete(key)
      files.set(key, file)
      for (const [oldest, { bytes }] of files) {
        if (size <= maxBytes) break
        size -= bytes.length
        files.delete(oldest)
      }
    },
  }
}
