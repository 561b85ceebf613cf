/** What people taught the agents of their own chats. */
export interface UserSkillsTable {
  id: string
  user_id: string
  name: string
  description: string
  /** Markdown with front matter, as it was written. */
  content: string
  created_at: number
  updated_at: number
}
