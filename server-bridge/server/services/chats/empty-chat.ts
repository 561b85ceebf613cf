import { randomUUID } from 'node:crypto'
import type { ChatRow } from './chat-rows.ts'

/** A chat that has just begun to work, without what makes it somebody's. */
export function emptyChat(
  now: number,
): Omit<ChatRow, 'organization_id' | 'owner_id' | 'last_model_config_id' | 'title'> {
  return {
    id: randomUUID(),
    workspace_id: null,
    status: 'running',
    plan_mode: '',
    last_error: null,
    retry: null,
    client_type: 'api',
    archived: 0,
    pin_order: 0,
    mcp_server_ids: '[]',
    labels: '{}',
    dynamic_tools: '[]',
    history_version: 1,
    reset_version: 0,
    queue_version: 0,
    generation_attempt: 0,
    read_message_id: 0,
    action_deadline: null,
    approval_version: 0,
    parent_chat_id: null,
    agent_type: '',
    spawned_by: '',
    title_wanted: 0,
    last_turn_summary: null,
    summary_wanted: 0,
    compaction_wanted: 0,
    created_at: now,
    updated_at: now,
  }
}
