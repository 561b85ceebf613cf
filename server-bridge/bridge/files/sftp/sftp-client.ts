/**
 * A client of SFTP version 3 on a channel of SSH. Its own, since names are bytes here and a file's bytes must not be
 * copied more than once: ssh2's client knows names as UTF-8 only.
 */
import type { Client, ClientChannel } from 'ssh2'
import {
  encodePacket,
  maxPacketBytes,
  PacketReader,
  PacketSplitter,
  packetType,
  string,
  uint32,
  uint64,
} from '../../../lib/sftp-packets.ts'
import { toError } from '../../../lib/to-error.ts'
import { createPacketMemory } from './packet-memory.ts'
import { encodeNewAttributes, readStats, type NewAttributes, type RemoteStats } from './remote-attributes.ts'
import { bytesOfName, textOfName } from './remote-names.ts'
import { SftpError, sftpStatus } from './sftp-error.ts'

/** Flags of `open` (draft-ietf-secsh-filexfer-02, section 6.3). */
export const openFlag = {
  read: 0x1,
  write: 0x2,
  append: 0x4,
  create: 0x8,
  truncate: 0x10,
  exclusive: 0x20,
} as const

/** What every server has to take (section 3), where it does not say more. */
const defaultDataBytes = 32 * 1024
/** Of a name and its attributes in one `name` answer; servers send some hundred. */
const maxNames = 100_000

export interface NamedStats {
  readonly name: string
  readonly stats: RemoteStats
}

type Waiting = { readonly resolve: (packet: Answer) => void; readonly reject: (error: Error) => void }
interface Answer {
  readonly type: number
  readonly packet: PacketReader
}

export class SftpClient {
  readonly #channel: ClientChannel
  readonly #memory = createPacketMemory()
  readonly #splitter = new PacketSplitter(this.#memory.allocate)
  readonly #waiting = new Map<number, Waiting>()
  readonly #extensions = new Set<string>()
  readonly #greeted: Promise<void>
  #onGreeted: { resolve: () => void; reject: (error: Error) => void } | undefined
  #nextId = 0
  #ended: SftpError | undefined
  /** Largest data of one read or write that the server takes. */
  maxReadBytes = defaultDataBytes
  maxWriteBytes = defaultDataBytes

