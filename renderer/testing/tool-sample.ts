/** What a sample of a tool's call is, and its parts as they are on the wire. */
import type { ChatMessagePart } from '#bridge/contract/chats-messages'

export interface ToolSample {
  readonly name: string
  readonly args: unknown
  readonly result: unknown
  /** Further fields of the result's part. */
  readonly more?: Partial<ChatMessagePart>
}

/** A call and what it ended with: its own result, an error, or that the owner denied it. */
export function samplePartsOf(
  { name, args, result, more }: ToolSample,
  end: 'none' | 'done' | 'failed' | 'denied',
): ChatMessagePart[] {
  const call: ChatMessagePart = { type: 'tool-call', tool_call_id: `call-${name}`, tool_name: name, args }
  const ended: ChatMessagePart = { type: 'tool-result', tool_call_id: `call-${name}`, tool_name: name }
  switch (end) {
    case 'none':
      return [call]
    case 'done':
      return [call, { ...ended, ...(result === undefined ? {} : { result }), ...more }]
    case 'failed':
      return [
        call,
        { ...ended, result: { error: 'The connection to the workspace was lost.' }, is_error: true },
      ]
    case 'denied':
      return [
        call,
        {
          ...ended,
          result: { error: 'The user denied this call. They say: Not today.' },
          is_error: true,
          denied_reason: 'Not today.',
        },
      ]
  }
}
