import { displayName, joinRemote, remoteBaseName, remoteParent } from '#bridge/contract/remote-names'
import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import { failedWith, FilesRequestError } from '../../api/files-client.ts'
import { toast } from '../../ui/toast-store.ts'
import { useFiles, type Workbench } from './files-services.ts'
import type { EntryLine } from './tree-lines.ts'

/** Sentence of any failure here, of main or of the bridge. */
export function sentenceOf(error: unknown): string {
  if (error instanceof FilesRequestError) return error.message
  return errorWords(error).message
}

/** What can be done with files of one place. Those that answer nothing tell failures themselves; the others reject. */
export interface FileActions {
  readonly open: (line: EntryLine) => void
  readonly make: (kind: 'file' | 'folder', folder: string, name: string) => Promise<void>
  readonly rename: (path: string, name: string) => Promise<void>
  readonly move: (paths: readonly string[], folder: string) => void
  readonly setMode: (paths: readonly string[], mode: number) => Promise<void>
  /** Into the trash, with a way back. Answers those that no trash can take. */
  readonly trash: (paths: readonly string[]) => Promise<readonly string[]>
  readonly deleteForGood: (paths: readonly string[]) => Promise<void>
  readonly copyText: (text: string) => void
  readonly upload: (folder: string, kind: 'files' | 'folders') => void
  readonly uploadDropped: (folder: string, files: readonly File[]) => void
  readonly download: (paths: readonly string[]) => void
  /** Copies them to where they can be dragged out of the window from. */
  readonly prepareDrag: (paths: readonly string[]) => void
}

export function useFileActions({ place, browser, documents }: Workbench): FileActions {
  const { client: rpc } = useApi()
  const files = useFiles()
  const tell =
    (title: string) =>
    (error: unknown): void => {
      if (!failedWith(error, 'cancelled')) toast({ tone: 'bad', title, detail: sentenceOf(error) })
    }
  const refreshAround = (paths: readonly string[]): void => {
    for (const folder of new Set(paths.map(remoteParent))) void browser.refresh(folder)
  }
  const rename = async (from: string, to: string): Promise<void> => {
    await files.client.ask(place, { op: 'rename', from, to, replace: false })
    documents.moved(from, to)
    refreshAround([from, to])
  }
  const upload = async (localId: string | undefined, folder: string): Promise<void> => {
    if (localId === undefined) return
    await files.transfers.upload({ localId, place, folder, onConflict: 'ask' })
  }
  const download = async (localId: string | undefined, paths: readonly string[]): Promise<void> => {
    if (localId === undefined) return
    await files.transfers.download({ localId, place, paths, onConflict: 'ask' })
  }

  return {
    open: ({ path, isFolder }) => {
      if (isFolder) browser.goTo(path).catch(tell(`${nameOf(path)} cannot be opened`))
      else documents.open(path)
    },
    make: async (kind, folder, name) => {
      const path = joinRemote(folder, name)
      await files.client.ask(place, { op: kind === 'file' ? 'make-file' : 'make-folder', path })
      await browser.refresh(folder)
      browser.select(path, new Set([path]))
      if (kind === 'file') documents.open(path)
    },
    rename: async (path, name) => {
      const to = joinRemote(remoteParent(path), name)
      if (to !== path) await rename(path, to)
    },
    move: (paths, folder) => {
      for (const path of paths) {
        const to = joinRemote(folder, remoteBaseName(path))
        if (to === path || folder === path || folder.startsWith(`${path}/`)) continue
        rename(path, to).catch(tell(`${nameOf(path)} is not moved`))
      }
    },
    setMode: async (paths, mode) => {
      for (const path of paths) await files.client.ask(place, { op: 'chmod', path, mode })
      refreshAround(paths)
    },
    trash: async (paths) => {
      const items: string[] = []
      const untaken: string[] = []
      for (const path of paths) {
        try {
          const { item } = await files.client.ask(place, { op: 'trash', path })
          items.push(item.name)
        } catch (error) {
          if (failedWith(error, 'other_file_system')) untaken.push(path)
          else tell(`${nameOf(path)} is not deleted`)(error)
        }
      }
      refreshAround(paths)
      const undo = async (): Promise<void> => {
        for (const name of items) {
          const { path } = await files.client.ask(place, { op: 'restore', name })
          void browser.refresh(remoteParent(path))
        }
      }
      if (items.length > 0) {
        const what = items.length === 1 ? nameOf(paths[0] ?? '') : `${items.length} items`
        toast({
          title: `${what} ${items.length === 1 ? 'is' : 'are'} in the trash of the workspace`,
          action: { label: 'Undo', onSelect: () => void undo().catch(tell('Not everything is back')) },
        })
      }
      return untaken
    },
    deleteForGood: async (paths) => {
      try {
        for (const path of paths) await files.client.ask(place, { op: 'delete', path })
      } finally {
        refreshAround(paths)
      }
    },
    copyText: (text) =>
      void rpc
        .call('app.copyText', { text })
        .then(() => toast({ title: 'Copied', detail: displayName(text), key: 'files-copied' }))
        .catch(tell('Nothing is copied')),
    upload: (folder, kind) =>
      void rpc
        .call('files.chooseUpload', { kind })
        .then(async (chosen) => upload(chosen?.localId, folder))
        .catch(tell('The upload is not begun')),
    uploadDropped: (folder, dropped) =>
      void rpc
        .call('files.takeDropped', { dropId: files.dropFiles(dropped) })
        .then(async ({ localId }) => upload(localId, folder))
        .catch(tell('The upload is not begun')),
    download: (paths) =>
      void rpc
        .call('files.chooseDownloadFolder', {})
        .then(async (chosen) => download(chosen?.localId, paths))
        .catch(tell('The download is not begun')),
    prepareDrag: (paths) =>
      void rpc
        .call('files.makeDragFolder', {})
        .then(async ({ localId }) => download(localId, paths))
        .catch(tell('The download is not begun')),
  }
}

function nameOf(path: string): string {
  return displayName(remoteBaseName(path))
}
