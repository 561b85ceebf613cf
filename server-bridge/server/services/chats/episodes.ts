import type { ChatMessagePart, ChatMessageRole } from '../../../contract/chats-messages.ts'
import type { ChatStreamMessagePart } from '../../../contract/chats-stream.ts'

/** What one call to a model, or one run of tools, has said so far and nobody has stored yet. */
export interface Episode {
  readonly historyVersion: number
  readonly generationAttempt: number
  /** By their `seq`, which begins at 1. */
  readonly parts: readonly ChatStreamMessagePart[]
  /** It said more than is kept: who comes now waits for the whole message. */
  readonly isCut: boolean
}

/** The parts of running turns, for whoever watches them and whoever comes in the middle. */
export interface Episodes {
  begin(chatId: string, historyVersion: number, generationAttempt: number): void
  push(chatId: string, role: ChatMessageRole, part: ChatMessagePart): void
  /** Its content is stored, or given up. */
  end(chatId: string): void
  current(chatId: string): Episode | undefined
  /** Told of every part of a chat. Returns the function that ends the subscription. */
  subscribe(chatId: string, listener: () => void): () => void
}

/** Of one episode, as JSON (agents-api 6.1). */
const MAX_CHARS = 1024 * 1024

export function createEpisodes(): Episodes {
  const episodes = new Map<
    string,
    Episode & { parts: ChatStreamMessagePart[]; chars: number; isCut: boolean }
  >()
  const listeners = new Map<string, Set<() => void>>()
  return {
    begin(chatId, historyVersion, generationAttempt) {
      episodes.set(chatId, { historyVersion, generationAttempt, parts: [], chars: 0, isCut: false })
    },
    push(chatId, role, part) {
      const episode = episodes.get(chatId)
      if (!episode || episode.isCut) return
      episode.chars += JSON.stringify(part).length
      if (episode.chars > MAX_CHARS) {
        episode.isCut = true
        return
      }
      episode.parts.push({
        role,
        part,
        history_version: episode.historyVersion,
        generation_attempt: episode.generationAttempt,
        seq: episode.parts.length + 1,
      })
      for (const listener of [...(listeners.get(chatId) ?? [])]) listener()
    },
    end: (chatId) => void episodes.delete(chatId),
    current: (chatId) => episodes.get(chatId),
    subscribe(chatId, listener) {
      const group = listeners.get(chatId) ?? new Set()
      listeners.set(chatId, group)
      group.add(listener)
      return () => {
        group.delete(listener)
        if (group.size === 0) listeners.delete(chatId)
      }
    },
  }
}
