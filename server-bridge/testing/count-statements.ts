import type { Database } from '../server/db/database.ts'

/** Runs some work on the database and counts the statements it takes. */
export type CountStatements = (work: (db: Database) => void) => number

/** The same database seen through a counter: pages of 1 row and of 50 must take the same number of statements. */
export function createStatementCounter(db: Database): CountStatements {
  return (work) => {
    let statements = 0
    const counted = <Args extends unknown[], Answer>(run: (...args: Args) => Answer) => {
      return (...args: Args): Answer => {
        statements += 1
        return run(...args)
      }
    }
    work({
      ...db,
      all: counted(db.all) as Database['all'],
      first: counted(db.first) as Database['first'],
      run: counted(db.run),
    })
    return statements
  }
}
