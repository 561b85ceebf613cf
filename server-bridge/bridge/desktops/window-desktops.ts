/** What one window asks of desktops: parsed, and passed on. */
import {
  windowToDesktopsSchema,
  type DesktopsToWindow,
  type OnlyDesktop,
  type WindowToDesktops,
} from '../../contract/desktop-port.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Desktops } from './desktops.ts'

export interface WindowDesktops {
  /** Takes a message that begins with `desktop-`. */
  take(raw: unknown): void
  close(): void
}

export function createWindowDesktops({
  post,
  desktops,
  logger,
  only,
}: {
  readonly post: (message: DesktopsToWindow) => void
  readonly desktops: Desktops
  readonly logger: Logger
  /** The window may show this one and no other. */
  readonly only?: OnlyDesktop | undefined
}): WindowDesktops {
  const refuse = (desktopId: string, reason: string): void =>
    post({ type: 'desktop-state', desktopId, state: { kind: 'failed', code: 'refused', reason } })
  const mayOpen = ({ deploymentId, chatId }: OnlyDesktop): boolean =>
    only === undefined || (only.deploymentId === deploymentId && only.chatId === chatId)
  const obey = (message: WindowToDesktops): void => {
    const { desktopId } = message
    const shown = desktops.shownBy(desktopId, post)
    switch (message.type) {
      case 'desktop-open': {
        if (!mayOpen(message)) refuse(desktopId, 'This window shows the desktop of another chat.')
        else if (!desktops.open(message, post))
          refuse(desktopId, 'Too many desktops are open. Close one first.')
        return
      }
      case 'desktop-input':
        shown?.input(message.connection, message.bytes)
        return
      case 'desktop-ack':
        shown?.acknowledge(message.connection, message.bytes)
        return
      case 'desktop-retry':
        shown?.retry()
        return
      case 'desktop-close':
        desktops.end(desktopId, post)
    }
  }
  return {
    take(raw) {
      const parsed = windowToDesktopsSchema.safeParse(raw)
      if (parsed.success) obey(parsed.data)
      // Where it does not fit, never what it held: keys may be those of a password.
      else
        logger.warn('A window sent a message about desktops that does not fit', {
          at: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).slice(0, 5),
        })
    },
    close: () => desktops.leave(post),
  }
}
