import type { OpenHandles } from './open-handles.ts'
import type { PacketReader } from '../../../lib/sftp-packets.ts'

/** One request as its handler sees it: the packet stands behind the request's number. */
export interface SftpRequest {
  readonly id: number
  readonly packet: PacketReader
  readonly handles: OpenHandles
  readonly homeDirectory: string
  /** The client's symlink has the link before the target. */
  readonly linkComesFirst: boolean
  /** The absolute form of a client's path. */
  resolve(path: Buffer): Buffer
}

/** Answers the whole packet; what it throws becomes a status. */
export type SftpHandler = (request: SftpRequest) => Promise<Buffer>
export type SftpHandlers = Readonly<Record<number, SftpHandler>>
