import type { ChatQueuedMessage } from '#bridge/contract/chats-messages'
import { drafts } from './draft-store.ts'
import { draftOf, mergeDrafts } from './draft.ts'

/** Puts messages that went with their queue back to where they were written, before what is written there now. */
export function giveBackQueued(place: string, queue: readonly ChatQueuedMessage[]): void {
  if (queue.length === 0) return
  drafts.change(place, (draft) =>
    queue
      .map(({ content }) => draftOf(content))
      .reduceRight((since, message) => mergeDrafts(message, since), draft),
  )
}
