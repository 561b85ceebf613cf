import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type {
  GetInboxNotificationResponse,
  InboxNotification,
  NotificationPreference,
} from '../../contract/notifications.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError, badRequest, notFound } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import type { InboxNotificationsTable } from '../db/tables/inbox-notifications.ts'
import { fillTemplate, notificationKinds } from './notification-templates.ts'
import { toNullableTime, toWireTime } from './wire-time.ts'

type NotificationRow = Selectable<InboxNotificationsTable>

export interface InboxFilter {
  /** Those that speak of one of these. */
  readonly targets?: readonly string[] | undefined
  readonly templates?: readonly string[] | undefined
  readonly read_status?: 'all' | 'read' | 'unread' | undefined
}

export interface NotificationContent {
  /** What the kind's text names, e.g. `name`. */
  readonly labels: Readonly<Record<string, string>>
  /** Ids of what it speaks of. */
  readonly targets: readonly string[]
}

export interface Notifications {
  /**
   * Tells a user something, unless they do not want that kind. `templateId` is one of `notificationIds`. Watchers hear
   * of it once the transaction this is called in has ended.
   */
  notify(userId: string, templateId: string, content: NotificationContent): void
  /** The 25 newest, or those before the given one. @throws {ApiError} 400 for one that is not there. */
  list(userId: string, filter: InboxFilter, startingBefore?: string): InboxNotification[]
  unreadCount(userId: string): number
  /** @throws {ApiError} 404 */
  setRead(userId: string, id: string, isRead: boolean): InboxNotification
  markAllAsRead(userId: string): void
  /** Calls back with each new one that fits. Returns the function that ends it. */
  watch(
    userId: string,
    filter: InboxFilter,
    listener: (message: GetInboxNotificationResponse) => void,
  ): () => void
  preferences(userId: string): NotificationPreference[]
  /** @throws {ApiError} 400 for a kind there is none of. */
  setPreferences(userId: string, disabled: Readonly<Record<string, boolean>>): void
  isPaused(): boolean
  setPaused(paused: boolean): void
}

const PAGE = 25
const PAUSED_SETTING = 'notifications_paused'

const toWire = (row: NotificationRow): InboxNotification => ({
  id: row.id,
  user_id: row.user_id,
  template_id: row.template_id,
  targets: JSON.parse(row.targets) as string[],
  title: row.title,
  content: row.content,
  icon: row.icon,
  actions: JSON.parse(row.actions) as InboxNotification['actions'],
  read_at: toNullableTime(row.read_at),
  created_at: toWireTime(row.created_at),
})

function fits(notification: InboxNotification, { targets, templates, read_status: status }: InboxFilter) {
  const isRead = typeof notification.read_at === 'string'
  return (
    (!targets || notification.targets.some((id) => targets.includes(id))) &&
    (!templates || templates.includes(notification.template_id)) &&
    (status === undefined || status === 'all' || isRead === (status === 'read'))
  )
}

type Listener = (notification: InboxNotification) => void

/** Who waits for new notifications, by user. */
function createListeners() {
  const byUser = new Map<string, Set<Listener>>()
  return {
    add(userId: string, listener: Listener): () => void {
      const group = byUser.get(userId) ?? new Set()
      byUser.set(userId, group.add(listener))
      return () => {
        group.delete(listener)
        if (group.size === 0 && byUser.get(userId) === group) byUser.delete(userId)
      }
    },
    tell(notification: InboxNotification): void {
      for (const listener of [...(byUser.get(notification.user_id) ?? [])]) listener(notification)
    },
  }
}

