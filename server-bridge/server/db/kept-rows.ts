/** Written in the steps of a chat. Rows that are kept may not depend on them, so that a write to them leaves those alone. */
const BUSY_TABLES: ReadonlySet<string> = new Set([
  'audit_logs',
  'chat_costs',
  'chat_debug_runs',
  'chat_debug_steps',
  'chat_messages',
  'chats',
])

const MAX_KEPT = 1000

export interface KeptRows {
  /**
   * What `read` gave for this query and these parameters, while nothing it may depend on was written since.
   *
   * @throws for a query about a busy table
   */
  get<T>(sql: string, parameters: readonly unknown[], read: () => readonly T[]): readonly T[]
  /** Forgets everything: something was written that it may depend on, or what was read may have been undone. */
  clear(): void
}

/**
 * Rows of settings, of which a step of a chat reads two dozen that hardly ever change. One process owns the file, so
 * whatever changes them comes by here, and then all are read again.
 */
export function createKeptRows(): KeptRows {
  const kept = new Map<string, readonly unknown[]>()
  const clear = (): void => kept.clear()
  return {
    get<T>(sql: string, parameters: readonly unknown[], read: () => readonly T[]) {
      const key = `${sql} ${JSON.stringify(parameters)}`
      const known = kept.get(key) as readonly T[] | undefined
      if (known) return known
      requireQuiet(sql)
      const rows = read()
      if (kept.size >= MAX_KEPT) clear()
      // Everybody gets the same ones.
      for (const row of rows) Object.freeze(row)
      kept.set(key, rows)
      return rows
    },
    clear,
  }
}

export const isSelect = (sql: string): boolean => /^\s*select\b/i.test(sql)

/**
 * Whether rows that are kept may be others after this statement. A deletion always counts: rows of other tables go with
 * those of a busy one. No trigger is about a busy table, and nothing follows a changed key.
 */
export function mayChangeKept(sql: string): boolean {
  if (isSelect(sql)) return false
  const table = /^\s*(?:insert into|update) "(\w+)"/.exec(sql)?.[1]
  return table === undefined || !BUSY_TABLES.has(table)
}

function requireQuiet(sql: string): void {
  for (const [, name = ''] of sql.matchAll(/(\w+)/g))
    if (BUSY_TABLES.has(name)) throw new Error(`Rows that depend on ${name} cannot be kept.`)
}
