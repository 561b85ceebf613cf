import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { GiveLocal, KeptTransfer } from '#bridge/contract/file-transfers'
import { displayName } from '#bridge/contract/remote-names'
import { toError } from '#bridge/lib/to-error'
import type { Contract } from '#ipc/contract'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'
import type { Desktop } from '../../ports/desktop.ts'
import type { Windows } from '../../ports/windows.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DroppedFiles } from './dropped-files.ts'
import { editorLink } from './editor-links.ts'
import type { Recoveries } from './recoveries.ts'

export interface FilesHandlersDeps {
  readonly desktop: Pick<Desktop, 'choosePaths' | 'showInFolder'>
  readonly windows: Pick<Windows, 'startDrag'>
  /** @throws {ProcedureError} `bridge_down` */
  readonly giveLocal: (message: GiveLocal) => void
  readonly dropped: DroppedFiles
  readonly transfers: VersionedFile<readonly KeptTransfer[]>
  readonly recoveries: Recoveries
  readonly userDataDir: string
  /** Address of a deployment. @throws {ProcedureError} `deployment_unknown` */
  readonly deploymentUrl: (deploymentId: string) => string
  /** Asks first. @throws {ProcedureError} `refused` */
  readonly openLink: (url: string) => Promise<unknown>
}

/** The procedures around remote files. */
export function createFilesHandlers(deps: FilesHandlersDeps): FeatureHandlers<Contract['files']> {
  const { desktop, recoveries } = deps
  const dragRoot = dragFolderOf(deps.userDataDir)

  const give = async (kind: GiveLocal['kind'], paths: readonly string[]) => {
    const localId = randomUUID()
    deps.giveLocal({ type: 'give-local', localId, kind, paths: [...paths] })
    return { localId, items: await Promise.all(paths.map(describe)) }
  }
  const downloaded = (transferId: string): string => {
    const found = deps.transfers.value.get().find((transfer) => transfer.transferId === transferId)
    if (found?.direction === 'download' && found.state === 'done') return found.localPath
    throw new ProcedureError('not_found', 'That download is not in the list any more.')
  }

  return {
    async chooseUpload({ kind }) {
      const paths = await desktop.choosePaths(kind === 'files' ? 'files' : 'folders')
      return paths.length === 0 ? null : give('sources', paths)
    },
    async chooseDownloadFolder() {
      const [path] = await desktop.choosePaths('target-folder')
      return path === undefined ? null : give('folder', [path])
    },
    async takeDropped({ dropId }, { windowId }) {
      const paths = await deps.dropped.take(windowId, dropId)
      if (paths !== undefined && paths.length > 0) return give('sources', paths)
      throw new ProcedureError('nothing_dropped', 'Nothing of what you dropped is a file on this computer.')
    },
    reveal({ transferId }) {
      desktop.showInFolder(downloaded(transferId))
      return null
    },
    startDrag({ transferIds }, { windowId }) {
      deps.windows.startDrag(windowId, transferIds.map(downloaded))
      return null
    },
    async makeDragFolder() {
      try {
        await mkdir(dragRoot, { recursive: true, mode: 0o700 })
        return await give('folder', [await mkdtemp(join(dragRoot, 'drag-'))])
      } catch (thrown) {
        if (thrown instanceof ProcedureError) throw thrown
        const message = 'There is no room on this computer for what is dragged out.'
        throw new ProcedureError('not_saved', message, { cause: toError(thrown) })
      }
    },
    async keepRecovery({ text, baseSha256, part, parts, ...place }) {
      return { recoveryId: await recoveries.keep(place, { text, baseSha256, part, parts }) }
    },
    listRecoveries: async () => ({ recoveries: [...(await recoveries.list())] }),
    readRecovery: async ({ recoveryId }) => ({ text: await recoveries.read(recoveryId) }),
    async removeRecovery({ recoveryId }) {
      await recoveries.remove(recoveryId)
      return null
    },
    async openInEditor({ editor, deploymentId, ...target }) {
      await deps.openLink(editorLink(editor, { ...target, deploymentUrl: deps.deploymentUrl(deploymentId) }))
      return null
    },
  }
}

/** What was dragged out lies elsewhere by now. */
export async function emptyDragFolder(userDataDir: string): Promise<void> {
  await rm(dragFolderOf(userDataDir), { recursive: true, force: true })
}

function dragFolderOf(userDataDir: string): string {
  return join(userDataDir, 'drag-out')
}

/** What was chosen a moment ago may be gone; the copy says so. */
async function describe(path: string) {
  const name = displayName(basename(path))
  const stats = await stat(path).catch(() => undefined)
  return { name, isFolder: stats?.isDirectory() === true, size: stats?.isFile() === true ? stats.size : 0 }
}
