import type { Selectable } from 'kysely'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Database } from '../db/database.ts'
import type { NotificationEventsTable } from '../db/tables/notification-events.ts'
import { notificationIds } from './notification-templates.ts'
import type { Notifications } from './notifications.ts'
import { toWireTime } from './wire-time.ts'

type EventRow = Selectable<NotificationEventsTable>

export interface NotificationEvents {
  /** Looks at once and from now on now and then. */
  start(): void
  /** Something may have happened: looks soon, in a turn of its own. */
  wake(): void
  /** Makes notifications of all that has happened; nothing while they are paused. */
  deliver(): void
  /** Ends it; what is not delivered stays for the next start. */
  close(): void
}

export interface NotificationEventDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly notifications: Notifications
}

/** For changes that nothing announces. */
const LOOK_EVERY_MS = 15 * 60_000
const BATCH = 100

/** Turns the rows that triggers write into notifications: each row goes in the transaction its notifications come in. */
export function createNotificationEvents(deps: NotificationEventDeps): NotificationEvents {
  const { db, clock, logger, notifications } = deps
  const tell = createTellers(db, notifications)
  let isScheduled = false
  let isOpen = false
  let cancel: () => void = () => undefined

  const deliverBatch = (): boolean =>
    db.transaction(() => {
      const events = db.all(db.sql.selectFrom('notification_events').selectAll().orderBy('id').limit(BATCH))
      for (const event of events) tell[event.kind]?.(event)
      const last = events.at(-1)
      if (last) db.run(db.sql.deleteFrom('notification_events').where('id', '<=', last.id))
      return events.length === BATCH
    })
  const deliver = (): void => {
    if (notifications.isPaused()) return
    while (deliverBatch());
  }
  const attempt = (): void => {
    isScheduled = false
    if (!isOpen) return
    try {
      deliver()
    } catch (error) {
      // The rows are still there for the next look.
      logger.error('Notifications could not be delivered', { error: String(error) })
    }
  }
  return {
    deliver,
    start() {
      isOpen = true
      cancel = clock.every(LOOK_EVERY_MS, attempt)
      attempt()
    },
    wake() {
      if (isScheduled) return
      isScheduled = true
      setImmediate(attempt)
    },
    close() {
      isOpen = false
      cancel()
    },
  }
}

type Teller = (event: EventRow) => void

/** What each kind of event says, and to whom. */
function createTellers(db: Database, notifications: Notifications): Readonly<Record<string, Teller>> {
  const owners = (): string[] =>
    db
      .all(
        db.sql
          .selectFrom('users')
          .select('id')
          .where('roles', 'like', '%"owner"%')
          .where('status', '!=', 'suspended')
          .where('deleted', '=', 0),
      )
      .map(({ id }) => id)
  /** Who did it last, by the audit log; nobody for what the server did by itself. */
  const initiatorOf = (resourceType: string, resourceId: string) =>
    db.first(
      db.sql
        .selectFrom('audit_logs')
        .innerJoin('users', 'users.id', 'audit_logs.user_id')
        .select(['users.id', 'users.username'])
        .where('audit_logs.resource_type', '=', resourceType)
        .where('audit_logs.resource_id', '=', resourceId)
        .orderBy('audit_logs.created_at', 'desc')
        .limit(1),
    )
  const aboutResource =
    (resourceType: 'user' | 'template', toOwners: string, toSubject?: string): Teller =>
    ({ subject_id: id, subject_name: name }) => {
      const initiator = initiatorOf(resourceType, id)
      const content = {
        labels: { name, initiator: initiator?.username ?? 'The deployment' },
        targets: [id],
      }
      for (const owner of owners()) {
        if (owner !== initiator?.id && owner !== id) notifications.notify(owner, toOwners, content)
      }
      if (toSubject !== undefined) notifications.notify(id, toSubject, content)
    }
  return {
    'user-created': aboutResource('user', notificationIds.userCreated),
    'user-deleted': aboutResource('user', notificationIds.userDeleted),
    'user-suspended': aboutResource(
      'user',
      notificationIds.userSuspended,
      notificationIds.yourAccountSuspended,
    ),
    'user-activated': aboutResource(
      'user',
      notificationIds.userActivated,
      notificationIds.yourAccountActivated,
    ),
    'template-deleted': aboutResource('template', notificationIds.templateDeleted),
    'template-deprecated': (event) => tellDeprecation(db, notifications, event),
    ...createWorkspaceTellers(db, notifications, owners),
  }
}

