import { joinRemote, remoteParent } from '../../contract/remote-names.ts'
import { FilesFailure, quoted } from './files-failure.ts'
import type { RemoteStats } from './sftp/remote-attributes.ts'
import type { SftpClient } from './sftp/sftp-client.ts'
import { isSftpStatus, sftpStatus } from './sftp/sftp-error.ts'

/** As many as Linux follows. */
const maxLinks = 40

/**
 * The real file behind links, also where the last link leads to nothing yet. Not by REALPATH, which follows no link on
 * some servers (Go's among them).
 *
 * @returns `stats` `null` where there is no file.
 * @throws {FilesFailure} for links in a circle; what SFTP throws
 */
export async function resolveLinks(
  sftp: SftpClient,
  path: string,
): Promise<{ readonly path: string; readonly stats: RemoteStats | null }> {
  let at = path
  for (let hops = 0; hops <= maxLinks; hops += 1) {
    const stats = await lstatOrNull(sftp, at)
    if (stats?.isLink !== true) return { path: at, stats }
    const target = await sftp.readlink(at)
    at = target.startsWith('/') ? target : joinRemote(remoteParent(at), target)
  }
  throw new FilesFailure('failed', `${quoted(path)} is a link that leads back to itself.`)
}

/** `null` where there is nothing. */
export async function lstatOrNull(sftp: SftpClient, path: string): Promise<RemoteStats | null> {
  try {
    return await sftp.lstat(path)
  } catch (thrown) {
    if (isSftpStatus(thrown, sftpStatus.noSuchFile)) return null
    throw thrown
  }
}
