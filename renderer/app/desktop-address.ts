import type { ChatPlace } from '../features/desktop/use-own-window.ts'

/** Whose desktop a window shows that was made for one; main binds that window to this chat, whatever stands here. */
export function desktopOf(hash: string): ChatPlace | undefined {
  const [, deploymentId, chatId] = /^#\/desktop\/([\w-]{1,64})\/([\da-f-]{36})$/.exec(hash) ?? []
  return deploymentId === undefined || chatId === undefined ? undefined : { deploymentId, chatId }
}
