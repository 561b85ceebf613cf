import type { ScannedRepository } from '../../../contract/agent-tools.ts'
import type { Chat } from '../../../contract/chats.ts'
import type { Database } from '../../db/database.ts'
import { toWireTime } from '../wire-time.ts'
import { branchPage } from './forge.ts'

/** What a chat's work has changed, as it was last seen. */
export function readDiffStatus(db: Database, chatId: string) {
  return db.first(db.sql.selectFrom('chat_diff_statuses').selectAll().where('chat_id', '=', chatId))
}

/** Keeps the sums of a scan. Answers whether they differ from those before. */
export function writeDiffStatus(
  db: Database,
  chatId: string,
  { repositories, now }: { readonly repositories: readonly ScannedRepository[]; readonly now: number },
): boolean {
  const sum = (key: 'additions' | 'deletions' | 'changed_files'): number =>
    repositories.reduce((total, repository) => total + repository[key], 0)
  const main = repositories.find((repository) => repository.changed_files > 0) ?? repositories[0]
  const values = {
    branch: main?.branch ?? '',
    remote_origin: main?.remote_origin ?? '',
    base_branch: main?.base_branch ?? '',
    url: main === undefined ? '' : (pageOf(main) ?? ''),
    additions: sum('additions'),
    deletions: sum('deletions'),
    changed_files: sum('changed_files'),
  }
  const before = readDiffStatus(db, chatId)
  const names = Object.keys(values) as (keyof typeof values)[]
  if (before && names.every((name) => before[name] === values[name])) return false
  const row = { ...values, refreshed_at: now }
  db.run(
    db.sql
      .insertInto('chat_diff_statuses')
      .values({ chat_id: chatId, ...row })
      .onConflict((conflict) => conflict.column('chat_id').doUpdateSet(row)),
  )
  return true
}

/** The page of a branch that the origin is known to have. That of the default branch says nothing about the work. */
function pageOf({ remote_origin: origin, branch, base_branch: base, pushed }: ScannedRepository) {
  return pushed && branch !== base ? branchPage(origin, branch) : undefined
}

/** The statuses of chats by their ids, as the wire has them. */
export function diffStatusesOf(
  db: Database,
  chatIds: readonly string[],
): ReadonlyMap<string, NonNullable<Chat['diff_status']>> {
  const rows = db.all(
    db.sql
      .selectFrom('chat_diff_statuses')
      .selectAll()
      .where('chat_id', 'in', [...chatIds]),
  )
  return new Map(
    rows.map((row) => [
      row.chat_id,
      {
        chat_id: row.chat_id,
        pull_request_title: '',
        pull_request_draft: false,
        changes_requested: false,
        additions: row.additions,
        deletions: row.deletions,
        changed_files: row.changed_files,
        ...(row.url === '' ? {} : { url: row.url }),
        ...(row.base_branch === '' ? {} : { base_branch: row.base_branch }),
        ...(row.branch === '' ? {} : { head_branch: row.branch }),
        refreshed_at: toWireTime(row.refreshed_at),
      },
    ]),
  )
}
