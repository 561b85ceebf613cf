import type { FilesPlace } from '#bridge/contract/remote-files'
import { joinRemote } from '#bridge/contract/remote-names'
import type { FilesHost } from './files-host.tsx'
import { filesOf } from './files-services.ts'

/** Finds what a written path means. @throws {FilesRequestError} where nothing is there */
export async function findRemoteFile(
  host: FilesHost,
  place: FilesPlace,
  { path, directory }: { readonly path: string; readonly directory: string | undefined },
): Promise<{ readonly path: string; readonly isFolder: boolean }> {
  const { client } = filesOf(host)
  const home = async (): Promise<string> => (await client.ask(place, { op: 'home' })).path
  const isOfHome = path === '~' || path.startsWith('~/')
  const written = isOfHome
    ? joinRemote(await home(), path.slice(2))
    : path.startsWith('/')
      ? path
      : joinRemote(directory ?? (await home()), path)
  const { path: real } = await client.ask(place, { op: 'realpath', path: written })
  const { entry } = await client.ask(place, { op: 'stat', path: real })
  return { path: real, isFolder: entry.kind === 'folder' }
}
