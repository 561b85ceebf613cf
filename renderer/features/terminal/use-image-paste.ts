import { errorWords } from '../../api/error-words.ts'
import { FilesRequestError } from '../../api/files-client.ts'
import { dismissToast, toast } from '../../ui/toast-store.ts'
import { useKeepPastedImage } from '../files/index.ts'
import type { Clipboard } from './clipboard.ts'
import type { TerminalTab } from './terminal-groups.ts'
import type { TerminalSession } from './terminal-session.ts'
import { shellWord } from './working-directory.ts'

/**
 * Pastes a picture: programs in a terminal take only text, so it becomes a file of the workspace and its path is pasted,
 * into this terminal alone, since others may be of other workspaces. Without a picture nothing happens.
 */
export function useImagePaste(
  tab: TerminalTab,
  { screen }: TerminalSession,
  clipboard: Clipboard,
): () => Promise<void> {
  const keep = useKeepPastedImage()
  return async () => {
    const key = `image-paste-${tab.key}`
    const { deploymentId, workspaceId, agentName } = tab
    try {
      const png = await clipboard.readImage()
      if (!png) return
      toast({ key, title: `Copying the picture to ${tab.workspaceName}…`, durationMs: null })
      const path = await keep({ deploymentId, workspaceId, agentName }, png)
      dismissToast(key)
      // The focus stays where it is by now: whoever types elsewhere meanwhile would type into the shell.
      screen.paste(`${shellWord(path)} `)
    } catch (error) {
      const detail = error instanceof FilesRequestError ? error.message : errorWords(error).message
      toast({ key, tone: 'bad', title: 'The picture is not pasted', detail, durationMs: null })
    }
  }
}
