/** One setting that a person made for their own chats, as JSON. */
export interface ChatUserSettingsTable {
  user_id: string
  key: string
  value: string
}
