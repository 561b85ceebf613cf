import type { NotificationTemplate } from '../../contract/notifications.ts'

/** Coder's ids of the kinds of notification, which clients switch on. */
export const notificationIds = {
  workspaceCreated: '281fdf73-c6d6-4cbb-8ff5-888baf8a2fff',
  workspaceManuallyUpdated: 'd089fe7b-d5c5-4c0c-aaf5-689859f7d392',
  workspaceDeleted: 'f517da0b-cdc9-410f-ab89-a86107c420ed',
  workspaceAutobuildFailed: '381df2a9-c0c0-4749-420f-80a9280c66f9',
  workspaceManualBuildFailed: '2faeee0f-26cb-4e96-821c-85ccb9f71513',
  workspaceDormant: '0ea69165-ec14-4314-91f1-69566ac3c5a0',
  workspaceMarkedForDeletion: '51ce2fdf-c9ca-4be1-8d70-628674f9bc42',
  userCreated: '4e19c0ac-94e1-4532-9515-d1801aa283b2',
  userDeleted: 'f44d9314-ad03-4bc8-95d0-5cad491da6b6',
  userSuspended: 'b02ddd82-4733-4d02-a2d7-c36f3598997d',
  userActivated: '9f5af851-8408-4e73-a7a1-c6502ba46689',
  yourAccountSuspended: '6a2f0609-9b69-4d36-a989-9f5925b6cbff',
  yourAccountActivated: '1a6a6bea-ee0a-43e2-9e7c-eabdb53730e4',
  templateDeleted: '29a09665-2a4c-403f-9648-54301670e7be',
  templateDeprecated: 'f40fae84-55a2-42cd-99fa-b41c1ca64894',
  test: 'c425f63e-716a-4bf4-ae24-78348f706c3f',
  custom: '39b1e189-c857-4b0c-877a-511144c18516',
} as const

type Group = 'Workspace Events' | 'User Events' | 'Template Events' | 'Notification Events' | 'Custom Events'

export interface NotificationKind extends NotificationTemplate {
  readonly icon: string
}

interface KindText {
  readonly name: string
  readonly title: string
  readonly body: string
  readonly action?: readonly [label: string, url: string]
  /** False: only for those who ask for it. */
  readonly byDefault?: boolean
}

const WORKSPACE_LINK = ['View workspace', '/@{{.Labels.owner}}/{{.Labels.name}}'] as const
const USERS_LINK = ['View users', '/users'] as const

function kind(id: string, group: Group, icon: string, told: KindText): NotificationKind {
  const [label, url] = told.action ?? []
  return {
    id,
    name: told.name,
    title_template: told.title,
    body_template: told.body,
    actions: JSON.stringify(label === undefined ? [] : [{ label, url }]),
    group,
    method: '',
    kind: group === 'Custom Events' ? 'custom' : 'system',
    enabled_by_default: told.byDefault ?? true,
    icon,
  }
}

const workspace = (id: string, told: KindText): NotificationKind =>
  kind(id, 'Workspace Events', 'DEFAULT_ICON_WORKSPACE', { action: WORKSPACE_LINK, ...told })
const account = (id: string, told: KindText): NotificationKind =>
  kind(id, 'User Events', 'DEFAULT_ICON_ACCOUNT', told)
const template = (id: string, told: KindText): NotificationKind =>
  kind(id, 'Template Events', 'DEFAULT_ICON_TEMPLATE', told)

const NAME = '**{{.Labels.name}}**'
const BY = '**{{.Labels.initiator}}**'

