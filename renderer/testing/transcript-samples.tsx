/** Rows of a transcript, and a way to show one. */
import { render } from '@testing-library/react'
import { vi } from 'vitest'
import type { ChatMessagePart } from '#bridge/contract/chats-messages'
import { buildRows, type CallContext } from '../features/chats/transcript/build-rows.ts'
import { RowKeyProvider, RowMemoryProvider } from '../features/chats/transcript/row-memory.tsx'
import { ActionsContext, type TranscriptActions } from '../features/chats/transcript/transcript-actions.ts'
import { RowView } from '../features/chats/transcript/transcript-row.tsx'
import { TooltipProvider } from '../ui/tooltip.tsx'

/** The parts of one assistant message with the results that follow, as rows. */
export function sampleRows(parts: ChatMessagePart[], context: Partial<CallContext> = {}) {
  return buildRows(
    [{ id: 1, chat_id: 'c', created_at: '2026-11-01T10:00:00Z', role: 'assistant', content: parts }],
    { isBusy: false, approvals: [], outside: [], ...context },
  )
}

/** A call of a tool; with a result where one is given. */
export function sampleCall(
  name: string,
  args: unknown,
  result?: unknown,
  more: Partial<ChatMessagePart> = {},
): ChatMessagePart[] {
  const call: ChatMessagePart = { type: 'tool-call', tool_call_id: name, tool_name: name, args }
  return result === undefined ? [call] : [call, { type: 'tool-result', tool_call_id: name, result, ...more }]
}

/** All that a reader can do, noted down. */
export function sampleActions() {
  return {
    onOpenLink: vi.fn(),
    onEdit: vi.fn(),
    onOpenFile: vi.fn(),
    onOpenDiff: vi.fn(),
    onDecide: vi.fn(async () => undefined),
    hasWorkspace: true,
    onAnswer: vi.fn(async () => undefined),
    onImplementPlan: vi.fn(async () => undefined),
    onStop: vi.fn(async () => undefined),
    onAskForChanges: vi.fn(),
    onOpenChat: vi.fn(),
  }
}

/** The rows of some parts, to show. */
export function rowsOf(
  parts: ChatMessagePart[],
  actions: TranscriptActions = sampleActions(),
  context: Partial<CallContext> = {},
) {
  return (
    <TooltipProvider>
      <RowMemoryProvider memory={new Map()}>
        <ActionsContext value={actions}>
          {sampleRows(parts, context).map((row) => (
            <RowKeyProvider key={row.key} rowKey={row.key}>
              <RowView row={row} />
            </RowKeyProvider>
          ))}
        </ActionsContext>
      </RowMemoryProvider>
    </TooltipProvider>
  )
}

/** Shows the rows of some parts. */
export function showRows(...shown: Parameters<typeof rowsOf>) {
  return render(rowsOf(...shown))
}
