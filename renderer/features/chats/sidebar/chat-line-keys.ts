import { isOfSomebodyElse } from '../chat-state.ts'
import type { ChatLine } from './chat-lines.ts'

/** What a key does to the line it is pressed on; a number moves a pinned chat to that place. */
export type LineAction = 'open' | 'toggle' | 'rename' | 'archive' | 'menu' | number

export interface LineKeysInput {
  readonly canMove: boolean
  readonly userId: string | undefined
}

interface Press {
  readonly key: string
  readonly altKey: boolean
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
}

type ChatLineOnly = Extract<ChatLine, { kind: 'chat' }>

/** The action of a key on a line; undefined: it has none, or moves on. */
export function lineAction(press: Press, line: ChatLine, input: LineKeysInput): LineAction | undefined {
  if (press.ctrlKey || press.metaKey) return undefined
  if (line.kind === 'group') return togglesOn(press.key, line.isFolded) ? 'toggle' : undefined
  if (press.altKey) return input.canMove ? newPlace(press.key, line.pinPlace) : undefined
  const isMine = !isOfSomebodyElse(line.chat, input.userId)
  return plainAction(press, line) ?? (isMine ? ownersAction(press.key, line) : undefined)
}

function togglesOn(key: string, isFolded: boolean): boolean {
  return key === 'Enter' || key === ' ' || key === (isFolded ? 'ArrowRight' : 'ArrowLeft')
}

function newPlace(key: string, place: number | undefined): number | undefined {
  if (place === undefined) return undefined
  if (key === 'ArrowUp') return place > 1 ? place - 1 : undefined
  return key === 'ArrowDown' ? place + 1 : undefined
}

function plainAction({ key, shiftKey }: Press, line: ChatLineOnly): LineAction | undefined {
  if (key === 'Enter' || key === ' ') return 'open'
  if (key === 'ContextMenu' || (shiftKey && key === 'F10')) return 'menu'
  if (line.childCount === 0) return undefined
  return key === (line.isOpen ? 'ArrowLeft' : 'ArrowRight') ? 'toggle' : undefined
}

function ownersAction(key: string, line: ChatLineOnly): LineAction | undefined {
  if (key === 'F2') return 'rename'
  return key === 'Delete' && !line.isSubAgent && !line.chat.archived ? 'archive' : undefined
}
