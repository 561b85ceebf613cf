export { jsonText } from './transcript/json-text.ts'
export { oneLine, showUnseen } from './transcript/hostile-text.ts'
export { chatGroup, chatMark, chatTitle, isOfSomebodyElse } from './chat-state.ts'
export { useLatestChats } from './use-chats.ts'
