import { type Expression, sql, type SqlBool } from 'kysely'

/** The first letter of each word large, as names are written. */
const asName = (text: string): string =>
  text.replaceAll(
    /(^|[^\p{L}])(\p{L})/gu,
    (_, before: string, letter: string) => before + letter.toUpperCase(),
  )

/**
 * Whether one of these columns has the text, in large or small letters. SQLite's `lower` knows ASCII alone
 * (sqlite.org/lang_corefunc.html#lower), so a text with other letters is looked for as it is, small, and as names are written.
 */
export function findsByName(columns: readonly string[], text: string): Expression<SqlBool> {
  const small = text.toLowerCase()
  const written = [...new Set([text, small, asName(small)])].filter((way) => /[^\u0000-\u007f]/.test(way))
  const found = columns.flatMap((column) => [
    sql<SqlBool>`instr(lower(${sql.ref(column)}), ${small}) > 0`,
    ...written.map((way) => sql<SqlBool>`instr(${sql.ref(column)}, ${way}) > 0`),
  ])
  return sql<SqlBool>`(${sql.join(found, sql` or `)})`
}
