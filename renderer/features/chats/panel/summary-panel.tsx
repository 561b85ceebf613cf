import { useMemo } from 'react'
import type { Chat } from '#bridge/contract/chats'
import { CopyButton } from '../../../ui/code.tsx'
import { useWindowActions } from '../../window/index.ts'
import { MarkdownText } from '../transcript/markdown-text.tsx'
import { ActionsContext, type TranscriptActions } from '../transcript/transcript-actions.ts'
import type { PanelContext } from './panel-slots.ts'

/** The summary of a whole chat; nothing where its deployment makes none, or has made none yet. */
export function summaryOf({ summary }: Pick<Chat, 'summary'>): string | undefined {
  return summary === undefined || summary === null || summary.trim() === '' ? undefined : summary
}

/** What the deployment says of the whole chat. A model wrote it, so it is drawn as what models say is. */
export function SummaryPanel({ chat }: Pick<PanelContext, 'chat'>) {
  const { openLink } = useWindowActions()
  const actions = useMemo<TranscriptActions>(
    () => ({ onOpenLink: (url) => openLink(url, 'content') }),
    [openLink],
  )
  const summary = summaryOf(chat)
  if (summary === undefined) return null
  return (
    <ActionsContext value={actions}>
      {/* Nothing in it may have the focus, and it is longer than the panel. */}
      <section
        tabIndex={0}
        aria-label="Summary of the chat"
        className="min-h-0 flex-1 overflow-y-auto p-4 focus-visible:-outline-offset-2"
      >
        <div className="group relative">
          <MarkdownText text={summary} />
          <div className="absolute top-0 right-0 rounded-md bg-page opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
            <CopyButton text={summary} label="Copy as Markdown" />
          </div>
        </div>
      </section>
    </ActionsContext>
  )
}
