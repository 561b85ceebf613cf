import { useEffect } from 'react'
import { useApi } from '../api/api-context.tsx'
import { unsavedToastKey } from '../features/files/index.ts'
import { useWindowActions } from '../features/window/index.ts'
import { toast } from '../ui/toast-store.ts'

/** Says once, when the window opens, that there are texts of before that were not saved, and leads to them. */
export function useUnsavedFiles(): void {
  const { client } = useApi()
  const { goToWorkspace } = useWindowActions()
  useEffect(() => {
    const abort = new AbortController()
    client
      .call('files.listRecoveries', {}, abort.signal)
      .then(({ recoveries }) => {
        const [first] = recoveries
        if (!first) return
        const count = recoveries.length
        toast({
          key: unsavedToastKey,
          title:
            count === 1
              ? 'A file has unsaved changes of before'
              : `${count} files have unsaved changes of before`,
          detail: 'They are kept until you save them or throw them away.',
          action: {
            label: 'Show',
            onSelect: () => goToWorkspace(first.deploymentId, first.workspaceId, 'files'),
          },
        })
      })
      // The texts stay where they are; the page of the workspace says what is wrong with them.
      .catch(() => undefined)
    return () => abort.abort()
    // eslint-disable-next-line react-hooks/exhaustive-deps -- at the start of the window only
  }, [client])
}
