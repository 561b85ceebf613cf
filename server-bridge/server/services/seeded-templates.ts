import { z } from 'zod'
import type { Database } from '../db/database.ts'

/**
 * How far the import of a shipped template got in this data folder. `settled` is for good: the template came, or another
 * one has its name. Whatever its administrator does with it afterwards is not undone.
 */
export type SeedState = 'importing' | 'settled'

/** Which shipped templates a data folder has had. */
export interface SeededTemplates {
  state(name: string): SeedState | undefined
  set(name: string, state: SeedState): void
  /** How often an import that had failed was tried again and failed. */
  retries(name: string): number
  countRetry(name: string): void
}

const SETTING = 'seeded_templates'
const statesSchema = z.record(z.string(), z.enum(['importing', 'settled']))

/** Beside the states, which earlier releases read too. */
const SETTING_RETRIES = 'seeded_template_retries'
const retriesSchema = z.record(z.string(), z.number())

/** Kept by releases that noted only that what they had came: this one in all of them. */
const SETTING_BEFORE = 'shipped_templates'
const ALWAYS_SHIPPED = 'plain-shell'

/** Reads and writes the database at each call, so that a state is written together with what it is about. */
export function createSeededTemplates(db: Database): SeededTemplates {
  const setting = (key: string): string | undefined =>
    db.first(db.sql.selectFrom('deployment_settings').select('value').where('key', '=', key))?.value
  const states = (): Readonly<Record<string, SeedState>> => {
    const text = setting(SETTING)
    if (text !== undefined) return statesSchema.parse(JSON.parse(text))
    if (setting(SETTING_BEFORE) === undefined) return {}
    // Of the others, each that ever was there: a deleted template keeps its row.
    const rows = db.all(db.sql.selectFrom('templates').select('name'))
    return Object.fromEntries(
      [ALWAYS_SHIPPED, ...rows.map(({ name }) => name)].map((name) => [name, 'settled']),
    )
  }
  const retries = () => retriesSchema.parse(JSON.parse(setting(SETTING_RETRIES) ?? '{}'))
  const write = (key: string, content: object): void => {
    const value = JSON.stringify(content)
    db.run(
      db.sql
        .insertInto('deployment_settings')
        .values({ key, value })
        .onConflict((conflict) => conflict.column('key').doUpdateSet({ value })),
    )
  }
  return {
    state: (name) => states()[name],
    set: (name, state) => write(SETTING, { ...states(), [name]: state }),
    retries: (name) => retries()[name] ?? 0,
    countRetry: (name) => write(SETTING_RETRIES, { ...retries(), [name]: (retries()[name] ?? 0) + 1 }),
  }
}
