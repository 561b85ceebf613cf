import LibsqlDatabase from 'libsql'
import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { runAll } from '../../lib/run-all.ts'
import { createJournalSync } from './journal-sync.ts'
import { createKeptRows, isSelect, mayChangeKept } from './kept-rows.ts'
import type { Tables } from './tables.ts'

/**
 * The deployment's SQLite file. Kysely only builds the queries; they run synchronously, because libsql does, so a
 * transaction is a plain function and nothing else of this process can come between its statements.
 */
export interface Database {
  /** Query builder. Its own `execute` is not connected: use `all`, `first`, `run`. */
  readonly sql: Kysely<Tables>
  all<T>(query: Compilable<T>): T[]
  first<T>(query: Compilable<T>): T | undefined
  /** The same for rows that hardly ever change: read again once something that is not written all the time was (kept-rows.ts). */
  allKept<T>(query: Compilable<T>): readonly Readonly<T>[]
  firstKept<T>(query: Compilable<T>): Readonly<T> | undefined
  /** Runs a write and tells how many rows changed. */
  run(query: Compilable): number
  /** Runs statements without parameters, for migrations and pragmas. */
  script(statements: string): void
  /** The number a pragma answers. */
  pragma(name: 'user_version'): number
  /** All or nothing. Nested calls join the outer transaction. */
  transaction<T>(work: () => T): T
  /**
   * The same for what only has to outlive this process: on disk with the next transaction, and lost with it when the power
   * fails before. Waiting for the disk costs more than all else of a small change.
   */
  transactionUnsynced<T>(work: () => T): T
  /** The same for what is to outlive a power failure too, but need not be waited for: it is on disk a moment later. */
  transactionSyncedAfter<T>(work: () => T): T
  /** Resolves once what those changed until now is on disk. @throws what the system says of a disk that failed */
  synced(): Promise<void>
  /** Does the work once the transaction around it is committed, by its own kind on disk or not, and never when that is undone. */
  afterCommit(work: () => void): void
  close(): void
}

interface Statement {
  readonly prepared: ReturnType<InstanceType<typeof LibsqlDatabase>['prepare']>
  /** Of its rows, in order; none of one that has no rows. */
  readonly columns: readonly string[]
  readonly isSelect: boolean
  readonly mayChangeKept: boolean
}

const STATEMENT_CACHE_LIMIT = 500

// FULL: what was answered is on disk, also when the power fails. The journal is emptied every 4 MiB, and gives back
// what one large change made it grow.
const OPENING = `
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 1000;
  PRAGMA journal_size_limit = 16777216;
  PRAGMA foreign_keys = ON;
`

// libsql hands strings over as C strings: text ends at the first NUL byte, silently.
const toBound = (value: unknown): unknown =>
  typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value

function toObject(columns: readonly string[], row: readonly unknown[]): object {
  const object: Record<string, unknown> = {}
  columns.forEach((column, at) => (object[column] = row[at]))
  return object
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => code === error.code)
}

/** True for the error SQLite raises when a row would break a unique index. */
export function isUniqueViolation(error: unknown): boolean {
  return hasCode(error, 'SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY')
}

