/** What the owner of a chat decided about one call. Ids of calls are the model's, who may use one twice: so by message. */
export interface ChatToolDecisionsTable {
  message_id: number
  tool_call_id: string
  decision: string
  reason: string
  decided_by: string
  decided_at: number
}
