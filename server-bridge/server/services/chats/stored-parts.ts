import type { ChatMessagePart, ChatMessageRole } from '../../../contract/chats-messages.ts'

/** What a provider wants back with a part, by its name: signatures of thoughts, say. Stays on the server. */
export type ProviderMetadata = Readonly<Record<string, Readonly<Record<string, unknown>>>>

interface Common {
  readonly provider_metadata?: ProviderMetadata | undefined
}

/** A part of a message as it is stored: the wire's names, and what only the server may know. */
export type StoredPart =
  | ({ readonly type: 'text'; readonly text: string } & Common)
  | ({
      readonly type: 'reasoning'
      readonly text: string
      readonly created_at?: string
      readonly completed_at?: string
    } & Common)
  | ({
      readonly type: 'tool-call'
      readonly tool_call_id: string
      readonly tool_name: string
      readonly args: unknown
      readonly created_at?: string
      readonly mcp_server_config_id?: string
      readonly provider_executed?: boolean
      /** The model's arguments were no JSON; `args` then holds their text. */
      readonly invalid?: boolean
    } & Common)
  | ({
      readonly type: 'tool-result'
      readonly tool_call_id: string
      readonly tool_name: string
      readonly result: unknown
      readonly is_error?: boolean
      /** The result is a picture or another file: its `attachment_file_id` names a file of the chat. */
      readonly is_media?: boolean
      readonly denied_reason?: string
      readonly created_at?: string
      readonly mcp_server_config_id?: string
      readonly provider_executed?: boolean
    } & Common)
  | ({
      readonly type: 'source'
      readonly source_id: string
      readonly url: string
      readonly title?: string
    } & Common)
  | {
      readonly type: 'file'
      readonly file_id: string
      readonly media_type: string
      readonly name?: string
    }
  | {
      readonly type: 'file-reference'
      readonly file_name: string
      readonly start_line: number
      readonly end_line: number
      readonly content: string
    }

/** A message of the history, as the worker and the model need it. */
export interface StoredMessage {
  readonly id: number
  readonly role: ChatMessageRole
  readonly parts: readonly StoredPart[]
}

/** A part as readers get it. */
export function toWirePart(part: StoredPart): ChatMessagePart {
  if (part.type === 'file-reference' || part.type === 'file') return { ...part }
  const { provider_metadata: _, ...shown } = part
  // Of a provider's search only it can read the results; its sources are parts of their own.
  if (shown.type === 'tool-result' && shown.provider_executed === true && shown.is_error !== true) {
    const { result: __, ...ended } = shown
    return ended
  }
  if (shown.type !== 'tool-call') return shown
  const { invalid: ___, ...call } = shown
  return call
}

/** What an error of a tool looks like to the model and to readers (agents-api 4.6). */
export function errorResult(message: string): { readonly result: unknown; readonly is_error: true } {
  return { result: { error: message }, is_error: true }
}
