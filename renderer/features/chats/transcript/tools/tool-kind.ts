import type { ToolCall } from '../transcript-rows.ts'

/** What the card of any tool is made of. */
export interface ToolProps {
  readonly call: ToolCall
}
