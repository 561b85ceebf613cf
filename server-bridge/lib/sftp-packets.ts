/** Packets of SFTP version 3 (draft-ietf-secsh-filexfer-02), with what OpenSSH adds to it. */

export const packetType = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
  extended: 200,
  extendedReply: 201,
} as const

/** The longest packet OpenSSH's programs send and take (`SFTP_MAX_MSG_LENGTH`), without its length. */
export const maxPacketBytes = 256 * 1024
/** What is left for the bytes of a file beside the fields of a read or write, as OpenSSH's server has it. */
export const maxDataBytes = maxPacketBytes - 1024

/** The other end does not speak SFTP: nothing after this can be understood. */
export class SftpProtocolError extends Error {
  override readonly name = 'SftpProtocolError'
}

/** Reads the fields of one packet in their order. */
export class PacketReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  byte(): number {
    return this.#take(1).readUInt8()
  }

  uint32(): number {
    return this.#take(4).readUInt32BE()
  }

  /** @throws {SftpProtocolError} for what no file is as long as. */
  uint64(): number {
    const value = this.#take(8).readBigUInt64BE()
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new SftpProtocolError('A number is too large.')
    return Number(value)
  }

  /** A view, valid as long as the packet. */
  bytes(): Buffer {
    return this.#take(this.uint32())
  }

  text(): string {
    return this.bytes().toString('utf8')
  }

  #take(length: number): Buffer {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new SftpProtocolError('A packet is shorter than its fields.')
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }
}

/** Puts a packet together: its type, the request's number where it has one, and its fields. */
export function encodePacket(type: number, ...fields: readonly Uint8Array[]): Buffer {
  const length = fields.reduce((sum, field) => sum + field.length, 1)
  const head = Buffer.allocUnsafe(5)
  head.writeUInt32BE(length, 0)
  head.writeUInt8(type, 4)
  return Buffer.concat([head, ...fields], length + 4)
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE(value)
  return bytes
}

export function uint64(value: number | bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

/** A length and that many bytes. */
export function string(value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([uint32(bytes.length), bytes])
}

/** Cuts a stream into packets without their lengths. */
export class PacketSplitter {
  readonly #allocate: (length: number) => Buffer
  #chunks: Buffer[] = []
  #bytes = 0

  /** @param allocate memory for a packet that lies in several chunks, of exactly that length. */
  constructor(allocate: (length: number) => Buffer = Buffer.allocUnsafe) {
    this.#allocate = allocate
  }

  /** Bytes not taken yet. */
  get waitingBytes(): number {
    return this.#bytes
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
  }

  /** The next whole packet. @throws {SftpProtocolError} for one that is empty or longer than any may be. */
  next(): Buffer | undefined {
    if (this.#bytes < 4) return undefined
    const length = this.#peekLength()
    if (length === 0 || length > maxPacketBytes) {
      throw new SftpProtocolError(`A packet of ${length} bytes was announced.`)
    }
    if (this.#bytes < 4 + length) return undefined
    this.#take(4)
    return this.#take(length)
  }

  #peekLength(): number {
    const [first] = this.#chunks
    if (first !== undefined && first.length >= 4) return first.readUInt32BE()
    const head = this.#take(4)
    this.#chunks.unshift(head)
    this.#bytes += 4
    return head.readUInt32BE()
  }

  /** Exactly so many bytes, which have to be there; a copy only where they lie in several chunks. */
  #take(length: number): Buffer {
    const parts: Buffer[] = []
    let missing = length
    while (missing > 0) {
      const chunk = this.#chunks.shift()
      if (chunk === undefined) throw new RangeError('More bytes were taken than are there.')
      parts.push(chunk.subarray(0, missing))
      if (chunk.length > missing) this.#chunks.unshift(chunk.subarray(missing))
      missing -= Math.min(missing, chunk.length)
    }
    this.#bytes -= length
    const [only] = parts
    if (parts.length === 1 && only !== undefined) return only
    const whole = this.#allocate(length)
    let at = 0
    for (const part of parts) at += part.copy(whole, at)
    return whole
  }
}
