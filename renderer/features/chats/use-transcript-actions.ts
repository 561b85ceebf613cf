import { useMemo } from 'react'
import type { Chat } from '#bridge/contract/chats'
import type { ChatMessage } from '#bridge/contract/chats-messages'
import type { Workspace } from '#bridge/contract/workspaces'
import type { Deployment } from '#ipc/deployments'
import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import { useRead } from '../../api/use-call.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { toast } from '../../ui/toast-store.ts'
import { useOpenRemoteFile } from '../files/index.ts'
import { useMcpServers } from '../mcp-servers/index.ts'
import { useWindowActions } from '../window/index.ts'
import { defaultAgent, workspaceActions } from '../workspaces/index.ts'
import { chatTitle } from './chat-state.ts'
import { readRecording } from './read-recording.ts'
import { saveFile } from './save-file.ts'
import type { TranscriptActions } from './transcript/transcript-actions.ts'
import { draftPlace, drafts } from './composer/draft-store.ts'

export interface TranscriptActionsInput {
  readonly deployment: Deployment
  readonly chat: Chat
  readonly canWrite: boolean
  /** Who runs is asked to stop already. */
  readonly isStopping: boolean
  readonly onOpenChat: (chatId: string) => void
  readonly onEdit: (message: ChatMessage) => void
  readonly onOpenDiff: ((path: string) => void) | undefined
  readonly watchDesktop: TranscriptActions['watchDesktop']
  readonly desktopAgents: ReadonlySet<string>
  /** Something is on its way to the agent. */
  readonly onSaid: () => void
  /** Leads to where messages are written. */
  readonly onWrite: () => void
}

/** What can be done from inside a conversation. Only its owner answers, decides and edits. */
export function useTranscriptActions(input: TranscriptActionsInput): {
  readonly actions: TranscriptActions
  readonly sendText: (text: string) => Promise<void>
} {
  const { deployment, chat, canWrite } = input
  const { client } = useApi()
  const window = useWindowActions()
  const openFile = useOpenRemoteFile()
  const { data: mcp } = useMcpServers(deployment.id)
  const serverNames = useMemo(
    () =>
      new Map(
        (mcp?.servers ?? []).flatMap(({ config: { id, slug, display_name: name } }) => [
          [id, name] as const,
          [slug, name] as const,
        ]),
      ),
    [mcp],
  )
  const { data: templates } = useRead('templates.list', { deploymentId: deployment.id })
  const templateNames = useMemo(
    () => new Map(templates?.map(({ id, name, display_name: shown }) => [id, shown || name])),
    [templates],
  )
  const { children } = chat
  const agents = useMemo(
    () => new Map(children.map((child) => [child.id, { title: chatTitle(child), status: child.status }])),
    [children],
  )
  const ids = { deploymentId: deployment.id, chatId: chat.id }
  const { data: workspace } = useSubscription(
    'workspaces.watch',
    chat.workspace_id === undefined
      ? undefined
      : { deploymentId: deployment.id, workspaceId: chat.workspace_id },
  )
  const agent = workspace && defaultAgent(workspace)
  const builds = useBuilds(deployment.id, workspace)
  const sendText = async (text: string, planMode?: ''): Promise<void> => {
    input.onSaid()
    await client.call('chats.send', {
      ...ids,
      content: [{ type: 'text', text }],
      ...(planMode === undefined ? {} : { planMode }),
      interrupts: false,
    })
  }
  /** What was answered goes to where messages are written when it is not sent: it is not lost. */
  const answer = async (text: string, planMode?: ''): Promise<void> => {
    try {
      await sendText(text, planMode)
    } catch (error) {
      drafts.change(draftPlace(deployment.id, chat.id), (draft) => ({
        ...draft,
        text: draft.text === '' ? text : `${text}\n\n${draft.text}`,
      }))
      toast({
        tone: 'bad',
        title: 'The answer is not sent',
        detail: `${errorWords(error).message} It is below, where you write.`,
      })
      throw error
    }
  }
  const actions: TranscriptActions = {
    onOpenLink: (url) => window.openLink(url, 'content'),
    onOpenChat: input.onOpenChat,
    onOpenDiff: input.onOpenDiff,
    onEdit: canWrite ? input.onEdit : undefined,
    onDecide: canWrite ? (decisions) => client.call('chats.decide', { ...ids, decisions }) : undefined,
    hasWorkspace: chat.workspace_id !== undefined,
    onAnswer: canWrite ? (text) => answer(text) : undefined,
    // The chat still plans, so what is written next changes the plan.
    onAskForChanges: canWrite ? input.onWrite : undefined,
    onStop:
      canWrite && !input.isStopping
        ? async () => {
            try {
              await client.call('chats.interrupt', ids)
              // What was pressed goes, and the focus would go with it.
              input.onWrite()
            } catch (error) {
              const detail = errorWords(error).message
              toast({ tone: 'bad', title: `${chatTitle(chat)} goes on`, detail })
              throw error
            }
          }
        : undefined,
    serverNames,
    agents,
    builds,
    templateNames,
    onImplementPlan: canWrite
      ? () => {
          // A draft that wished a plan wished this one.
          drafts.change(draftPlace(deployment.id, chat.id), ({ planMode: _, ...draft }) => draft)
          return answer('Implement the plan.', '')
        }
      : undefined,
    onOpenFile:
      chat.workspace_id === undefined || agent === undefined
        ? undefined
        : (path, line) =>
            openFile({
              deploymentId: deployment.id,
              workspaceId: chat.workspace_id ?? '',
              agentName: agent.name,
              path,
              directory: agent.expanded_directory,
              goTo: line === undefined ? undefined : { line, column: 1 },
            }),
    saveFile: async (fileId, name) => saveFile(client, deployment.id, fileId, name),
    loadRecording: (fileId, onProgress, signal) =>
      readRecording(client, { deploymentId: deployment.id, fileId }, onProgress, signal),
    watchDesktop: input.watchDesktop,
    desktopAgents: input.desktopAgents,
    loadFile: async (fileId) => client.call('chats.readFile', { deploymentId: deployment.id, fileId }),
  }
  return { actions, sendText: (text) => sendText(text) }
}

/** The last build of the chat's workspace; the same value until it is another one, or over. */
function useBuilds(deploymentId: string, workspace: Workspace | undefined): TranscriptActions['builds'] {
  const id = workspace?.latest_build.id
  const createdAt = workspace?.latest_build.created_at
  const isRunning = workspace !== undefined && workspaceActions(workspace).isBuilding
  return useMemo(
    () => ({
      deploymentId,
      latest: id === undefined || createdAt === undefined ? undefined : { id, createdAt, isRunning },
    }),
    [deploymentId, id, createdAt, isRunning],
  )
}
