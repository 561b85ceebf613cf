import { useMemo, type ReactNode } from 'react'
import type { Chat } from '#bridge/contract/chats'
import type { ChatMessage } from '#bridge/contract/chats-messages'
import type { Deployment } from '#ipc/deployments'
import { desktopAgents } from './desktop-agents.ts'
import type { TranscriptActions } from './transcript/transcript-actions.ts'

/** Draws what the desktop of a sub-agent shows. */
export type WatchDesktop = (agent: {
  readonly deploymentId: string
  readonly chatId: string
  readonly workspaceId: string
}) => ReactNode

/** Which sub-agents have a desktop to look at, and how: for the owner of a chat with a workspace alone. */
export function useDesktopsOfAgents(
  {
    deployment: { id: deploymentId },
    chat: { workspace_id: workspaceId, archived },
    mayWatch,
    watchDesktop,
  }: {
    readonly deployment: Deployment
    readonly chat: Chat
    readonly mayWatch: boolean
    readonly watchDesktop: WatchDesktop | undefined
  },
  messages: readonly ChatMessage[],
): { readonly watchDesktop: TranscriptActions['watchDesktop']; readonly desktopAgents: ReadonlySet<string> } {
  const agents = useMemo(() => desktopAgents(messages), [messages])
  const watch = useMemo(
    () =>
      watchDesktop === undefined || !mayWatch || archived || workspaceId === undefined
        ? undefined
        : (chatId: string) => watchDesktop({ deploymentId, chatId, workspaceId }),
    [watchDesktop, mayWatch, archived, deploymentId, workspaceId],
  )
  return { watchDesktop: watch, desktopAgents: agents }
}
