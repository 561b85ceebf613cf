import type { Chat } from '#bridge/contract/chats'

/** The server's order of a list: pinned ones by their places, then the latest; ids settle what is left (agents-api 3.2). */
export function byListOrder(a: Chat, b: Chat): number {
  if (a.pin_order !== b.pin_order) {
    if (a.pin_order === 0 || b.pin_order === 0) return a.pin_order === 0 ? 1 : -1
    return a.pin_order - b.pin_order
  }
  return Date.parse(b.updated_at) - Date.parse(a.updated_at) || (a.id < b.id ? 1 : -1)
}