export function createNotifications(db: Database, clock: Clock): Notifications {
  const listeners = createListeners()
  const find = (userId: string, id: string): NotificationRow | undefined =>
    db.first(
      db.sql.selectFrom('inbox_notifications').selectAll().where('user_id', '=', userId).where('id', '=', id),
    )
  const unreadCount = (userId: string): number =>
    db.first<{ unread: number }>(
      db.sql
        .selectFrom('inbox_notifications')
        .select((select) => select.fn.countAll<number>().as('unread'))
        .where('user_id', '=', userId)
        .where('read_at', 'is', null),
    )?.unread ?? 0

  const list = (userId: string, filter: InboxFilter, startingBefore?: string): InboxNotification[] => {
    const before = startingBefore === undefined ? undefined : find(userId, startingBefore)
    if (startingBefore !== undefined && !before) {
      throw new ApiError(400, {
        message: 'Query parameters have invalid values.',
        validations: [{ field: 'starting_before', detail: 'There is no such notification.' }],
      })
    }
    let query = db.sql
      .selectFrom('inbox_notifications')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('seq', 'desc')
    if (before) query = query.where('seq', '<', before.seq)
    if (filter.templates) query = query.where('template_id', 'in', [...filter.templates])
    // What a row speaks of is a list in it, so the page is cut after that was looked at.
    return db
      .all(query)
      .map(toWire)
      .filter((notification) => fits(notification, filter))
      .slice(0, PAGE)
  }

  return {
    list,
    unreadCount,
    ...createPreferences(db, clock),
    notify(userId, templateId, { labels, targets }) {
      const kind = notificationKinds.find(({ id }) => id === templateId)
      if (!kind) throw new Error(`There is no notification of the kind ${templateId}.`)
      if (!isWanted(db, userId, templateId, kind.enabled_by_default)) return
      const id = randomUUID()
      db.run(
        db.sql.insertInto('inbox_notifications').values({
          id,
          user_id: userId,
          template_id: templateId,
          targets: JSON.stringify(targets),
          title: fillTemplate(kind.title_template, labels),
          content: fillTemplate(kind.body_template, labels),
          icon: kind.icon,
          actions: fillTemplate(kind.actions, labels),
          read_at: null,
          created_at: clock.now(),
        }),
      )
      // A transaction is one turn: by then it has ended, and one that was undone has left nothing to tell.
      queueMicrotask(() => {
        const row = find(userId, id)
        if (row) listeners.tell(toWire(row))
      })
    },
    setRead(userId, id, isRead) {
      const row = find(userId, id)
      if (!row) throw notFound()
      const readAt = isRead ? (row.read_at ?? clock.now()) : null
      db.run(db.sql.updateTable('inbox_notifications').set({ read_at: readAt }).where('id', '=', id))
      return toWire({ ...row, read_at: readAt })
    },
    markAllAsRead(userId) {
      db.run(
        db.sql
          .updateTable('inbox_notifications')
          .set({ read_at: clock.now() })
          .where('user_id', '=', userId)
          .where('read_at', 'is', null),
      )
    },
    watch: (userId, filter, listener) =>
      listeners.add(userId, (notification) => {
        if (fits(notification, filter)) listener({ notification, unread_count: unreadCount(userId) })
      }),
  }
}

function isWanted(db: Database, userId: string, templateId: string, byDefault: boolean): boolean {
  const choice = db.first(
    db.sql
      .selectFrom('notification_preferences')
      .select('disabled')
      .where('user_id', '=', userId)
      .where('template_id', '=', templateId),
  )
  return choice ? choice.disabled === 0 : byDefault
}

function createPreferences(
  db: Database,
  clock: Clock,
): Pick<Notifications, 'preferences' | 'setPreferences' | 'isPaused' | 'setPaused'> {
  return {
    preferences: (userId) =>
      db
        .all(
          db.sql
            .selectFrom('notification_preferences')
            .selectAll()
            .where('user_id', '=', userId)
            .orderBy('template_id'),
        )
        .map((row) => ({
          id: row.template_id,
          disabled: row.disabled === 1,
          updated_at: toWireTime(row.updated_at),
        })),
    setPreferences(userId, disabled) {
      const entries = Object.entries(disabled)
      const unknown = entries.find(([id]) => !notificationKinds.some((kind) => kind.id === id))
      if (unknown) throw badRequest(`Unable to parse notification template ${JSON.stringify(unknown[0])}.`)
      db.transaction(() => {
        for (const [templateId, isDisabled] of entries) {
          const choice = { disabled: isDisabled ? 1 : 0, updated_at: clock.now() }
          db.run(
            db.sql
              .insertInto('notification_preferences')
              .values({ user_id: userId, template_id: templateId, ...choice })
              .onConflict((conflict) => conflict.columns(['user_id', 'template_id']).doUpdateSet(choice)),
          )
        }
      })
    },
    isPaused: () =>
      db.first(db.sql.selectFrom('deployment_settings').select('value').where('key', '=', PAUSED_SETTING))
        ?.value === 'true',
    setPaused(paused) {
      const value = String(paused)
      db.run(
        db.sql
          .insertInto('deployment_settings')
          .values({ key: PAUSED_SETTING, value })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value })),
      )
    },
  }
}
