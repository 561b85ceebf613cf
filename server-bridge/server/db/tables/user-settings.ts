/** How a person wants the interface; JSON text as the API has it. */
export interface UserSettingsTable {
  user_id: string
  appearance: string
  preferences: string
}
