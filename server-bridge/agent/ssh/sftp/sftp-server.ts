import type { Duplex } from 'node:stream'
import type { Logger } from '../../../lib/logger.ts'
import type { TransportLoad } from '../../../lib/transport-load.ts'
import { announcedExtensions, answerExtended } from './extended-requests.ts'
import { fileRequests, unsupported } from './file-requests.ts'
import { OpenHandles } from './open-handles.ts'
import {
  encodePacket,
  PacketReader,
  PacketSplitter,
  packetType,
  SftpProtocolError,
  uint32,
} from '../../../lib/sftp-packets.ts'
import { pathRequests } from './path-requests.ts'
import { resolvePath } from './paths.ts'
import type { SftpHandlers } from './sftp-request.ts'
import { encodeFailure } from './status.ts'

const protocolVersion = 3
/** Requests a client has sent ahead, in bytes, above which it is not read on. */
const maxWaitingBytes = 512 * 1024
/** Answers on their way, above which the next request waits. */
const maxUnsentBytes = 1024 * 1024
const brokenProtocolStatus = 1

const handlers: SftpHandlers = {
  ...fileRequests,
  ...pathRequests,
  [packetType.extended]: answerExtended,
}

export interface SftpOptions {
  /** Where relative paths begin. */
  readonly directory: string
  /** What `~` stands for. */
  readonly homeDirectory: string
  /** See {@link SftpRequest.linkComesFirst}. */
  readonly linkComesFirst: boolean
  readonly load: TransportLoad
  readonly logger: Logger
  /** The client has ended, or cannot be understood. Carries the status of the session. */
  readonly onEnd: (status: number) => void
}

export interface SftpServer {
  /** The client is gone: closes what it had open. */
  release(): void
}

/**
 * Serves SFTP version 3 on a channel. Requests are answered one after the other in the order they came, so a client may
 * send as many ahead as it likes: what has no turn yet stays in its window, not in our memory.
 */
export function serveSftp(channel: Duplex, options: SftpOptions): SftpServer {
  const { load, logger } = options
  const splitter = new PacketSplitter()
  const handles = new OpenHandles()
  let isGreeted = false
  let isBusy = false
  let hasNews = false
  let inputEnded = false
  let isOver = false
  let wake = (): void => undefined

  channel.on('data', (chunk: Buffer) => {
    if (isOver) return
    splitter.push(chunk)
    if (splitter.waitingBytes > maxWaitingBytes) channel.pause()
    work()
  })
  channel.on('end', () => {
    inputEnded = true
    work()
  })
  const stopListening = load.onRelief(() => {
    wake()
  })

  function work(): void {
    hasNews = true
    if (isBusy) return
    isBusy = true
    answerAll().then(
      () => {
        isBusy = false
        // Several chunks may arrive in one turn, after the last look and before this.
        if (hasNews && !isOver) work()
        else if (inputEnded) end(0)
      },
      (error: unknown) => {
        logger.info('An SFTP client was cut off', { error: String(error) })
        end(brokenProtocolStatus)
      },
    )
  }

  async function answerAll(): Promise<void> {
    hasNews = false
    for (;;) {
      const packet = splitter.next()
      if (packet === undefined || isOver) break
      const answer = await answerPacket(packet)
      channel.write(answer, () => {
        wake()
      })
      if (splitter.waitingBytes <= maxWaitingBytes / 2) channel.resume()
      if (load.isHigh || channel.writableLength > maxUnsentBytes) await whenSent()
    }
    channel.resume()
  }

  async function answerPacket(bytes: Buffer): Promise<Buffer> {
    const packet = new PacketReader(bytes)
    const type = packet.byte()
    if (!isGreeted) {
      if (type !== packetType.init) throw new SftpProtocolError('The client does not begin with its version.')
      isGreeted = true
      return encodePacket(packetType.version, uint32(protocolVersion), announcedExtensions())
    }
    const id = packet.uint32()
    try {
      const handler = handlers[type]
      if (handler === undefined) throw unsupported('The request')
      const { homeDirectory, linkComesFirst } = options
      const resolve = (path: Buffer): Buffer => resolvePath(options.directory, path)
      return await handler({ id, packet, handles, homeDirectory, linkComesFirst, resolve })
    } catch (error) {
      if (error instanceof SftpProtocolError) throw error
      return encodeFailure(id, error)
    }
  }

  /** Until the client has taken what was sent, or is gone. */
  function whenSent(): Promise<void> {
    return new Promise((resolve) => {
      wake = () => {
        if (!isOver && (load.isHigh || channel.writableLength > maxUnsentBytes / 2)) return
        wake = () => undefined
        resolve()
      }
      wake()
    })
  }

  function end(status: number): void {
    if (isOver) return
    isOver = true
    stopListening()
    wake()
    handles.closeAll().catch((error: unknown) => {
      logger.warn('Files of an SFTP client could not be closed', { error: String(error) })
    })
    options.onEnd(status)
  }

  return {
    release: () => {
      end(0)
    },
  }
}
