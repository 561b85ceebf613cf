import { errorWords } from '../../api/error-words.ts'
import { Button } from '../../ui/button.tsx'
import { toast } from '../../ui/toast-store.ts'
import { forgetTest } from './connection-tests.ts'
import { forgetSavedDraft, useHeaderDrafts } from './header-drafts.ts'
import { valueProblem } from './server-words.ts'
import { useHeaderChanges, type McpServerEntry } from './use-mcp-servers.ts'

export interface SaveAllProps {
  readonly deploymentId: string
  readonly entry: McpServerEntry
}

/** Saves every value that was typed for a server, all of them or none; there once there are two. */
export function SaveAll({ deploymentId, entry: { config, headers } }: SaveAllProps) {
  const { save } = useHeaderChanges(deploymentId)
  const serverKey = `${deploymentId}/${config.id}`
  const drafts = useHeaderDrafts()
  const typed = headers.flatMap(({ name }): [string, string][] => {
    const draft = drafts[`${serverKey}\n${name.toLowerCase()}`]
    return draft === undefined || draft.trim() === '' ? [] : [[name, draft]]
  })
  if (typed.length < 2) return null
  return (
    <Button
      variant="primary"
      loading={save.isPending}
      disabled={typed.some(([, value]) => valueProblem(value) !== undefined)}
      onClick={() =>
        void save.mutateAsync({ deploymentId, serverId: config.id, values: Object.fromEntries(typed) }).then(
          () => {
            for (const [name, value] of typed) forgetSavedDraft(serverKey, name, value)
            forgetTest(deploymentId, config.id)
          },
          (error: unknown) => toast({ tone: 'bad', title: errorWords(error).message }),
        )
      }
    >
      Save {typed.length} values
    </Button>
  )
}
