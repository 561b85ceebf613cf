import type { FilesPlace } from '#bridge/contract/remote-files'
import { remoteParent } from '#bridge/contract/remote-names'
import { createFilesClient, placeKey, type FilesClient } from '../../api/files-client.ts'
import { createKept } from '../../lib/kept-state.ts'
import { createOpenDocuments, createRecoveryStore, type OpenDocuments } from '../editor/index.ts'
import { createFolderBrowser, type FolderBrowser } from './folder-browser.ts'
import { useFilesHost, type FilesHost } from './files-host.tsx'
import { createTransfersClient, type TransfersClient } from './transfers-client.ts'

/** Folders and open files of one place, kept while the window shows something else. */
export interface Workbench {
  readonly place: FilesPlace
  readonly browser: FolderBrowser
  readonly documents: OpenDocuments
  /** The folder that showed when the window went away. */
  readonly lastFolder: string | undefined
}

/** What the window needs for files of workspaces. */
export interface FilesServices {
  readonly client: FilesClient
  readonly transfers: TransfersClient
  readonly dropFiles: FilesHost['dropFiles']
  workbench(place: FilesPlace): Workbench
}

const made = new WeakMap<FilesHost, FilesServices>()

/** The window's way to files of workspaces. */
export function useFiles(): FilesServices {
  return filesOf(useFilesHost())
}

/** The same, made at first use. */
export function filesOf(host: FilesHost): FilesServices {
  const known = made.get(host)
  if (known) return known
  const services = createFilesServices(host)
  made.set(host, services)
  return services
}

function createFilesServices({ rpc, port, dropFiles, loadKit, newId }: FilesHost): FilesServices {
  const client = createFilesClient(port(), newId)
  const workbenches = new Map<string, Workbench>()
  return {
    client,
    transfers: createTransfersClient(port(), newId),
    dropFiles,
    workbench: (place) => {
      const key = placeKey(place)
      const known = workbenches.get(key)
      if (known) return known
      const recoveries = createRecoveryStore(rpc, place)
      const browser = createFolderBrowser(client, place)
      const onSaved = (path: string): void => void browser.refresh(remoteParent(path))
      const documents = createOpenDocuments({ client, place, recoveries, loadKit, newId, onSaved })
      const shown = createKept(`files.folder.${key}`, '', pathOnly)
      const workbench: Workbench = { place, browser, documents, lastFolder: shown.get() || undefined }
      browser.store.subscribe(({ root }) => {
        if (root !== undefined && root !== shown.get()) shown.set(root)
      })
      workbenches.set(key, workbench)
      return workbench
    },
  }
}

function pathOnly(stored: unknown): string | undefined {
  return typeof stored === 'string' && stored.startsWith('/') ? stored : undefined
}
