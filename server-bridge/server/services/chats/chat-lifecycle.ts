import { sql } from 'kysely'
import type { Clock } from '../../../lib/clock.ts'
import type { Logger } from '../../../lib/logger.ts'
import type { Database } from '../../db/database.ts'
import { notificationIds } from '../notification-templates.ts'
import type { Notifications } from '../notifications.ts'
import { moveWithChildren } from './chat-children.ts'
import type { ChatConfig } from './chat-config.ts'
import type { ChatDebugStore } from './chat-debug-store.ts'
import type { ChatStore } from './chat-store.ts'

export interface ChatLifecycleDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly store: ChatStore
  readonly chatDebugStore: Pick<ChatDebugStore, 'removeOld'>
  readonly chatConfig: Pick<ChatConfig, 'get'>
  readonly notifications: Pick<Notifications, 'notify'>
}

const DAY_MS = 24 * 3_600_000
const SWEEP_MS = 3_600_000
/** At a time, so that nobody waits for the database. */
const BATCH = 100
const MAX_TITLES = 25

/** Of a message that is not sent yet: whoever began it may come back to it after a holiday. */
const LOOSE_FILE_MS = 90 * DAY_MS
/** Fewer than of chats, since each may have 10 MiB. */
const FILE_BATCH = 20
/** Between two batches of files or debug runs, for others to get at the database. */
const PAUSE_MS = 1000

/**
 * Archives chats that nobody touches and removes archived ones, as an administrator has set it (agents-api 9.1). Files that
 * no chat has are removed whatever was set.
 */
export function createChatLifecycle(deps: ChatLifecycleDeps) {
  const { db, clock, logger, chatConfig } = deps
  const cancels = new Map<'hourly' | 'files' | 'debug runs', () => void>()
  const before = (days: number): number => clock.now() - days * DAY_MS

  const sweepFiles = (): void => {
    const isMore = removeLooseFiles(db, clock.now() - LOOSE_FILE_MS) === FILE_BATCH
    if (!isMore) return
    const cancel = clock.after(PAUSE_MS, () => guarded(sweepFiles))
    cancels.set('files', cancel)
  }
  const guarded = (work: () => void): void => {
    try {
      work()
    } catch (error) {
      // A full disk, say: the next turn tries again, and the server goes on.
      logger.error('Old chats could not be cleaned up', { error: String(error) })
    }
  }
  const sweepChats = (): void => {
    const archiveDays = chatConfig.get('auto_archive_days')
    const keepDays = chatConfig.get('retention_days')
    if (archiveDays > 0) archiveIdle(deps, before(archiveDays))
    if (keepDays > 0) purge(db, before(keepDays))
  }
  const sweepDebugRuns = (): void => {
    const days = chatConfig.get('debug_retention_days')
    if (days === 0 || deps.chatDebugStore.removeOld(before(days), BATCH) < BATCH) return
    cancels.set(
      'debug runs',
      clock.after(PAUSE_MS, () => guarded(sweepDebugRuns)),
    )
  }
  const sweep = (): void => {
    guarded(sweepChats)
    cancels.get('files')?.()
    cancels.get('debug runs')?.()
    guarded(sweepFiles)
    guarded(sweepDebugRuns)
  }
  return {
    /** Looks at once, and every hour. */
    start() {
      sweep()
      cancels.set('hourly', clock.every(SWEEP_MS, sweep))
    },
    sweep,
    close() {
      for (const cancel of cancels.values()) cancel()
    },
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

/** Archived chats with their sub-agents, all that was said in them and the files that only they have. */
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
    for (const { id } of old) {
      const files = filesOf(db, id)
      db.run(db.sql.deleteFrom('chats').where('id', '=', id))
      for (const file of files)
        db.run(db.sql.deleteFrom('chat_files').where('id', '=', file).where(hasNoChat))
    }
  })
}

/** The files of a chat and of its sub-agents, by id. */
function filesOf(db: Database, rootId: string): string[] {
  const rows = db.all(
    db.sql
      .selectFrom('chat_file_links')
      .innerJoin('chats', 'chats.id', 'chat_file_links.chat_id')
      .select('file_id')
      .distinct()
      .where((row) => row.or([row('chats.id', '=', rootId), row('chats.parent_chat_id', '=', rootId)])),
  )
  return rows.map((row) => row.file_id)
}

const hasNoChat = sql<boolean>`NOT EXISTS (
  SELECT 1 FROM chat_file_links WHERE chat_file_links.file_id = chat_files.id)`

/** Some of the files that no chat has, the oldest first. @returns how many */
function removeLooseFiles(db: Database, before: number): number {
  const loose = db.sql
    .selectFrom('chat_files')
    .select('id')
    .where('created_at', '<', before)
    .where(hasNoChat)
    .orderBy('created_at')
    .limit(FILE_BATCH)
  return db.run(db.sql.deleteFrom('chat_files').where('id', 'in', loose))
}
