import type { ChatMessage } from '#bridge/contract/chats-messages'
import { buildRows, type CallContext } from './build-rows.ts'
import { callsOf, messageText, type ToolCallState, type TranscriptRow } from './transcript-rows.ts'

/** Messages that follow each other, with their rows. */
interface Segment {
  readonly messages: readonly ChatMessage[]
  readonly before: number
  readonly reply: ChatMessage | undefined
  readonly context: CallContext
  /** A call has no result yet, so the state of the chat matters. */
  readonly isOpen: boolean
  readonly rows: readonly TranscriptRow[]
}

/** A turn may be very long; it is cut where all calls have their results. */
const longTurn = 100

/** In which a call has its result. */
const endStates: ReadonlySet<ToolCallState> = new Set(['done', 'failed', 'denied'])

/**
 * Makes rows of messages, turn by turn: only a turn whose messages changed is made again, and of that one the rows that
 * say the same stay the same objects.
 */
export function createSegments(): (
  messages: readonly ChatMessage[],
  context: CallContext,
) => readonly TranscriptRow[] {
  let known = new Map<ChatMessage, Segment>()
  return (messages, context) => {
    const next = new Map<ChatMessage, Segment>()
    const cuts = findCuts(messages)
    let reply: ChatMessage | undefined
    const segments: Segment[] = []
    for (let index = cuts.length - 1; index >= 0; index -= 1) {
      const from = cuts[index] ?? 0
      const part = messages.slice(from, cuts[index + 1])
      const first = part[0]
      if (first === undefined) continue
      const wanted = { messages: part, before: messages[from - 1]?.id ?? 0, reply, context }
      const before = known.get(first)
      const segment = before && isStill(before, wanted) ? before : makeSegment(wanted, before)
      next.set(first, segment)
      segments.push(segment)
      if (first.role === 'user') reply = first
    }
    known = next
    return segments.toReversed().flatMap(({ rows }) => rows)
  }
}

/** Where a segment begins: at each message of the user, and within a long turn between two steps. */
function findCuts(messages: readonly ChatMessage[]): readonly number[] {
  const cuts: number[] = []
  for (const [index, { role }] of messages.entries()) {
    const length = index - (cuts.at(-1) ?? 0)
    const isBetweenSteps = role === 'assistant' && messages[index - 1]?.role === 'tool'
    if (index === 0 || role === 'user' || (length >= longTurn && isBetweenSteps)) cuts.push(index)
  }
  return cuts
}

type Wanted = Omit<Segment, 'isOpen' | 'rows'>

function isStill(segment: Segment, wanted: Wanted): boolean {
  return (
    segment.before === wanted.before &&
    segment.reply === wanted.reply &&
    (!segment.isOpen || isSameContext(segment.context, wanted.context)) &&
    segment.messages.length === wanted.messages.length &&
    segment.messages.every((message, index) => message === wanted.messages[index])
  )
}

function isSameContext(a: CallContext, b: CallContext): boolean {
  return a.isBusy === b.isBusy && a.approvals === b.approvals && a.outside === b.outside
}

function makeSegment(wanted: Wanted, before: Segment | undefined): Segment {
  const old = new Map(before?.rows.map((row) => [row.key, row]))
  const { messages, context, reply } = wanted
  const place = { before: wanted.before, reply: reply && messageText(reply) }
  const rows = buildRows(messages, context, place).map((row) => sameRow(old.get(row.key), row))
  const isOpen = rows.some((row) => callsOf(row).some(({ state }) => !endStates.has(state)))
  return { ...wanted, isOpen, rows }
}

/** The row that was there, where the new one says the same. */
function sameRow(before: TranscriptRow | undefined, row: TranscriptRow): TranscriptRow {
  return before !== undefined && isAlike(before, row, 3) ? before : row
}

/** Whether two values are alike: down to a depth by what they hold, below that by identity. */
function isAlike(a: unknown, b: unknown, depth: number): boolean {
  if (a === b) return true
  if (depth === 0 || typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [left, right] = [Object.entries(a), b as Readonly<Record<string, unknown>>]
  return (
    left.length === Object.keys(b).length &&
    left.every(([key, value]) => isAlike(value, right[key], depth - 1))
  )
}
