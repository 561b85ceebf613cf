import { displayName } from '#bridge/contract/remote-names'
import { toast } from '../../ui/toast-store.ts'
import type { CursorPlace } from '../editor/index.ts'
import { useWindowActions } from '../window/index.ts'
import { useFilesHost } from './files-host.tsx'

/** A file as something else in the window names it. */
export interface NamedFile {
  readonly deploymentId: string
  readonly workspaceId: string
  readonly agentName: string
  /** Absolute, of the home folder (`~/…`), or relative. */
  readonly path: string
  /** What a relative one is relative to; `undefined`: the home folder. */
  readonly directory: string | undefined
  readonly goTo: CursorPlace | undefined
}

/** Shows a file of a workspace on its page, once it is known that it is there. */
export function useOpenRemoteFile(): (file: NamedFile) => void {
  const host = useFilesHost()
  const { goToWorkspace } = useWindowActions()
  return ({ deploymentId, workspaceId, agentName, path, directory, goTo }) => {
    const show = async (): Promise<void> => {
      // Looking at a file brings in the rest of what files need.
      const { findRemoteFile } = await import('./find-remote-file.ts')
      const place = { deploymentId, workspaceId, agentName }
      const found = await findRemoteFile(host, place, { path, directory })
      host.wanted.setState({ file: { ...place, ...found, goTo } })
      goToWorkspace(deploymentId, workspaceId, 'files')
    }
    show().catch((error: unknown) => {
      toast({
        tone: 'bad',
        title: `${displayName(path)} is not opened`,
        detail: error instanceof Error ? error.message : String(error),
      })
    })
  }
}
