import { useApi } from '../../api/api-context.tsx'
import { hasCode } from '../../api/bridge-error.ts'
import { errorWords } from '../../api/error-words.ts'
import type { Input } from '../../api/procedure-types.ts'
import { toast } from '../../ui/toast-store.ts'
import { askChatDialog } from './chat-dialogs-store.ts'
import { chatTitle, type ChatRow } from './chat-state.ts'
import { untilIdle } from './until-idle.ts'

type Change = Omit<Input<'chats.update'>, 'deploymentId' | 'chatId'>

/** What can be done with a chat; a failure is told in a toast that names it. */
export interface ChatActions {
  /** Rejects, for a form that shows why. */
  readonly update: (chat: ChatRow, change: Change) => Promise<void>
  /** Appends a chat to the pinned ones, or moves a pinned one there; 0 unpins. */
  readonly pin: (chat: ChatRow, place: number) => Promise<void>
  /** Asks first where an agent is at work. */
  readonly archive: (chat: ChatRow) => Promise<void>
  readonly unarchive: (chat: ChatRow) => Promise<void>
  readonly interrupt: (chat: ChatRow) => Promise<void>
  /** Has what was said summarised, so that the model has room again. */
  readonly compact: (chat: ChatRow) => Promise<void>
  /** Has the chat told what its workspace has now. */
  readonly refreshContext: (chat: ChatRow) => Promise<void>
  /** Stops what runs, waits until it has, and archives. Rejects. */
  readonly stopAndArchive: (chat: ChatRow) => Promise<void>
}

/** The actions of the chats of a deployment. */
export function useChatActions(deploymentId: string): ChatActions {
  const { client } = useApi()
  const update = async (chat: ChatRow, change: Change): Promise<void> => {
    await client.call('chats.update', { deploymentId, chatId: chat.id, ...change })
  }
  const attempt = async (title: string, run: () => Promise<unknown>): Promise<void> => {
    try {
      await run()
    } catch (error) {
      toast({ tone: 'bad', title, detail: errorWords(error).message })
    }
  }
  const unarchive = (chat: ChatRow): Promise<void> =>
    attempt(`${chatTitle(chat)} stays archived`, () => update(chat, { archived: false }))
  return {
    update,
    pin: (chat, place) =>
      attempt(`${chatTitle(chat)} stays where it was`, () => update(chat, { pinOrder: place })),
    archive: (chat) =>
      attempt(`${chatTitle(chat)} is not archived`, async () => {
        try {
          await update(chat, { archived: true })
        } catch (error) {
          if (!hasCode<'chats.update'>(error, 'busy')) throw error
          askChatDialog({ kind: 'stop-and-archive', chat })
          return
        }
        toast({
          title: `${chatTitle(chat)} is archived`,
          action: { label: 'Undo', onSelect: () => void unarchive(chat) },
        })
      }),
    unarchive,
    interrupt: (chat) =>
      attempt(`${chatTitle(chat)} goes on`, () =>
        client.call('chats.interrupt', { deploymentId, chatId: chat.id }),
      ),
    compact: (chat) =>
      attempt(`${chatTitle(chat)} is not made shorter`, () =>
        client.call('chats.compact', { deploymentId, chatId: chat.id }),
      ),
    refreshContext: (chat) =>
      attempt(`${chatTitle(chat)} keeps what it was told of the workspace`, () =>
        client.call('chats.refreshContext', { deploymentId, chatId: chat.id }),
      ),
    stopAndArchive: async (chat) => {
      await client.call('chats.interrupt', { deploymentId, chatId: chat.id })
      await untilIdle(client, deploymentId, chat.id)
      await update(chat, { archived: true })
    },
  }
}
