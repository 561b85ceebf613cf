import { useRead } from '../../../api/use-call.ts'
import { Markdown } from '../../../ui/markdown.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import type { Chat } from '#bridge/contract/chats'
import { Failure } from '../../ai-models/index.ts'
import { useWindowActions } from '../../window/index.ts'
import { fileText } from '../transcript/use-file.ts'
import type { PanelContext } from './panel-slots.ts'

/** The plan an agent proposed last: a file of the chat with a name of its own kind (agents-api 11). */
export function planFileOf({ files = [] }: Pick<Chat, 'files'>): { readonly id: string } | undefined {
  return files
    .filter(({ name }) => /^PLAN-.*\.md$/i.test(name))
    .toSorted((a, b) => a.created_at.localeCompare(b.created_at))
    .at(-1)
}

/** The newest plan of the chat. */
export function PlanPanel({ deployment, chat }: PanelContext) {
  const window = useWindowActions()
  const file = planFileOf(chat)
  const read = useRead('chats.readFile', file && { deploymentId: deployment.id, fileId: file.id })
  if (read.error) {
    return (
      <div className="p-3">
        <Failure title="The plan cannot be read" error={read.error} onRetry={() => void read.refetch()} />
      </div>
    )
  }
  if (read.data === undefined) return <SkeletonRows rows={6} label="Reading the plan" />
  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-4">
      <Markdown onOpenLink={(url) => window.openLink(url, 'content')}>{fileText(read.data)}</Markdown>
    </div>
  )
}
