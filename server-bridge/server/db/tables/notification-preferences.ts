/** Which kinds of notification a user switched off, or on where they are off by default. */
export interface NotificationPreferencesTable {
  user_id: string
  template_id: string
  disabled: number
  updated_at: number
}
