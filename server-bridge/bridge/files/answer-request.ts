/** Does what a window asked of a place, on an open connection. */
import type { FilesAnswers, FilesEvent, FilesOp, FilesRequest } from '../../contract/remote-files.ts'
import { deleteTree, makeFile, makeFolder, renameEntry } from './change-files.ts'
import { findFiles } from './find-files.ts'
import { describeEntry, listFolder } from './list-folder.ts'
import type { PlaceSession } from './place-connection.ts'
import { readText } from './read-text.ts'
import { saveAsRoot } from './save-as-root.ts'
import { saveText } from './save-text.ts'
import { searchText } from './search-text.ts'
import { createTrash } from './trash.ts'

export interface RequestContext {
  readonly session: PlaceSession
  readonly signal: AbortSignal
  /** Resolves when the window takes more. */
  readonly send: (event: FilesEvent) => Promise<void>
  /** Local time without a zone. */
  readonly localTime: () => string
}

/** @throws {FilesFailure}, what SFTP throws */
export async function answerRequest(
  request: FilesRequest,
  context: RequestContext,
): Promise<FilesAnswers[FilesOp]> {
  const { session, signal, send } = context
  const { ssh, sftp } = session
  switch (request.op) {
    case 'home':
      return { path: await sftp.realpath('.') }
    case 'realpath':
      return { path: await sftp.realpath(request.path) }
    case 'list':
      return listFolder(sftp, request.path, signal, (entries) => send({ kind: 'entries', entries }))
    case 'stat':
      return { entry: await describeEntry(sftp, request.path) }
    case 'make-folder':
      return nothing(makeFolder(sftp, request.path))
    case 'make-file':
      return nothing(makeFile(sftp, request.path))
    case 'rename':
      return nothing(renameEntry(sftp, request.from, request.to, request.replace))
    case 'chmod':
      return nothing(sftp.setstat(request.path, { permissions: request.mode }))
    case 'read':
      return readText(sftp, request.path, request.maxBytes, signal)
    case 'save':
      return saveText(sftp, request, signal)
    case 'save-as-root':
      return saveAsRoot(ssh, request, request.password, signal)
    case 'find-files':
      return findFiles(session, request.folder, signal, (paths) => send({ kind: 'paths', paths }))
    case 'search':
      return searchText(ssh, request, signal, (matches) => send({ kind: 'matches', matches }))
    default:
      return removeOrTrash(request, context)
  }
}

type Removal = Extract<FilesRequest, { readonly op: 'trash' | 'restore' | 'list-trash' | 'purge' | 'delete' }>

async function removeOrTrash(
  request: Removal,
  { session: { sftp }, signal, send, localTime }: RequestContext,
): Promise<FilesAnswers[FilesOp]> {
  const home = await sftp.realpath('.')
  const trash = createTrash(sftp, home, localTime)
  const onRemoved = (count: number): Promise<void> => send({ kind: 'removed', count })
  switch (request.op) {
    case 'trash':
      return { item: await trash.put(request.path) }
    case 'restore':
      return { path: await trash.restore(request.name) }
    case 'list-trash':
      return trash.list((items) => send({ kind: 'trash', items }))
    case 'purge':
      return nothing(trash.purge(request.name, { signal, onRemoved }))
    case 'delete':
      return nothing(deleteTree(sftp, request.path, { home, signal, onRemoved }))
  }
}

async function nothing(work: Promise<void>): Promise<null> {
  await work
  return null
}
