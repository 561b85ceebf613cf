/** Reading and writing whole files of moderate size, with requests ahead. */
import { FilesFailure, quoted } from './files-failure.ts'
import { ignoreEnded } from './list-folder.ts'
import { pipelinedRead, pipelinedWrite } from './pipeline.ts'
import { openFlag, type SftpClient } from './sftp/sftp-client.ts'

/** @throws {FilesFailure} `too_large` */
export async function readWhole(sftp: SftpClient, path: string, maxBytes: number): Promise<Buffer> {
  const handle = await sftp.open(path, openFlag.read)
  try {
    const parts: Buffer[] = []
    let bytes = 0
    // One more, to see whether there is more: the size that a server tells may be wrong, as in /proc.
    await pipelinedRead(sftp, handle, { from: 0, to: maxBytes + 1 }, (chunk) => {
      parts.push(chunk)
      bytes += chunk.length
    })
    if (bytes > maxBytes) throw new FilesFailure('too_large', `${quoted(path)} is too large.`)
    return Buffer.concat(parts, bytes)
  } finally {
    await sftp.closeHandle(handle).catch(ignoreEnded)
  }
}

/** Writes bytes from the start of an open file. */
export async function writeWhole(sftp: SftpClient, handle: Buffer, bytes: Uint8Array): Promise<void> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  await pipelinedWrite(sftp, { handle, position: 0 }, async function* () {
    for (let at = 0; at < buffer.length; at += sftp.maxWriteBytes) {
      yield buffer.subarray(at, at + sftp.maxWriteBytes)
    }
  })
}
