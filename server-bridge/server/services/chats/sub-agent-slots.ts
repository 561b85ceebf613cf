import type { ChatRow } from './chat-rows.ts'

/** Bounds how many sub-agents of one owner are at work; the others wait for their turn, in order. */
export interface SubAgentSlots {
  /** False where it had to wait: whoever asks looks anew at what is to do, and then asks again. */
  hold(chat: Pick<ChatRow, 'id' | 'owner_id' | 'parent_chat_id'>, signal: AbortSignal): Promise<boolean>
  /** The chat is not at work any more. */
  free(chatId: string): void
}

interface Waiting {
  readonly chatId: string
  readonly ownerId: string
  readonly go: () => void
}

export function createSubAgentSlots(limit: number): SubAgentSlots {
  const owners = new Map<string, string>()
  let queue: readonly Waiting[] = []
  const usedBy = (ownerId: string): number => [...owners.values()].filter((id) => id === ownerId).length
  const wait = (chatId: string, ownerId: string, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const go = (): void => {
        queue = queue.filter((entry) => entry.go !== go)
        signal.removeEventListener('abort', go)
        resolve()
      }
      queue = [...queue, { chatId, ownerId, go }]
      signal.addEventListener('abort', go)
      if (signal.aborted) go()
    })
  return {
    async hold({ id, owner_id: ownerId, parent_chat_id: parentId }, signal) {
      if (parentId === null || owners.has(id)) return true
      if (usedBy(ownerId) < limit) {
        owners.set(id, ownerId)
        return true
      }
      await wait(id, ownerId, signal)
      return false
    },
    free(chatId) {
      const ownerId = owners.get(chatId)
      if (ownerId === undefined) return
      owners.delete(chatId)
      const next = queue.find((entry) => entry.ownerId === ownerId)
      if (!next) return
      owners.set(next.chatId, ownerId)
      next.go()
    },
  }
}
