/** The workspace's trash, by the XDG trash specification 1.0: `files/NAME` with `info/NAME.trashinfo` beside it. */
import { filesPageSize, listMaxEntries, type TrashItem } from '../../contract/remote-files.ts'
import { joinRemote, remoteBaseName, remoteParent } from '../../contract/remote-names.ts'
import { deleteTree, makeFolders, refuseRoots, type DeleteOptions } from './change-files.ts'
import { existsFailure, FilesFailure, quoted } from './files-failure.ts'
import { ignoreEnded } from './list-folder.ts'
import { readWhole } from './read-whole.ts'
import { lstatOrNull } from './resolve-links.ts'
import { bytesOfName, textOfName } from './sftp/remote-names.ts'
import { openFlag, type SftpClient } from './sftp/sftp-client.ts'
import { isSftpStatus, SftpError, sftpStatus } from './sftp/sftp-error.ts'

const infoMaxBytes = 64 * 1024
const suffix = '.trashinfo'
/** Of the same name; more than anybody deletes. */
const maxCopies = 10_000

export interface Trash {
  put(path: string): Promise<TrashItem>
  /** Back to where it was. @throws {FilesFailure} `exists` */
  restore(name: string): Promise<string>
  list(
    onPage: (items: readonly TrashItem[]) => Promise<void>,
  ): Promise<{ count: number; isTruncated: boolean }>
  purge(name: string, options: Omit<DeleteOptions, 'home'>): Promise<void>
}

/** @param now local time without a zone, as the specification has it. */
export function createTrash(sftp: SftpClient, home: string, now: () => string): Trash {
  const root = joinRemote(home, '.local/share/Trash')
  const filesFolder = `${root}/files`
  const infoFolder = `${root}/info`
  const infoOf = (name: string): string => `${infoFolder}/${name}${suffix}`

  /** The specification: whoever makes the information first has the name. */
  const claim = async (wanted: string, text: string): Promise<string> => {
    for (let copy = 1; copy < maxCopies; copy += 1) {
      const name = copy === 1 ? wanted : `${wanted}.${String(copy)}`
      if ((await lstatOrNull(sftp, infoOf(name))) !== null) continue
      if ((await lstatOrNull(sftp, `${filesFolder}/${name}`)) !== null) continue
      try {
        const flags = openFlag.write | openFlag.create | openFlag.exclusive
        const handle = await sftp.open(infoOf(name), flags, { permissions: 0o600 })
        await sftp.write(handle, 0, Buffer.from(text)).finally(() => sftp.closeHandle(handle))
        return name
      } catch (thrown) {
        if ((await lstatOrNull(sftp, infoOf(name))) === null) throw thrown
      }
    }
    throw new FilesFailure('failed', 'The trash has too many files of that name. Empty it first.')
  }

  const infoText = async (name: string): Promise<string> =>
    textOfName(await readWhole(sftp, infoOf(name), infoMaxBytes))

  const itemOf = async (name: string): Promise<TrashItem> => {
    const text = await infoText(name)
    const path = /^Path=(.+)$/m.exec(text)?.[1]
    const deletedAt = /^DeletionDate=(.+)$/m.exec(text)?.[1] ?? ''
    const decoded = path === undefined ? undefined : decodePath(path)
    if (decoded?.startsWith('/') !== true) {
      throw new FilesFailure('failed', `The trash does not say where ${quoted(name)} was.`)
    }
    return { name, path: decoded, deletedAt: /^[\dT:-]{10,19}$/.test(deletedAt) ? deletedAt : '' }
  }

  return {
    async put(path) {
      refuseRoots(path, home)
      if (path === root || path.startsWith(`${root}/`) || root.startsWith(`${path}/`)) {
        throw new FilesFailure('failed', 'The trash itself cannot be put into the trash.')
      }
      await sftp.lstat(path)
      await makeFolders(sftp, filesFolder, 0o700)
      await makeFolders(sftp, infoFolder, 0o700)
      const deletedAt = now()
      const text = `[Trash Info]\nPath=${encodePath(path)}\nDeletionDate=${deletedAt}\n`
      const name = await claim(remoteBaseName(path), text)
      try {
        await sftp.rename(path, `${filesFolder}/${name}`)
      } catch (thrown) {
        await sftp.remove(infoOf(name)).catch(ignoreEnded)
        throw isSftpStatus(thrown, sftpStatus.failure) ? elsewhere(path) : thrown
      }
      return { name, path, deletedAt }
    },

    async restore(name) {
      const { path } = await itemOf(name)
      if ((await lstatOrNull(sftp, path)) !== null) throw existsFailure(path)
      await makeFolders(sftp, remoteParent(path))
      await sftp.rename(`${filesFolder}/${name}`, path)
      await sftp.remove(infoOf(name))
      return path
    },

    async list(onPage) {
      let count = 0
      if ((await lstatOrNull(sftp, infoFolder)) === null) return { count, isTruncated: false }
      const handle = await sftp.opendir(infoFolder)
      let page: TrashItem[] = []
      try {
        for (let named = await sftp.readdir(handle); named !== null; named = await sftp.readdir(handle)) {
          for (const { name } of named) {
            if (!name.endsWith(suffix)) continue
            if (count === listMaxEntries) return { count, isTruncated: true }
            const item = await itemOf(name.slice(0, -suffix.length)).catch(unreadable)
            if (item === undefined) continue
            count += 1
            page.push(item)
            if (page.length < filesPageSize) continue
            await onPage(page)
            page = []
          }
        }
        if (page.length > 0) await onPage(page)
        return { count, isTruncated: false }
      } finally {
        await sftp.closeHandle(handle).catch(ignoreEnded)
      }
    },

    async purge(name, options) {
      const path = `${filesFolder}/${name}`
      if ((await lstatOrNull(sftp, path)) !== null) await deleteTree(sftp, path, { ...options, home })
      await sftp.remove(infoOf(name)).catch(ignoreEnded)
    },
  }
}

/** Another program's broken information must not hide the rest. */
function unreadable(thrown: unknown): undefined {
  if (thrown instanceof FilesFailure || thrown instanceof SftpError) return undefined
  throw thrown
}

function elsewhere(path: string): FilesFailure {
  return new FilesFailure(
    'other_file_system',
    `${quoted(path)} lies on another file system than the trash, so it cannot be moved there. Delete it for good instead.`,
  )
}

/** Percent-encoded as in a URI, the slashes left. */
function encodePath(path: string): string {
  return [...bytesOfName(path)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[A-Za-z0-9\-_.~/]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}

function decodePath(text: string): string {
  const latin1 = bytesOfName(text).toString('latin1')
  const bytes = latin1.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return textOfName(Buffer.from(bytes, 'latin1'))
}
