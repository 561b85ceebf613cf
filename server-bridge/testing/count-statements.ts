import type { Database } from '../server/db/database.ts'

/** Runs some work on the database and counts the statements it takes. */
export type CountStatements = (work: (db: Database) => void) => number

/** The same database seen through a counter: pages of 1 row and of 50 must take the same number of statements. */
export function createStatementCounter(db: Database): CountStatements {
  return (work) => {
    let statements = 0
    work({
      ...db,
      all(query) {
        statements += 1
        return db.all(query)
      },
      first(query) {
        statements += 1
        return db.first(query)
      },
      run(query) {
        statements += 1
        return db.run(query)
      },
    })
    return statements
  }
}