function tellDeprecation(db: Database, notifications: Notifications, event: EventRow): void {
  const { subject_id: id, subject_name: name } = event
  const template = db.first(db.sql.selectFrom('templates').select('deprecation_message').where('id', '=', id))
  const users = db.all(
    db.sql
      .selectFrom('workspaces')
      .select('owner_id')
      .distinct()
      .where('template_id', '=', id)
      .where('deleted', '=', 0),
  )
  const labels = { name, message: template?.deprecation_message ?? '' }
  for (const { owner_id: owner } of users) {
    notifications.notify(owner, notificationIds.templateDeprecated, { labels, targets: [id] })
  }
}

/** A build with what there is to say of it. */
function buildRows(db: Database) {
  return db.sql
    .selectFrom('workspace_builds as build')
    .innerJoin('workspaces as workspace', 'workspace.id', 'build.workspace_id')
    .innerJoin('users as owner', 'owner.id', 'workspace.owner_id')
    .innerJoin('users as initiator', 'initiator.id', 'build.initiator_id')
    .innerJoin('provisioner_jobs as job', 'job.id', 'build.job_id')
    .innerJoin('template_versions as version', 'version.id', 'build.template_version_id')
    .innerJoin('templates as template', 'template.id', 'workspace.template_id')
    .select([
      'build.id',
      'build.reason',
      'build.build_number',
      'build.template_version_id',
      'build.initiator_id',
      'initiator.username as initiator',
      'workspace.id as workspace_id',
      'workspace.owner_id',
      'workspace.name',
      'workspace.deleting_at',
      'owner.username as owner',
      'job.error',
      'version.name as version',
      'template.id as template_id',
      'template.name as template',
    ])
    .orderBy('build.build_number', 'desc')
    .limit(1)
}

const BY_THE_SERVER = new Set(['autostart', 'autostop', 'dormancy'])

function createWorkspaceTellers(
  db: Database,
  notifications: Notifications,
  owners: () => string[],
): Readonly<Record<string, Teller>> {
  const latestBuildOf = (workspaceId: string) =>
    db.first(buildRows(db).where('build.workspace_id', '=', workspaceId))
  type Build = NonNullable<ReturnType<typeof latestBuildOf>>
  const contentOf = (build: Build, more: Readonly<Record<string, string>> = {}) => ({
    labels: {
      name: build.name,
      owner: build.owner,
      initiator: build.initiator,
      reason: build.reason,
      template: build.template,
      version: build.version,
      error: build.error ?? '',
      ...more,
    },
    targets: [build.workspace_id, build.owner_id, build.template_id],
  })
  const isOwn = (build: Build): boolean =>
    build.initiator_id === build.owner_id && !BY_THE_SERVER.has(build.reason)
  const previousVersion = (build: Build): string | undefined =>
    db.first(
      buildRows(db)
        .where('build.workspace_id', '=', build.workspace_id)
        .where('build.build_number', '<', build.build_number),
    )?.template_version_id

  const aboutLatest =
    (templateId: string, more: (build: Build) => Readonly<Record<string, string>> = () => ({})): Teller =>
    ({ subject_id: id }) => {
      const build = latestBuildOf(id)
      if (build) notifications.notify(build.owner_id, templateId, contentOf(build, more(build)))
    }
  return {
    'workspace-deleted'({ subject_id: id }) {
      const build = latestBuildOf(id)
      if (!build || isOwn(build)) return
      notifications.notify(build.owner_id, notificationIds.workspaceDeleted, contentOf(build))
    },
    'workspace-dormant': aboutLatest(notificationIds.workspaceDormant),
    'workspace-marked': aboutLatest(notificationIds.workspaceMarkedForDeletion, ({ deleting_at: at }) => ({
      date: at === null ? '' : toWireTime(at).slice(0, 10),
    })),
    'build-created'({ subject_id: id }) {
      const build = db.first(buildRows(db).where('build.id', '=', id))
      if (!build || BY_THE_SERVER.has(build.reason)) return
      const isFirst = build.build_number === 1
      if (!isFirst && previousVersion(build) === build.template_version_id) return
      const kind = isFirst ? notificationIds.workspaceCreated : notificationIds.workspaceManuallyUpdated
      for (const user of new Set([build.owner_id, ...owners()])) {
        if (user !== build.initiator_id) notifications.notify(user, kind, contentOf(build))
      }
    },
    'build-failed'({ subject_id: id }) {
      const build = db.first(buildRows(db).where('build.id', '=', id))
      if (!build || isOwn(build)) return
      const kind = BY_THE_SERVER.has(build.reason)
        ? notificationIds.workspaceAutobuildFailed
        : notificationIds.workspaceManualBuildFailed
      notifications.notify(build.owner_id, kind, contentOf(build))
    },
  }
}