  private constructor(channel: ClientChannel) {
    this.#channel = channel
    this.#greeted = new Promise((resolve, reject) => {
      this.#onGreeted = { resolve, reject }
    })
    channel.on('data', (chunk: Buffer) => {
      this.#take(chunk)
    })
    // Its standard error would fill the window; nothing in it helps anybody.
    channel.stderr.resume()
    channel.on('error', (error: Error) => {
      this.#end(error.message)
    })
    channel.on('close', () => {
      this.#end('The connection to the workspace was lost.')
    })
    channel.write(encodePacket(packetType.init, uint32(3)))
  }

  /** Opens a channel and greets. @throws {SftpError} */
  static async open(ssh: Client): Promise<SftpClient> {
    const channel = await new Promise<ClientChannel>((resolve, reject) => {
      try {
        ssh.subsys('sftp', (error, opened) => {
          if (error === undefined) resolve(opened)
          else if (/subsystem|refused|open failed/i.test(error.message)) {
            reject(new SftpError(sftpStatus.unsupported, 'The workspace offers no SFTP.'))
          } else reject(new SftpError(sftpStatus.noConnection, error.message))
        })
      } catch (thrown) {
        // The library throws once its stream has ended.
        reject(new SftpError(sftpStatus.noConnection, toError(thrown).message))
      }
    })
    const client = new SftpClient(channel)
    await client.#greeted
    if (client.has('limits@openssh.com')) await client.#learnLimits()
    return client
  }

  has(extension: string): boolean {
    return this.#extensions.has(extension)
  }

  get isEnded(): boolean {
    return this.#ended !== undefined
  }

  end(): void {
    this.#end('The connection was closed.')
    this.#channel.destroy()
  }

  lstat(path: string): Promise<RemoteStats> {
    return this.#stats(packetType.lstat, string(bytesOfName(path)))
  }

  stat(path: string): Promise<RemoteStats> {
    return this.#stats(packetType.stat, string(bytesOfName(path)))
  }

  fstat(handle: Buffer): Promise<RemoteStats> {
    return this.#stats(packetType.fstat, string(handle))
  }

  realpath(path: string): Promise<string> {
    return this.#onePath(packetType.realpath, path)
  }

  /** The text of a link, as it was made. */
  readlink(path: string): Promise<string> {
    return this.#onePath(packetType.readlink, path)
  }

  async open(path: string, flags: number, attributes: NewAttributes = {}): Promise<Buffer> {
    return this.#handle(
      packetType.open,
      string(bytesOfName(path)),
      uint32(flags),
      encodeNewAttributes(attributes),
    )
  }

  opendir(path: string): Promise<Buffer> {
    return this.#handle(packetType.opendir, string(bytesOfName(path)))
  }

  /** The next entries in the server's order, `.` and `..` left out; `null` at the end. */
  async readdir(handle: Buffer): Promise<readonly NamedStats[] | null> {
    const answer = await this.#request(packetType.readdir, string(handle))
    if (answer.type === packetType.status) {
      requireStatus(answer.packet, sftpStatus.eof)
      return null
    }
    const { packet } = expectType(answer, packetType.name)
    const entries: NamedStats[] = []
    const count = Math.min(packet.uint32(), maxNames)
    for (let index = 0; index < count; index += 1) {
      const name = Buffer.from(packet.bytes())
      packet.bytes()
      const stats = readStats(packet)
      // A name with a slash or none would be another path than it says.
      if (name.length === 0 || name.includes(0x2f) || name.includes(0)) continue
      const text = textOfName(name)
      if (text !== '.' && text !== '..') entries.push({ name: text, stats })
    }
    return entries
  }

  /** A view of the answer, to be given back by {@link done}; `null` at the end of the file. */
  async read(handle: Buffer, position: number, length: number): Promise<Buffer | null> {
    const answer = await this.#request(packetType.read, string(handle), uint64(position), uint32(length))
    if (answer.type === packetType.status) {
      requireStatus(answer.packet, sftpStatus.eof)
      return null
    }
    const data = expectType(answer, packetType.data).packet.bytes()
    if (data.length > length) throw protocolError('more data than was asked for')
    return data
  }

  /** What `read` answered is not looked at any more. Who forgets it costs memory, nothing else. */
  done(data: Buffer): void {
    this.#memory.giveBack(data)
  }

  /** `bytes` must not be changed before the answer. */
  async write(handle: Buffer, position: number, bytes: Buffer): Promise<void> {
    const fields = Buffer.concat([string(handle), uint64(position), uint32(bytes.length)])
    const answer = await this.#ask(packetType.write, { fields: [fields], body: bytes })
    requireStatus(expectType(answer, packetType.status).packet, sftpStatus.ok)
  }

  closeHandle(handle: Buffer): Promise<void> {
    return this.#done(packetType.close, string(handle))
  }

  setstat(path: string, attributes: NewAttributes): Promise<void> {
    return this.#done(packetType.setstat, string(bytesOfName(path)), encodeNewAttributes(attributes))
  }

  fsetstat(handle: Buffer, attributes: NewAttributes): Promise<void> {
    return this.#done(packetType.fsetstat, string(handle), encodeNewAttributes(attributes))
  }

  mkdir(path: string, permissions?: number): Promise<void> {
    const attributes = encodeNewAttributes(permissions === undefined ? {} : { permissions })
    return this.#done(packetType.mkdir, string(bytesOfName(path)), attributes)
  }

  rmdir(path: string): Promise<void> {
    return this.#done(packetType.rmdir, string(bytesOfName(path)))
  }

  remove(path: string): Promise<void> {
    return this.#done(packetType.remove, string(bytesOfName(path)))
  }

  /** Never replaces. */
  rename(from: string, to: string): Promise<void> {
    return this.#done(packetType.rename, string(bytesOfName(from)), string(bytesOfName(to)))
  }

  /** Replaces a file at once. @throws {SftpError} `unsupported` where the server has no such extension. */
  replace(from: string, to: string): Promise<void> {
    return this.#extended('posix-rename@openssh.com', string(bytesOfName(from)), string(bytesOfName(to)))
  }

  /** Makes sure that what was written is on the disk, where the server can. */
  async fsync(handle: Buffer): Promise<void> {
    if (this.has('fsync@openssh.com')) await this.#extended('fsync@openssh.com', string(handle))
  }

  async #extended(name: string, ...fields: readonly Buffer[]): Promise<void> {
    if (!this.has(name)) throw new SftpError(sftpStatus.unsupported, `The workspace has no ${name}.`)
    await this.#done(packetType.extended, string(name), ...fields)
  }

  async #learnLimits(): Promise<void> {
    const answer = await this.#request(packetType.extended, string('limits@openssh.com'))
    if (answer.type !== packetType.extendedReply) return
    const most = maxPacketBytes - 1024
    answer.packet.uint64()
    const read = answer.packet.uint64()
    const write = answer.packet.uint64()
    // Zero: no limit is known.
    if (read > 0) this.maxReadBytes = Math.min(read, most)
    if (write > 0) this.maxWriteBytes = Math.min(write, most)
  }

  async #stats(type: number, field: Buffer): Promise<RemoteStats> {
    return readStats(expectType(await this.#request(type, field), packetType.attrs).packet)
  }

  async #handle(type: number, ...fields: readonly Buffer[]): Promise<Buffer> {
    const { packet } = expectType(await this.#request(type, ...fields), packetType.handle)
    return Buffer.from(packet.bytes())
  }

  async #onePath(type: number, path: string): Promise<string> {
    const { packet } = expectType(await this.#request(type, string(bytesOfName(path))), packetType.name)
    if (packet.uint32() !== 1) throw protocolError('several paths for one')
    return textOfName(Buffer.from(packet.bytes()))
  }

  async #done(type: number, ...fields: readonly Uint8Array[]): Promise<void> {
    requireStatus(expectType(await this.#request(type, ...fields), packetType.status).packet, sftpStatus.ok)
  }

  #request(type: number, ...fields: readonly Uint8Array[]): Promise<Answer> {
    return this.#ask(type, { fields })
  }

  /** `body` stands at the end and is sent as it is, without a copy. */
  #ask(
    type: number,
    { fields, body }: { readonly fields: readonly Uint8Array[]; readonly body?: Buffer },
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#ended !== undefined) {
        reject(this.#ended)
        return
      }
      const id = this.#nextId
      this.#nextId = (this.#nextId + 1) % 2 ** 32
      this.#waiting.set(id, { resolve, reject })
      const head = encodePacket(type, uint32(id), ...fields)
      if (body !== undefined) head.writeUInt32BE(head.length - 4 + body.length, 0)
      this.#channel.write(head)
      if (body !== undefined && body.length > 0) this.#channel.write(body)
    })
  }

  #take(chunk: Buffer): void {
    this.#splitter.push(chunk)
    try {
      for (let bytes = this.#splitter.next(); bytes !== undefined; bytes = this.#splitter.next()) {
        const packet = new PacketReader(bytes)
        const type = packet.byte()
        if (type === packetType.version) this.#greet(packet)
        else this.#answer(type, packet)
      }
    } catch (thrown) {
      this.#end(toError(thrown).message)
      this.#channel.destroy()
    }
  }

  #greet(packet: PacketReader): void {
    if (packet.uint32() < 3) throw protocolError('too old a version')
    while (!packet.isAtEnd && this.#extensions.size < 200) {
      this.#extensions.add(packet.text())
      packet.bytes()
    }
    this.#onGreeted?.resolve()
  }

  #answer(type: number, packet: PacketReader): void {
    const id = packet.uint32()
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) throw protocolError('an answer to nothing')
    this.#waiting.delete(id)
    waiting.resolve({ type, packet })
  }

  #end(message: string): void {
    if (this.#ended !== undefined) return
    this.#ended = new SftpError(sftpStatus.connectionLost, message)
    this.#onGreeted?.reject(this.#ended)
    for (const { reject } of this.#waiting.values()) reject(this.#ended)
    this.#waiting.clear()
  }
}

function expectType(answer: Answer, type: number): Answer {
  if (answer.type === type) return answer
  if (answer.type === packetType.status) requireStatus(answer.packet, sftpStatus.ok)
  throw protocolError('an answer of the wrong kind')
}

/** @throws {SftpError} for any other status than `wanted`. */
function requireStatus(packet: PacketReader, wanted: number): void {
  const status = packet.uint32()
  if (status === wanted) return
  throw new SftpError(status, packet.isAtEnd ? '' : packet.text())
}

function protocolError(what: string): SftpError {
  return new SftpError(sftpStatus.badMessage, `The workspace's SFTP server sent ${what}.`)
}
