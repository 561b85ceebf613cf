import type { WebSocket } from 'ws'
import { notificationsRoutes, type NotificationTemplate } from '../../contract/notifications.ts'
import { ApiError, forbidden, notFound } from '../api-error.ts'
import type { Accounts } from '../services/accounts.ts'
import { mayAct } from '../services/authorization.ts'
import type { NotificationEvents } from '../services/notification-events.ts'
import { notificationIds, notificationKinds, toPlainText } from '../services/notification-templates.ts'
import type { InboxFilter, Notifications } from '../services/notifications.ts'
import { bound } from './bind-routes.ts'

export interface NotificationHandlerDeps {
  readonly accounts: Accounts
  readonly notifications: Notifications
  readonly notificationEvents: NotificationEvents
}

const MAX_TITLE = 120
const MAX_MESSAGE = 2000
/** What a reader that has stopped reading may make us keep. It is then closed, and reads the list anew. */
const MAX_BUFFERED_BYTES = 1024 * 1024
const SETTINGS_ID = '00000000-0000-0000-0000-000000000000'

const templatesOf = (kind: 'system' | 'custom'): NotificationTemplate[] =>
  notificationKinds.filter((known) => known.kind === kind).map(({ icon: _, ...template }) => template)

/** The inbox and its settings. */
export function notificationHandlers(deps: NotificationHandlerDeps) {
  const { accounts, notifications, notificationEvents } = deps
  return bound(notificationsRoutes, {
    inbox: ({ query, actor }) => ({
      notifications: notifications.list(actor.user.id, query, query.starting_before),
      unread_count: notifications.unreadCount(actor.user.id),
    }),
    watchInbox:
      ({ query, actor }) =>
      (socket) =>
        watchInbox(socket, notifications, actor.user.id, query),
    setReadStatus: ({ params, body, actor }) => ({
      notification: notifications.setRead(actor.user.id, params.inboxnotification, body.is_read),
      unread_count: notifications.unreadCount(actor.user.id),
    }),
    markAllAsRead({ actor }) {
      notifications.markAllAsRead(actor.user.id)
      return undefined
    },
    getSettings: () => ({ notifier_paused: notifications.isPaused() }),
    setSettings({ body, actor, audit }) {
      if (!mayAct(actor, 'update', { type: 'deployment_config' })) throw forbidden()
      if (body.notifier_paused === notifications.isPaused()) return new Response(null, { status: 304 })
      notifications.setPaused(body.notifier_paused)
      notificationEvents.wake()
      audit({
        resourceType: 'notifications_settings',
        resourceId: SETTINGS_ID,
        resourceTarget: '',
        action: 'write',
      })
      return body
    },
    systemTemplates: () => templatesOf('system'),
    customTemplates: () => templatesOf('custom'),
    dispatchMethods: () => ({ available: ['inbox'], default: 'inbox' }),
    getPreferences({ params, actor }) {
      const user = accounts.find(params.user, actor)
      if (!mayAct(actor, 'read', { type: 'notification_preference', ownerId: user.id })) throw notFound()
      return notifications.preferences(user.id)
    },
    // Coder does not audit these either: they are how somebody likes it.
    setPreferences({ params, body, actor }) {
      const user = accounts.find(params.user, actor)
      if (!mayAct(actor, 'update', { type: 'notification_preference', ownerId: user.id })) throw notFound()
      notifications.setPreferences(user.id, body.template_disabled_map)
      return notifications.preferences(user.id)
    },
    test({ actor }) {
      if (!mayAct(actor, 'update', { type: 'deployment_config' })) throw forbidden()
      notifications.notify(actor.user.id, notificationIds.test, { labels: {}, targets: [] })
      return undefined
    },
    custom({ body, actor }) {
      const { title = '', message = '' } = body.content ?? {}
      requireContent(title, message)
      notifications.notify(actor.user.id, notificationIds.custom, {
        labels: { title, message },
        targets: [],
      })
      return undefined
    },
  })
}

function requireContent(title: string, message: string): void {
  const checks = [
    ['title', title, MAX_TITLE],
    ['message', message, MAX_MESSAGE],
  ] as const
  const validations = checks.flatMap(([field, value, limit]) => {
    if (value.trim() === '') return [{ field, detail: `The ${field} is required.` }]
    return value.length > limit
      ? [{ field, detail: `The ${field} must be at most ${limit} characters.` }]
      : []
  })
  if (validations.length > 0) throw new ApiError(400, { message: 'Invalid request body.', validations })
}

interface WatchQuery extends InboxFilter {
  readonly format?: 'plaintext' | 'markdown' | undefined
}

function watchInbox(
  socket: WebSocket,
  notifications: Notifications,
  userId: string,
  { format, ...filter }: WatchQuery,
): void {
  const stop = notifications.watch(userId, filter, (message) => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      socket.close(1011, 'the reader is too slow')
      return
    }
    const { notification } = message
    const content = format === 'plaintext' ? toPlainText(notification.content) : notification.content
    socket.send(`${JSON.stringify({ ...message, notification: { ...notification, content } })}\n`)
  })
  socket.on('close', stop)
}
