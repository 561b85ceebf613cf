import { constants } from 'node:fs'
import { open, opendir, type FileHandle } from 'node:fs/promises'
import type { Dir } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { encodeAttributes, longName, readAttributes, attributesAnswer } from './attributes.ts'
import { maxDataBytes, encodePacket, packetType, string, uint32 } from '../../../lib/sftp-packets.ts'
import { joinPath } from './paths.ts'
import { applyAttributes, fileTarget } from './set-attributes.ts'
import type { SftpHandlers } from './sftp-request.ts'
import { encodeStatus, statusCode, SftpStatusError } from './status.ts'

/** Flags of `open` (draft-ietf-secsh-filexfer-02, section 6.3). */
const openFlag = { read: 0x1, write: 0x2, append: 0x4, create: 0x8, truncate: 0x10, exclusive: 0x20 } as const
const fileMode = 0o666
/** Entries of one answer: a packet holds them even with the longest names. */
const batchEntries = 100

/** Requests about open files and directories. */
export const fileRequests: SftpHandlers = {
  [packetType.open]: async ({ id, packet, handles, resolve }) => {
    const path = resolve(packet.bytes())
    const flags = packet.uint32()
    const { permissions = fileMode } = readAttributes(packet)
    handles.requireRoom()
    const file = await open(path, systemFlags(flags), permissions)
    const name = handles.add({ kind: 'file', file, isAppending: (flags & openFlag.append) !== 0 })
    return encodePacket(packetType.handle, uint32(id), string(name))
  },

  [packetType.close]: async ({ id, packet, handles }) => {
    await handles.close(packet.bytes())
    return encodeStatus(id, statusCode.ok, 'Success')
  },

  [packetType.read]: async ({ id, packet, handles }) => {
    const { file } = handles.file(packet.bytes())
    const position = packet.uint64()
    return readAnswer(id, file, position, Math.min(packet.uint32(), maxDataBytes))
  },

  [packetType.write]: async ({ id, packet, handles }) => {
    const { file, isAppending } = handles.file(packet.bytes())
    const position = packet.uint64()
    const bytes = packet.bytes()
    for (let done = 0; done < bytes.length;) {
      const at = isAppending ? null : position + done
      done += (await file.write(bytes, done, bytes.length - done, at)).bytesWritten
    }
    return encodeStatus(id, statusCode.ok, 'Success')
  },

  [packetType.fstat]: async ({ id, packet, handles }) =>
    attributesAnswer(id, await handles.file(packet.bytes()).file.stat()),

  [packetType.fsetstat]: async ({ id, packet, handles }) => {
    const { file } = handles.file(packet.bytes())
    await applyAttributes(fileTarget(file), readAttributes(packet))
    return encodeStatus(id, statusCode.ok, 'Success')
  },

  [packetType.opendir]: async ({ id, packet, handles, resolve }) => {
    const path = resolve(packet.bytes())
    handles.requireRoom()
    // Node takes `buffer` here as it does for `readdir`; only its types have no word for the names being bytes.
    const directory = await opendir(path, { encoding: 'buffer' as BufferEncoding })
    const name = handles.add({ kind: 'directory', directory, path })
    return encodePacket(packetType.handle, uint32(id), string(name))
  },

  [packetType.readdir]: async ({ id, packet, handles }) => {
    const { directory, path } = handles.directory(packet.bytes())
    for (;;) {
      const names = await nextNames(directory)
      if (names.length === 0) return encodeStatus(id, statusCode.eof, 'End of file')
      const entries = (await Promise.all(names.map((name) => describe(path, name)))).flat()
      if (entries.length > 0) return nameAnswer(id, entries)
    }
  },
}

/** One entry of a `name` answer. */
export interface NameEntry {
  readonly name: Buffer
  readonly longName: Buffer | string
  readonly attributes: Buffer
}

export function nameAnswer(id: number, entries: readonly NameEntry[]): Buffer {
  const fields = entries.flatMap((entry) => [string(entry.name), string(entry.longName), entry.attributes])
  return encodePacket(packetType.name, uint32(id), uint32(entries.length), ...fields)
}

/**
 * The system's flags for the protocol's. Never blocking: opening a pipe nobody writes to would otherwise hold one of
 * the few threads that all file work of the agent runs on.
 */
function systemFlags(flags: number): number {
  const access =
    (flags & openFlag.write) === 0
      ? constants.O_RDONLY
      : (flags & openFlag.read) === 0
        ? constants.O_WRONLY
        : constants.O_RDWR
  // Absent on Windows, where nothing blocks.
  const nonBlocking = (constants.O_NONBLOCK as number | undefined) ?? 0
  let system = access | nonBlocking
  if (flags & openFlag.append) system |= constants.O_APPEND
  if (flags & openFlag.create) system |= constants.O_CREAT
  if (flags & openFlag.truncate) system |= constants.O_TRUNC
  if (flags & openFlag.exclusive) system |= constants.O_EXCL
  return system
}

/** Reads straight into the answer, so that the bytes of a file are not copied once more. */
async function readAnswer(id: number, file: FileHandle, position: number, length: number): Promise<Buffer> {
  const headBytes = 13
  const answer = Buffer.allocUnsafe(headBytes + length)
  const { bytesRead } = await file.read(answer, headBytes, length, position)
  if (bytesRead === 0 && length > 0) return encodeStatus(id, statusCode.eof, 'End of file')
  answer.writeUInt32BE(headBytes - 4 + bytesRead, 0)
  answer.writeUInt8(packetType.data, 4)
  answer.writeUInt32BE(id, 5)
  answer.writeUInt32BE(bytesRead, 9)
  return answer.subarray(0, headBytes + bytesRead)
}

async function nextNames(directory: Dir): Promise<Buffer[]> {
  const names: Buffer[] = []
  while (names.length < batchEntries) {
    const entry = await directory.read()
    if (entry === null) break
    names.push(Buffer.from(entry.name))
  }
  return names
}

/** Nothing for an entry that went away since it was listed. */
async function describe(directory: Buffer, name: Buffer): Promise<NameEntry[]> {
  try {
    const stats = await lstat(joinPath(directory, name))
    const long = Buffer.concat([Buffer.from(longName('', stats)), name])
    return [{ name, longName: long, attributes: encodeAttributes(stats) }]
  } catch {
    return []
  }
}

/** A request that version 3 does not have, or that we do not answer. */
export function unsupported(what: string): SftpStatusError {
  return new SftpStatusError(statusCode.unsupported, `${what} is not supported`)
}
