/** What a folder holds, in pages. */
import {
  filesPageSize,
  listMaxEntries,
  type EntryKind,
  type RemoteEntry,
} from '../../contract/remote-files.ts'
import { joinRemote, remoteBaseName } from '../../contract/remote-names.ts'
import { cancelled } from './place-connection.ts'
import type { RemoteStats } from './sftp/remote-attributes.ts'
import type { NamedStats, SftpClient } from './sftp/sftp-client.ts'
import { SftpError } from './sftp/sftp-error.ts'

/** Links looked up at once. */
const linkConcurrency = 32

/**
 * Lists a folder in the server's order.
 *
 * @param onPage takes at most {@link filesPageSize} entries and resolves when more may come.
 */
export async function listFolder(
  sftp: SftpClient,
  path: string,
  signal: AbortSignal,
  onPage: (entries: readonly RemoteEntry[]) => Promise<void>,
): Promise<{ readonly count: number; readonly isTruncated: boolean }> {
  const handle = await sftp.opendir(path)
  let count = 0
  let page: RemoteEntry[] = []
  const flush = async (): Promise<void> => {
    const entries = page
    page = []
    if (entries.length > 0) await onPage(entries)
  }
  try {
    for (;;) {
      if (signal.aborted) throw cancelled()
      const named = await sftp.readdir(handle)
      if (named === null) break
      for (const entry of await describeAll(sftp, path, named)) {
        if (count === listMaxEntries) {
          await flush()
          return { count, isTruncated: true }
        }
        count += 1
        page.push(entry)
        if (page.length === filesPageSize) await flush()
      }
    }
    await flush()
    return { count, isTruncated: false }
  } finally {
    await sftp.closeHandle(handle).catch(ignoreEnded)
  }
}

/** One entry, a link not followed. */
export async function describeEntry(sftp: SftpClient, path: string): Promise<RemoteEntry> {
  const stats = await sftp.lstat(path)
  return describe(sftp, path, { name: remoteBaseName(path), stats })
}

async function describeAll(
  sftp: SftpClient,
  folder: string,
  named: readonly NamedStats[],
): Promise<readonly RemoteEntry[]> {
  const entries: RemoteEntry[] = []
  for (let at = 0; at < named.length; at += linkConcurrency) {
    const some = named.slice(at, at + linkConcurrency)
    entries.push(
      ...(await Promise.all(some.map((entry) => describe(sftp, joinRemote(folder, entry.name), entry)))),
    )
  }
  return entries
}

async function describe(sftp: SftpClient, path: string, { name, stats }: NamedStats): Promise<RemoteEntry> {
  const { mode, uid, gid, size, mtime } = stats
  const target = stats.isLink ? await targetOf(sftp, path) : null
  return { name, kind: kindOf(stats), target, mode, uid, gid, size, mtime }
}

async function targetOf(sftp: SftpClient, path: string): Promise<RemoteEntry['target']> {
  const [text, stats] = await Promise.all([
    sftp.readlink(path).catch(refusedAs('')),
    sftp.stat(path).catch(refusedAs(null)),
  ])
  const kind = stats === null ? null : kindOf(stats)
  return { kind: kind === 'link' ? null : kind, text }
}

/** A link that may not be read, or leads nowhere, is still an entry. */
function refusedAs<T>(value: T): (thrown: unknown) => T {
  return (thrown) => {
    if (thrown instanceof SftpError) return value
    throw thrown
  }
}

function kindOf(stats: RemoteStats): EntryKind {
  if (stats.isFolder) return 'folder'
  if (stats.isLink) return 'link'
  return stats.isFile ? 'file' : 'other'
}

/** The end of a connection closes its handles by itself. */
export function ignoreEnded(thrown: unknown): void {
  if (!(thrown instanceof SftpError)) throw thrown
}
