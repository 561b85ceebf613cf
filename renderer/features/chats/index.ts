export { chatGroup, chatMark, chatTitle } from './chat-state.ts'
export { useLatestChats } from './use-chats.ts'