/** Opens the file with the settings every connection needs; `openDatabase` adds the schema. */
export function connectDatabase(path: string): Database {
  const connection = new LibsqlDatabase(path)
  try {
    connection.exec(OPENING)
  } catch (error) {
    connection.close()
    throw error
  }
  const statements = new Map<string, Statement>()
  const journal = createJournalSync(path)
  const kept = createKeptRows()
  let depth = 0
  let isWaiting = true
  let committed: (() => void)[] = []

  /**
   * Whether commits wait for the disk. Of WAL: NORMAL writes to the journal all the same, and leaves waiting for the disk to
   * the next FULL one (sqlite.org/pragma.html#pragma_synchronous). It is told when it changes only, since telling it takes as
   * long as a small change, and between transactions, since inside of one it is not heard.
   */
  const waitForDisk = (does: boolean): void => {
    if (isWaiting === does || depth > 0) return
    connection.exec(`PRAGMA synchronous = ${does ? 'FULL' : 'NORMAL'}`)
    isWaiting = does
  }
  const make = (key: string, text: string): Statement => {
    // Lists of ids give each length its own text, so the cache is emptied now and then instead of growing.
    if (statements.size >= STATEMENT_CACHE_LIMIT) statements.clear()
    const prepared = connection.prepare(text)
    const columns = prepared.reader ? prepared.columns().map(({ name }) => name) : []
    // Rows as arrays: libsql gives each value its name anew, which takes longer than all else of a wide row.
    if (prepared.reader) prepared.raw()
    const statement = { prepared, columns, isSelect: isSelect(text), mayChangeKept: mayChangeKept(text) }
    statements.set(key, statement)
    return statement
  }
  /** For each way to run it a statement of its own: after `all`, libsql's `get` answers what `all` was asked. */
  const prepare = (way: 'all' | 'get' | 'run', text: string): Statement => {
    const key = `${way} ${text}`
    const statement = statements.get(key) ?? make(key, text)
    if (!statement.isSelect) waitForDisk(true)
    if (statement.mayChangeKept) kept.clear()
    return statement
  }
  const read = <T>(sql: string, parameters: readonly unknown[]): T[] => {
    const { prepared, columns } = prepare('all', sql)
    const rows = prepared.all(parameters.map(toBound)) as unknown[][]
    return rows.map((row) => toObject(columns, row) as T)
  }
  const all = <T>(query: Compilable<T>): T[] => {
    const { sql, parameters } = query.compile()
    return read(sql, parameters)
  }
  const allKept = <T>(query: Compilable<T>): readonly T[] => {
    const { sql, parameters } = query.compile()
    return kept.get(sql, parameters, () => read<T>(sql, parameters))
  }

  const runAlone = <T>(work: () => T): T => {
    connection.exec('BEGIN IMMEDIATE')
    depth += 1
    try {
      const result = work()
      connection.exec('COMMIT')
      return result
    } catch (error) {
      committed = []
      kept.clear()
      // A full disk ends a transaction by itself; ending it again would fail, and hide the reason.
      if (connection.inTransaction) connection.exec('ROLLBACK')
      throw error
    } finally {
      depth -= 1
    }
  }

  /** Changes something, and then tells those who wait for it. */
  const change = <T>(run: () => T): T => {
    const result = run()
    const waiting = committed
    committed = []
    runAll(waiting)
    return result
  }

  const transactionUnsynced = <T>(work: () => T): T => {
    if (depth > 0) return work()
    return change(() => {
      waitForDisk(false)
      return runAlone(work)
    })
  }

  return {
    sql: new Kysely<Tables>({
      dialect: {
        createAdapter: () => new SqliteAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => new SqliteIntrospector(db),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
    }),
    all,
    allKept,
    firstKept: (query) => allKept(query)[0],
    first<T>(query: Compilable<T>) {
      const { sql, parameters } = query.compile()
      const { prepared, columns } = prepare('get', sql)
      // One call into the library where "all" takes several.
      const row = prepared.get(parameters.map(toBound)) as unknown[] | undefined
      return row && (toObject(columns, row) as T)
    },
    run(query) {
      const { sql, parameters } = query.compile()
      return prepare('run', sql).prepared.run(parameters.map(toBound)).changes
    },
    script(text) {
      // What it makes of a table changes the columns of those that were prepared.
      statements.clear()
      kept.clear()
      waitForDisk(true)
      connection.exec(text)
    },
    pragma(name) {
      const row = connection.prepare(`PRAGMA ${name}`).get() as Record<string, number>
      return row[name] ?? 0
    },
    transaction: (work) => {
      if (depth > 0) return work()
      waitForDisk(true)
      return change(() => runAlone(work))
    },
    transactionUnsynced,
    transactionSyncedAfter(work) {
      const result = transactionUnsynced(work)
      if (depth === 0) journal.begin()
      return result
    },
    synced: () => journal.done(),
    afterCommit(work) {
      if (depth > 0) committed.push(work)
      else work()
    },
    close() {
      statements.clear()
      journal.close()
      waitForDisk(true)
      // The connection ends when its statements are collected; until then the journal would keep everything.
      connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      connection.close()
    },
  }
}
