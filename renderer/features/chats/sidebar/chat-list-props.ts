import type { ChatRow } from '../chat-state.ts'
import type { ChatLine } from './chat-lines.ts'

export interface ChatListProps {
  readonly deploymentId: string
  readonly userId: string | undefined
  readonly lines: readonly ChatLine[]
  /** The chat on the page. */
  readonly shownId: string | undefined
  /** Pinned ones can be moved: off while the list is narrowed. */
  readonly canMove: boolean
  readonly onOpen: (chat: ChatRow) => void
  readonly onToggleGroup: (key: string) => void
  readonly onToggleChildren: (chatId: string) => void
  /** The end of what is known came into view. */
  readonly onEnd: () => void
}
