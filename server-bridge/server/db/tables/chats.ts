/** Chats; what of them is sent again is told by their versions (agents-api 5). */
export interface ChatsTable {
  id: string
  organization_id: string
  owner_id: string
  workspace_id: string | null
  last_model_config_id: string
  title: string
  status: string
  /** Empty: off. */
  plan_mode: string
  /** `ChatError` as JSON. */
  last_error: string | null
  /** `ChatStreamRetry` as JSON, while the next attempt is waited for. */
  retry: string | null
  client_type: string
  archived: number
  /** 0: not pinned. */
  pin_order: number
  /** JSON list of ids. */
  mcp_server_ids: string
  /** JSON object. */
  labels: string
  /** JSON list of tools that the client runs. */
  dynamic_tools: string
  /** Bumped with every change of the messages. */
  history_version: number
  /** The history's version when messages were last taken back; 0: never. */
  reset_version: number
  /** 0: nobody ever waited. */
  queue_version: number
  /** Calls to the model for the present history. */
  generation_attempt: number
  /** The newest message its owner has seen. */
  read_message_id: number
  /** Until when the client has to answer its calls. */
  action_deadline: number | null
  /** Bumped with every decision about a call that waits. */
  approval_version: number
  /** Of a sub-agent: the root that began it. */
  parent_chat_id: string | null
  /** Of a sub-agent: what kind it is. Empty: a root. */
  agent_type: string
  /** Of a sub-agent: the call that began it, so that one that runs twice begins one. */
  spawned_by: string
  /** The title is made of the first words, and a model is to find a better one. */
  title_wanted: number
  /** What the last turn did, in a few words. */
  last_turn_summary: string | null
  /** A turn has ended whose summary is yet to be made. */
  summary_wanted: number
  /** Its owner asked for a compaction. */
  compaction_wanted: number
  created_at: number
  updated_at: number
}
