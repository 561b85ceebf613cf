import type { ChatStreamEvent } from '#bridge/contract/chats-stream'

/**
 * Tells parts that came before from new ones: within an episode, which a history's version and an attempt name, they
 * count from 1 (agents-api 6.1). Parts without numbers (older servers) are always new.
 */
export interface SeenParts {
  isNew(event: ChatStreamEvent): boolean
  /** What follows is told again from the beginning. */
  forget(): void
}

export function createSeenParts(): SeenParts {
  let episode = ''
  let last = 0
  return {
    isNew({ type, message_part: part }) {
      if (type === 'preview_reset' || type === 'history_reset') last = 0
      if (type !== 'message_part' || part?.seq === undefined) return true
      const its = `${part.history_version ?? 0}/${part.generation_attempt ?? 0}`
      if (its !== episode) {
        episode = its
        last = 0
      }
      if (part.seq <= last) return false
      last = part.seq
      return true
    },
    forget() {
      last = 0
    },
  }
}
