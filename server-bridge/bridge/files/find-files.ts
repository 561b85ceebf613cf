/** The files below a folder, for quick open: by what the workspace has, else over SFTP. */
import type { Client } from 'ssh2'
import { filesPageSize, quickOpenMaxPaths, type FilesAnswers } from '../../contract/remote-files.ts'
import { joinRemote } from '../../contract/remote-names.ts'
import { FilesFailure } from './files-failure.ts'
import { ignoreEnded } from './list-folder.ts'
import { cancelled } from './place-connection.ts'
import { createSplitter, runScript, shellWord } from './run-script.ts'
import { textOfName } from './sftp/remote-names.ts'
import type { SftpClient } from './sftp/sftp-client.ts'
import { isSftpStatus, sftpStatus } from './sftp/sftp-error.ts'

type Found = FilesAnswers['find-files']
type OnPage = (paths: readonly string[]) => Promise<void>

const pathMaxBytes = 16 * 1024

/** The first record says which program answers. A repository must not name a program that watches files for git. */
const script = (folder: string): string =>
  [
    `cd -- ${shellWord(folder)} || exit 3`,
    String.raw`if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then printf 'git\0'; exec git -c core.fsmonitor=false ls-files -z --cached --others --exclude-standard; fi`,
    String.raw`if command -v rg >/dev/null 2>&1; then printf 'rg\0'; exec rg --no-config --files --hidden --null -g '!.git'; fi`,
    String.raw`printf 'find\0'; exec find . -name .git -prune -o -type f -print0`,
  ].join('; ')

/** @throws {FilesFailure} */
export async function findFiles(
  { ssh, sftp }: { readonly ssh: Client; readonly sftp: SftpClient },
  folder: string,
  signal: AbortSignal,
  onPage: OnPage,
): Promise<Found> {
  try {
    return await findByProgram(ssh, folder, signal, onPage)
  } catch (thrown) {
    if (!(thrown instanceof FilesFailure) || thrown.code !== 'not_available') throw thrown
    return findBySftp(sftp, folder, signal, onPage)
  }
}

async function findByProgram(
  ssh: Client,
  folder: string,
  signal: AbortSignal,
  onPage: OnPage,
): Promise<Found> {
  const pages = createPages(onPage)
  const splitter = createSplitter([0], pathMaxBytes)
  let source: Found['source'] | undefined
  const enough = new AbortController()
  const { code } = await runScript(
    ssh,
    script(folder),
    AbortSignal.any([signal, enough.signal]),
    async (chunk) => {
      for (const record of splitter.push(chunk)) {
        const text = textOfName(record)
        if (source === undefined) source = text === 'git' || text === 'rg' ? text : 'find'
        else if (!(await pages.add(text.startsWith('./') ? text.slice(2) : text))) {
          enough.abort()
          return
        }
      }
    },
  ).catch((thrown: unknown) => {
    if (enough.signal.aborted && !signal.aborted) return { code: 0 }
    throw thrown
  })
  if (code === 3)
    throw new FilesFailure('not_found', 'That folder is not there any more, or may not be read.')
  if (source === undefined) throw new FilesFailure('not_available', 'The workspace cannot list files.')
  return { ...(await pages.end()), source }
}

async function findBySftp(
  sftp: SftpClient,
  folder: string,
  signal: AbortSignal,
  onPage: OnPage,
): Promise<Found> {
  const pages = createPages(onPage)
  const folders = ['']
  for (let inner = folders.shift(); inner !== undefined; inner = folders.shift()) {
    const handle = await sftp.opendir(inner === '' ? folder : joinRemote(folder, inner)).catch(skipForbidden)
    if (handle === null) continue
    try {
      for (let named = await sftp.readdir(handle); named !== null; named = await sftp.readdir(handle)) {
        if (signal.aborted) throw cancelled()
        for (const { name, stats } of named) {
          const path = inner === '' ? name : `${inner}/${name}`
          if (stats.isFolder && name !== '.git') folders.push(path)
          if (stats.isFile && !(await pages.add(path))) return { ...(await pages.end()), source: 'sftp' }
        }
      }
    } finally {
      await sftp.closeHandle(handle).catch(ignoreEnded)
    }
  }
  return { ...(await pages.end()), source: 'sftp' }
}

function skipForbidden(thrown: unknown): null {
  if (isSftpStatus(thrown, sftpStatus.permissionDenied) || isSftpStatus(thrown, sftpStatus.noSuchFile))
    return null
  throw thrown
}

/** `add` answers false for the first path that is too many. */
function createPages(onPage: OnPage): {
  add(path: string): Promise<boolean>
  end(): Promise<{ readonly count: number; readonly isTruncated: boolean }>
} {
  let page: string[] = []
  let count = 0
  let isTruncated = false
  return {
    async add(path) {
      if (count === quickOpenMaxPaths) {
        isTruncated = true
        return false
      }
      count += 1
      page.push(path)
      if (page.length === filesPageSize) {
        const full = page
        page = []
        await onPage(full)
      }
      return true
    },
    async end() {
      if (page.length > 0) await onPage(page)
      return { count, isTruncated }
    },
  }
}
