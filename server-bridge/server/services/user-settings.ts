import type { z } from 'zod'
import {
  type UpdateUserPreferenceSettingsRequest,
  type UserAppearanceSettings,
  userAppearanceSettingsSchema,
  type UserPreferenceSettings,
  userPreferenceSettingsSchema,
} from '../../contract/user-settings.ts'
import type { Database } from '../db/database.ts'

/** How a person wants the interface of any client. */
export interface UserSettings {
  appearance(userId: string): UserAppearanceSettings
  setAppearance(userId: string, settings: UserAppearanceSettings): UserAppearanceSettings
  preferences(userId: string): UserPreferenceSettings
  /** What is absent stays as it is. */
  changePreferences(userId: string, changes: UpdateUserPreferenceSettingsRequest): UserPreferenceSettings
}

export function createUserSettings(db: Database): UserSettings {
  const read = <T extends z.ZodType>(
    userId: string,
    column: 'appearance' | 'preferences',
    schema: T,
  ): z.output<T> => {
    const row = db.first(db.sql.selectFrom('user_settings').select(column).where('user_id', '=', userId)) as
      Partial<Record<typeof column, string>> | undefined
    return schema.parse(JSON.parse(row?.[column] ?? '{}'))
  }
  const write = (userId: string, column: 'appearance' | 'preferences', value: unknown): void => {
    const text = JSON.stringify(value)
    db.run(
      db.sql
        .insertInto('user_settings')
        .values({ user_id: userId, appearance: '{}', preferences: '{}', [column]: text })
        .onConflict((conflict) => conflict.column('user_id').doUpdateSet({ [column]: text })),
    )
  }
  const preferences = (userId: string): UserPreferenceSettings =>
    read(userId, 'preferences', userPreferenceSettingsSchema)
  return {
    appearance: (userId) => read(userId, 'appearance', userAppearanceSettingsSchema),
    setAppearance(userId, settings) {
      write(userId, 'appearance', settings)
      return settings
    },
    preferences,
    changePreferences(userId, changes) {
      const given = Object.entries(changes).filter(([, value]) => value !== undefined)
      return db.transaction(() => {
        write(userId, 'preferences', { ...preferences(userId), ...Object.fromEntries(given) })
        return preferences(userId)
      })
    },
  }
}
