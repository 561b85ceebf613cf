/** Which chats a file is part of: who reads one of them reads the file. */
export interface ChatFileLinksTable {
  chat_id: string
  file_id: string
  created_at: number
}
