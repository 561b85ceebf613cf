/** Which chats are on a screen right now: what is said there is read as it comes. */
export interface ShownChats {
  has(chatId: string): boolean
  /** Until the returned function is called. */
  show(chatId: string): () => void
  onShown(listener: (chatId: string) => void): () => void
}

export function createShownChats(): ShownChats {
  const counts = new Map<string, number>()
  const listeners = new Set<(chatId: string) => void>()
  return {
    has: (chatId) => counts.has(chatId),
    show(chatId) {
      counts.set(chatId, (counts.get(chatId) ?? 0) + 1)
      for (const listener of [...listeners]) listener(chatId)
      return () => {
        const left = (counts.get(chatId) ?? 1) - 1
        if (left > 0) counts.set(chatId, left)
        else counts.delete(chatId)
      }
    },
    onShown(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}
