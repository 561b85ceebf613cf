/** Changes of names, folders and permissions. */
import { joinRemote } from '../../contract/remote-names.ts'
import { existsFailure, FilesFailure, quoted } from './files-failure.ts'
import { ignoreEnded } from './list-folder.ts'
import { cancelled } from './place-connection.ts'
import { lstatOrNull } from './resolve-links.ts'
import { openFlag, type SftpClient } from './sftp/sftp-client.ts'
import { isSftpStatus, sftpStatus } from './sftp/sftp-error.ts'

export async function makeFolder(sftp: SftpClient, path: string): Promise<void> {
  try {
    await sftp.mkdir(path)
  } catch (thrown) {
    // Servers only say "Failure" for a name that is taken.
    if ((await lstatOrNull(sftp, path)) !== null) throw existsFailure(path)
    throw thrown
  }
}

/** Makes a folder and those above it that are missing. */
export async function makeFolders(sftp: SftpClient, path: string, permissions?: number): Promise<void> {
  const parts = path.split('/').filter((part) => part !== '')
  let at = ''
  for (const part of parts) {
    at = `${at}/${part}`
    if ((await lstatOrNull(sftp, at)) !== null) continue
    try {
      await sftp.mkdir(at, permissions)
    } catch (thrown) {
      // Another transfer may have made it meanwhile.
      if ((await lstatOrNull(sftp, at)) === null) throw thrown
    }
  }
}

export async function makeFile(sftp: SftpClient, path: string): Promise<void> {
  try {
    const handle = await sftp.open(path, openFlag.write | openFlag.create | openFlag.exclusive)
    await sftp.closeHandle(handle)
  } catch (thrown) {
    if (isSftpStatus(thrown, sftpStatus.failure) && (await lstatOrNull(sftp, path)) !== null) {
      throw existsFailure(path)
    }
    throw thrown
  }
}

export async function renameEntry(
  sftp: SftpClient,
  from: string,
  to: string,
  mayReplace: boolean,
): Promise<void> {
  if (mayReplace) {
    await sftp.replace(from, to)
    return
  }
  if (to.startsWith(`${from}/`)) {
    throw new FilesFailure('failed', `A folder cannot be moved into itself (${quoted(from)}).`)
  }
  try {
    await sftp.rename(from, to)
  } catch (thrown) {
    if ((await lstatOrNull(sftp, from)) !== null && (await lstatOrNull(sftp, to)) !== null) {
      throw existsFailure(to)
    }
    throw thrown
  }
}

/** What a person cannot mean, and would not get back. */
export function refuseRoots(path: string, home: string): void {
  const plain = path.replace(/\/+$/, '')
  if (plain === '' || plain === home.replace(/\/+$/, '') || home.startsWith(`${plain}/`)) {
    throw new FilesFailure('failed', `${quoted(path)} holds the home folder, so it is not deleted from here.`)
  }
}

export interface DeleteOptions {
  readonly home: string
  readonly signal: AbortSignal
  /** Entries removed so far. */
  readonly onRemoved: (count: number) => Promise<void>
}

const reportEvery = 200

/** Deletes for good; a folder with all that is in it, links themselves only. */
export async function deleteTree(sftp: SftpClient, path: string, options: DeleteOptions): Promise<void> {
  refuseRoots(path, options.home)
  let count = 0
  const removed = async (): Promise<void> => {
    if (options.signal.aborted) throw cancelled()
    count += 1
    if (count % reportEvery === 0) await options.onRemoved(count)
  }
  const removeFolder = async (folder: string): Promise<void> => {
    const handle = await sftp.opendir(folder)
    const folders: string[] = []
    const others: string[] = []
    try {
      for (let named = await sftp.readdir(handle); named !== null; named = await sftp.readdir(handle)) {
        for (const { name, stats } of named) {
          ;(stats.isFolder ? folders : others).push(joinRemote(folder, name))
        }
      }
    } finally {
      await sftp.closeHandle(handle).catch(ignoreEnded)
    }
    for (const inner of folders) await removeFolder(inner)
    for (let at = 0; at < others.length; at += 32) {
      await Promise.all(
        others.slice(at, at + 32).map(async (other) => {
          await sftp.remove(other)
          await removed()
        }),
      )
    }
    await sftp.rmdir(folder)
    await removed()
  }
  if ((await sftp.lstat(path)).isFolder) await removeFolder(path)
  else {
    await sftp.remove(path)
    await removed()
  }
  await options.onRemoved(count)
}
