import { sql } from 'kysely'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { Database } from '../../db/database.ts'
import { notificationIds } from '../notification-templates.ts'
import type { Notifications } from '../notifications.ts'
import { moveWithChildren } from './chat-children.ts'
import type { ChatConfig } from './chat-config.ts'
import type { ChatStore } from './chat-store.ts'

export interface ChatLifecycleDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly store: ChatStore
  readonly chatConfig: Pick<ChatConfig, 'get'>
  readonly notifications: Pick<Notifications, 'notify'>
}

const DAY_MS = 24 * 3_600_000
const SWEEP_MS = 3_600_000
/** At a time, so that nobody waits for the database. */
const BATCH = 100
const MAX_TITLES = 25

/** Archives chats that nobody touches and removes archived ones, as an administrator has set it (agents-api 9.1). */
export function createChatLifecycle(deps: ChatLifecycleDeps) {
  const { db, clock, logger, chatConfig } = deps
  let cancel = (): void => undefined
  const before = (days: number): number => clock.now() - days * DAY_MS

  const sweep = (): void => {
    const archiveDays = chatConfig.get('auto_archive_days')
    const keepDays = chatConfig.get('retention_days')
    try {
      if (archiveDays > 0) archiveIdle(deps, before(archiveDays))
      if (keepDays > 0) purge(db, before(keepDays))
    } catch (error) {
      // A full disk, say: the next turn tries again, and the server goes on.
      logger.error('Old chats could not be cleaned up', { error: String(error) })
    }
  }
  return {
    /** Looks at once, and every hour. */
    start() {
      sweep()
      cancel = clock.every(SWEEP_MS, sweep)
    },
    sweep,
    close: () => cancel(),
  }
}

/** Idle and unpinned roots, with their sub-agents; each owner is told once what was put away. */
function archiveIdle({ db, store, notifications }: ChatLifecycleDeps, before: number): void {
  const idle = db.all(
    db.sql
      .selectFrom('chats')
      .select(['id', 'owner_id', 'title'])
      .where('parent_chat_id', 'is', null)
      .where('archived', '=', 0)
      .where('pin_order', '=', 0)
      .where('status', 'in', ['waiting', 'error'])
      .where('updated_at', '<', before)
      .where(hasNoBusyChild(before))
      .orderBy('updated_at')
      .limit(BATCH),
  )
  const titles = new Map<string, string[]>()
  db.transaction(() => {
    for (const { id, owner_id: owner, title } of idle) {
      moveWithChildren({ db, store }, id, true)
      titles.set(owner, [...(titles.get(owner) ?? []), title])
    }
    for (const [owner, archived] of titles)
      notifications.notify(owner, notificationIds.custom, digest(archived))
  })
}

/** A sub-agent that is at work, or was not long ago, keeps its root out of the archive. */
const hasNoBusyChild = (before: number) => sql<boolean>`NOT EXISTS (
  SELECT 1 FROM chats AS child WHERE child.parent_chat_id = chats.id
  AND (child.status NOT IN ('waiting', 'error') OR child.updated_at >= ${before}))`

function digest(titles: readonly string[]) {
  const shown = titles.slice(0, MAX_TITLES).map((title) => `- ${title}`)
  const more = titles.length - shown.length
  return {
    labels: {
      title: titles.length === 1 ? 'A chat was archived' : `${titles.length} chats were archived`,
      message: [
        'Nobody has used these for a while. They can be taken out of the archive again:',
        ...shown,
        ...(more > 0 ? [`and ${more} more`] : []),
      ].join('\n'),
    },
    targets: [],
  }
}

/** Archived chats with their sub-agents and all that was said in them, then files that no chat has any more. */
function purge(db: Database, before: number): void {
  db.transaction(() => {
    const old = db.all(
      db.sql
        .selectFrom('chats')
        .select('id')
        .where('parent_chat_id', 'is', null)
        .where('archived', '=', 1)
        .where('updated_at', '<', before)
        .orderBy('updated_at')
        .limit(BATCH),
    )
    for (const { id } of old) db.run(db.sql.deleteFrom('chats').where('id', '=', id))
    db.run(
      db.sql
        .deleteFrom('chat_files')
        .where('created_at', '<', before)
        .where(
          sql<boolean>`NOT EXISTS (SELECT 1 FROM chat_file_links WHERE chat_file_links.file_id = chat_files.id)`,
        ),
    )
  })
}
