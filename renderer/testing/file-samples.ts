/** A workspace's files for component tests: answers over the fake byte port as the bridge would. */
import type {
  FilesAnswers,
  FilesError,
  FilesErrorCode,
  FilesEvent,
  FilesOp,
  FilesRequest,
  ReadText,
  RemoteEntry,
} from '#bridge/contract/remote-files'
import type { Transfer, WindowToTransfers } from '#bridge/contract/file-transfers'
import { createFakePort, type FakePort } from './fake-port.ts'
import { sampleId } from './wire-samples.ts'

export function sampleEntry(name: string, change: Partial<RemoteEntry> = {}): RemoteEntry {
  const isFolder = change.kind === 'folder'
  return {
    name,
    kind: 'file',
    target: null,
    mode: isFolder ? 0o040755 : 0o100644,
    uid: 1000,
    gid: 1000,
    size: isFolder ? 4096 : 1200,
    mtime: 1_790_000_000,
    ...change,
  }
}

const hash = 'a'.repeat(64)

export function sampleText(text: string, change: Partial<ReadText> = {}): ReadText {
  const bytes = new TextEncoder().encode(text)
  return {
    path: '/home/owner/notes.txt',
    bytes,
    size: bytes.byteLength,
    isTruncated: false,
    version: { mtime: 1_790_000_000, size: bytes.byteLength, sha256: hash },
    isBinary: false,
    encoding: 'utf-8',
    hasBom: false,
    eol: 'lf',
    hasMixedEol: false,
    mode: 0o100644,
    uid: 1000,
    gid: 1000,
    ...change,
  }
}

/** A refusal of the bridge; throw it from an answer. */
export class FilesRefusal extends Error {
  readonly error: FilesError

  constructor(code: FilesErrorCode, message: string, current?: FilesError['current']) {
    super(message)
    this.error = current === undefined ? { code, message } : { code, message, current }
  }
}

type RequestOf<Op extends FilesOp> = Extract<FilesRequest, { op: Op }>
type Send = (event: FilesEvent) => void

export interface FakeFiles {
  readonly port: FakePort
  /** All requests so far, oldest first. */
  readonly requests: readonly FilesRequest[]
  readonly requestsOf: <Op extends FilesOp>(op: Op) => RequestOf<Op>[]
  answer<Op extends FilesOp>(
    op: Op,
    handler: (request: RequestOf<Op>, send: Send) => FilesAnswers[Op] | Promise<FilesAnswers[Op]>,
  ): void
  /** Answers `list` and `realpath` from folders by path. */
  haveFolders(folders: Readonly<Record<string, readonly RemoteEntry[]>>): void
  readonly transferMessages: readonly WindowToTransfers[]
}

/** Answers come in a later task, as over a real port. */
export function createFakeFiles(): FakeFiles {
  const requests: FilesRequest[] = []
  const transferMessages: WindowToTransfers[] = []
  const handlers = new Map<FilesOp, (request: never, send: Send) => unknown>()
  const port = createFakePort()
  const answerOne = async (requestId: string, request: FilesRequest): Promise<void> => {
    await Promise.resolve()
    try {
      const handler = handlers.get(request.op)
      if (!handler) throw new FilesRefusal('failed', `The fake files have no answer for ${request.op}.`)
      const value = await handler(request as never, (event) =>
        port.receive({ type: 'files-event', requestId, event }),
      )
      port.receive({
        type: 'files-answer',
        requestId,
        result: { ok: true, value: value as FilesAnswers[FilesOp] },
      })
    } catch (thrown) {
      if (!(thrown instanceof FilesRefusal)) throw thrown
      port.receive({ type: 'files-answer', requestId, result: { ok: false, error: thrown.error } })
    }
  }
  const answer: FakeFiles['answer'] = (op, handler) => void handlers.set(op, handler)
  return {
    port: {
      ...port,
      send: (message) => {
        if (!port.send(message)) return false
        if (message.type === 'files-request') {
          requests.push(message.request)
          void answerOne(message.requestId, message.request)
        } else if (message.type.startsWith('transfers-')) transferMessages.push(message as WindowToTransfers)
        return true
      },
    },
    requests,
    transferMessages,
    requestsOf: <Op extends FilesOp>(op: Op) =>
      requests.filter((request): request is RequestOf<Op> => request.op === op),
    answer,
    haveFolders: (folders) => {
      answer('realpath', ({ path }) => ({ path }))
      answer('list', ({ path }, send) => {
        const entries = folders[path]
        if (!entries) throw new FilesRefusal('not_found', `“${path}” is not there.`)
        send({ kind: 'entries', entries })
        return { count: entries.length, isTruncated: false }
      })
    },
  }
}

export function sampleTransfer(index: number, change: Partial<Transfer> = {}): Transfer {
  return {
    transferId: sampleId(52, index),
    batchId: sampleId(53),
    direction: 'upload',
    place: { deploymentId: 'local', workspaceId: sampleId(2), agentName: 'main' },
    name: `file-${index}.bin`,
    isFolder: false,
    remotePath: `/home/owner/file-${index}.bin`,
    state: { kind: 'running' },
    bytesTotal: 1000,
    bytesDone: 250,
    filesTotal: 1,
    filesDone: 0,
    bytesPerSecond: 100,
    currentName: '',
    ...change,
  }
}
