import type { Dir } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import { uint32 } from '../../../lib/sftp-packets.ts'
import { SftpStatusError, statusCode } from './status.ts'

/** Fewer than a process may have open files, with room for everything else the agent does. */
export const maxOpenHandles = 256

export type OpenHandle =
  | { readonly kind: 'file'; readonly file: FileHandle; readonly isAppending: boolean }
  | { readonly kind: 'directory'; readonly directory: Dir; readonly path: Buffer }

/** The files and directories one client has open. */
export class OpenHandles {
  readonly #handles = new Map<number, OpenHandle>()
  #next = 0

  /** @throws {SftpStatusError} before anything is opened that could not be kept. */
  requireRoom(): void {
    if (this.#handles.size < maxOpenHandles) return
    throw new SftpStatusError(statusCode.failure, 'Too many open files')
  }

  /** Answers what the client calls it from now on. */
  add(handle: OpenHandle): Buffer {
    const id = this.#next
    this.#next = (this.#next + 1) % 2 ** 32
    this.#handles.set(id, handle)
    return uint32(id)
  }

  /** @throws {SftpStatusError} unless it is an open file. */
  file(name: Buffer): Extract<OpenHandle, { kind: 'file' }> {
    const handle = this.#find(name)
    if (handle?.kind === 'file') return handle
    throw invalidHandle()
  }

  /** @throws {SftpStatusError} unless it is an open directory. */
  directory(name: Buffer): Extract<OpenHandle, { kind: 'directory' }> {
    const handle = this.#find(name)
    if (handle?.kind === 'directory') return handle
    throw invalidHandle()
  }

  /** @throws {SftpStatusError} when it is not open, else what closing throws: data may be lost only then. */
  async close(name: Buffer): Promise<void> {
    const handle = this.#find(name)
    if (handle === undefined) throw invalidHandle()
    this.#handles.delete(name.readUInt32BE())
    await closeHandle(handle)
  }

  async closeAll(): Promise<void> {
    const handles = [...this.#handles.values()]
    this.#handles.clear()
    await Promise.allSettled(handles.map(closeHandle))
  }

  #find(name: Buffer): OpenHandle | undefined {
    return name.length === 4 ? this.#handles.get(name.readUInt32BE()) : undefined
  }
}

function invalidHandle(): SftpStatusError {
  return new SftpStatusError(statusCode.failure, 'Invalid handle')
}

function closeHandle(handle: OpenHandle): Promise<void> {
  return handle.kind === 'file' ? handle.file.close() : handle.directory.close()
}
