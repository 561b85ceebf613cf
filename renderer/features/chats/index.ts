export { chatGroup, chatMark, chatTitle } from './chat-state.ts'
export type { PanelContext, PanelSlots, PanelTab } from './panel/panel-slots.ts'
export { useLatestChats } from './use-chats.ts'