/** Every kind there is. Texts are Go templates, as clients know them, of which only `.Labels` are used. */
export const notificationKinds: readonly NotificationKind[] = [
  workspace(notificationIds.workspaceCreated, {
    name: 'Workspace Created',
    title: 'Workspace "{{.Labels.name}}" created',
    body: `${BY} created the workspace ${NAME} for **{{.Labels.owner}}** from the template **{{.Labels.template}}**.`,
    byDefault: false,
  }),
  workspace(notificationIds.workspaceManuallyUpdated, {
    name: 'Workspace Manually Updated',
    title: 'Workspace "{{.Labels.name}}" updated',
    body: `${BY} updated the workspace ${NAME} of **{{.Labels.owner}}** to the version **{{.Labels.version}}** of its template.`,
    byDefault: false,
  }),
  workspace(notificationIds.workspaceDeleted, {
    name: 'Workspace Deleted',
    title: 'Workspace "{{.Labels.name}}" deleted',
    body: `Your workspace ${NAME} was deleted by ${BY}. The reason given was "**{{.Labels.reason}}**".`,
    action: ['View workspaces', '/workspaces'],
  }),
  workspace(notificationIds.workspaceAutobuildFailed, {
    name: 'Workspace Autobuild Failed',
    title: 'Automatic build of workspace "{{.Labels.name}}" failed',
    body: `Your workspace ${NAME} could not be built by its schedule ({{.Labels.reason}}): {{.Labels.error}}`,
  }),
  workspace(notificationIds.workspaceManualBuildFailed, {
    name: 'Workspace Manual Build Failed',
    title: 'Build of workspace "{{.Labels.name}}" failed',
    body: `A build of your workspace ${NAME} that ${BY} started failed: {{.Labels.error}}`,
  }),
  workspace(notificationIds.workspaceDormant, {
    name: 'Workspace Marked as Dormant',
    title: 'Workspace "{{.Labels.name}}" is dormant',
    body: `Your workspace ${NAME} has become dormant. It has to be activated before it can be used again.`,
  }),
  workspace(notificationIds.workspaceMarkedForDeletion, {
    name: 'Workspace Marked for Deletion',
    title: 'Workspace "{{.Labels.name}}" will be deleted',
    body: `Your dormant workspace ${NAME} will be deleted on **{{.Labels.date}}** unless it is activated before.`,
  }),
  account(notificationIds.userCreated, {
    name: 'User account created',
    title: 'User account "{{.Labels.name}}" created',
    body: `${BY} created the user account ${NAME}.`,
    action: USERS_LINK,
  }),
  account(notificationIds.userDeleted, {
    name: 'User account deleted',
    title: 'User account "{{.Labels.name}}" deleted',
    body: `${BY} deleted the user account ${NAME}.`,
    action: USERS_LINK,
  }),
  account(notificationIds.userSuspended, {
    name: 'User account suspended',
    title: 'User account "{{.Labels.name}}" suspended',
    body: `${BY} suspended the user account ${NAME}.`,
    action: USERS_LINK,
  }),
  account(notificationIds.userActivated, {
    name: 'User account activated',
    title: 'User account "{{.Labels.name}}" activated',
    body: `${BY} activated the user account ${NAME}.`,
    action: USERS_LINK,
  }),
  account(notificationIds.yourAccountSuspended, {
    name: 'Your account has been suspended',
    title: 'Your account "{{.Labels.name}}" has been suspended',
    body: `${BY} suspended your account ${NAME}.`,
  }),
  account(notificationIds.yourAccountActivated, {
    name: 'Your account has been activated',
    title: 'Your account "{{.Labels.name}}" has been activated',
    body: `${BY} activated your account ${NAME}.`,
  }),
  template(notificationIds.templateDeleted, {
    name: 'Template Deleted',
    title: 'Template "{{.Labels.name}}" deleted',
    body: `${BY} deleted the template ${NAME}.`,
    action: ['View templates', '/templates'],
  }),
  template(notificationIds.templateDeprecated, {
    name: 'Template Deprecated',
    title: 'Template "{{.Labels.name}}" is deprecated',
    body: `The template ${NAME}, which a workspace of yours uses, is deprecated: {{.Labels.message}}`,
    action: ['View templates', '/templates'],
  }),
  kind(notificationIds.test, 'Notification Events', 'DEFAULT_ICON_OTHER', {
    name: 'Test Notification',
    title: 'A test notification',
    body: 'This is a test: notifications arrive.',
  }),
  kind(notificationIds.custom, 'Custom Events', 'DEFAULT_ICON_OTHER', {
    name: 'Custom Notification',
    title: '{{.Labels.title}}',
    body: '{{.Labels.message}}',
  }),
]

/** Puts labels into a text. A label nobody gave is empty. */
export function fillTemplate(text: string, labels: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{\s*\.Labels\.(\w+)\s*\}\}/g, (_, name: string) => labels[name] ?? '')
}

/** Markdown of ours without its marks. */
export function toPlainText(markdown: string): string {
  return markdown
    .replaceAll('**', '')
    .replaceAll('`', '')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, (_, label: string) => label)
}
