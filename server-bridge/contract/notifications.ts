/** The inbox, what goes into it, and who wants what. Queries here are strict: an unknown key is refused. */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, count, datetime, flag, list, text, uuid } from './shape.ts'

export const inboxNotificationActionSchema = answer({
  label: text,
  /** May be relative to the deployment. */
  url: text,
})
export const inboxNotificationSchema = answer({
  id: uuid,
  user_id: uuid,
  template_id: uuid,
  targets: list(uuid),
  title: text,
  /** Markdown, but for a watch that asked for plain text. */
  content: text,
  /** A URL, or `DEFAULT_ICON_WORKSPACE`, `_ACCOUNT`, `_TEMPLATE` or `_OTHER`. */
  icon: text,
  actions: list(inboxNotificationActionSchema),
  read_at: datetime.nullish(),
  created_at: datetime,
})
export type InboxNotification = z.output<typeof inboxNotificationSchema>

export const listInboxNotificationsResponseSchema = answer({
  notifications: list(inboxNotificationSchema),
  unread_count: count,
})
export const getInboxNotificationResponseSchema = answer({
  notification: inboxNotificationSchema,
  unread_count: count,
})
export type GetInboxNotificationResponse = z.output<typeof getInboxNotificationResponseSchema>
export const updateInboxNotificationReadStatusResponseSchema = answer({
  notification: inboxNotificationSchema,
  unread_count: count,
})
export const updateInboxNotificationReadStatusRequestSchema = z.object({ is_read: z.boolean() })

export const notificationsSettingsSchema = answer({ notifier_paused: flag })
export const notificationTemplateSchema = answer({
  id: uuid,
  name: text,
  title_template: text,
  body_template: text,
  /** A JSON list of labels and URLs. */
  actions: text,
  group: text,
  method: text,
  kind: text,
  enabled_by_default: flag,
})
export type NotificationTemplate = z.output<typeof notificationTemplateSchema>
export const notificationMethodsResponseSchema = answer({ available: list(z.string()), default: text })
export const notificationPreferenceSchema = answer({ id: uuid, disabled: flag, updated_at: datetime })
export type NotificationPreference = z.output<typeof notificationPreferenceSchema>
export const updateUserNotificationPreferencesSchema = z.object({
  template_disabled_map: z
    .record(z.string(), z.boolean())
    .nullish()
    .transform((entries) => entries ?? {}),
})

export const customNotificationContentSchema = z.object({ title: text, message: text })
export const customNotificationRequestSchema = z.object({
  content: customNotificationContentSchema.nullish(),
})

const uuidList = z
  .string()
  .refine((value) => value.split(',').every((id) => uuid.safeParse(id.trim()).success), 'must be uuids')
  .transform((value) => value.split(',').map((id) => id.trim()))
const inboxFilter = {
  targets: uuidList.optional(),
  templates: uuidList.optional(),
  read_status: z.enum(['all', 'read', 'unread']).optional(),
}

const preferencesPath = '/api/v2/users/{user}/notifications/preferences'
export const notificationsRoutes = {
  /** The 25 newest, or those before `starting_before`. */
  inbox: defineRoute({
    method: 'GET',
    path: '/api/v2/notifications/inbox',
    auth: 'user',
    query: z.strictObject({ ...inboxFilter, starting_before: uuid.optional() }),
    status: 200,
    answer: listInboxNotificationsResponseSchema,
    errors: [400, 401],
  }),
  /** Messages are `GetInboxNotificationResponse`; only what comes from now on. */
  watchInbox: defineRoute({
    method: 'GET',
    path: '/api/v2/notifications/inbox/watch',
    auth: 'user',
    query: z.strictObject({ ...inboxFilter, format: z.enum(['plaintext', 'markdown']).optional() }),
    status: 101,
    errors: [400, 401, 426],
    stream: 'object',
  }),
  setReadStatus: defineRoute({
    method: 'PUT',
    path: '/api/v2/notifications/inbox/{inboxnotification}/read-status',
    auth: 'user',
    body: updateInboxNotificationReadStatusRequestSchema,
    status: 200,
    answer: updateInboxNotificationReadStatusResponseSchema,
    errors: [400, 401, 404],
  }),
  markAllAsRead: defineRoute({
    method: 'PUT',
    path: '/api/v2/notifications/inbox/mark-all-as-read',
    auth: 'user',
    status: 204,
    errors: [401],
  }),
  getSettings: defineRoute({
    method: 'GET',
    path: '/api/v2/notifications/settings',
    auth: 'user',
    status: 200,
    answer: notificationsSettingsSchema,
    errors: [401],
  }),
  /** 304 when nothing changed. */
  setSettings: defineRoute({
    method: 'PUT',
    path: '/api/v2/notifications/settings',
    auth: 'user',
    body: notificationsSettingsSchema,
    status: 200,
    answer: notificationsSettingsSchema,
    errors: [304, 400, 401, 403],
  }),
  systemTemplates: defineRoute({
    method: 'GET',
    path: '/api/v2/notifications/templates/system',
    auth: 'user',
    status: 200,
    answer: list(notificationTemplateSchema),
    errors: [401],
  }),
  customTemplates: defineRoute({
    method: 'GET',
    path: '/api/v2/notifications/templates/custom',
    auth: 'user',
    status: 200,
    answer: list(notificationTemplateSchema),
    errors: [401],
  }),
  dispatchMethods: defineRoute({
    method: 'GET',
    path: '/api/v2/notifications/dispatch-methods',
    auth: 'user',
    status: 200,
    answer: notificationMethodsResponseSchema,
    errors: [401],
  }),
  getPreferences: defineRoute({
    method: 'GET',
    path: preferencesPath,
    auth: 'user',
    status: 200,
    answer: list(notificationPreferenceSchema),
    errors: [401, 404],
  }),
  setPreferences: defineRoute({
    method: 'PUT',
    path: preferencesPath,
    auth: 'user',
    body: updateUserNotificationPreferencesSchema,
    status: 200,
    answer: list(notificationPreferenceSchema),
    errors: [400, 401, 404],
  }),
  /** Sends the caller a notification, to see that they arrive. */
  test: defineRoute({
    method: 'POST',
    path: '/api/v2/notifications/test',
    auth: 'user',
    status: 204,
    errors: [401, 403],
  }),
  /** Sends the caller a notification of their own words. */
  custom: defineRoute({
    method: 'POST',
    path: '/api/v2/notifications/custom',
    auth: 'user',
    body: customNotificationRequestSchema,
    status: 204,
    errors: [400, 401],
  }),
} as const
