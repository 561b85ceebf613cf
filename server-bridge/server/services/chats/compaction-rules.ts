import type { ChatMessageUsage } from '../../../contract/chats-messages.ts'
import { textOf } from './chat-input.ts'
import { type MessageRow, partsOf } from './chat-rows.ts'
import type { StoredMessage, StoredPart } from './stored-parts.ts'

/** How full the model's context was at its last step. */
export interface ContextUse {
  readonly tokens: number
  readonly percent: number
  /** Steps since the last summary; `undefined` where there is none. */
  readonly stepsSinceSummary: number | undefined
}

const usageOf = (row: MessageRow): ChatMessageUsage | undefined =>
  row.usage === null ? undefined : (JSON.parse(row.usage) as ChatMessageUsage)

const isSeenStep = (row: MessageRow): boolean =>
  row.compressed_by === null && row.role === 'assistant' && row.usage !== null

/** By what the model sees now; `undefined` before its first step. */
export function contextUse(rows: readonly MessageRow[], contextLimit: number): ContextUse | undefined {
  const last = rows.findLast(isSeenStep)
  if (!last) return undefined
  const tokens = usageOf(last)?.total_tokens ?? 0
  const isSummarised = rows.some((row) => row.compressed_by !== null)
  return {
    tokens,
    percent: Math.round((tokens / contextLimit) * 100),
    stepsSinceSummary: isSummarised ? rows.filter(isSeenStep).length : undefined,
  }
}

/**
 * A summary that left no room is not made again at once: the model is asked as things are, and its provider says what is
 * wrong. 100 never compacts (agents-api 9.1).
 */
export function isCompactionDue(use: ContextUse | undefined, threshold: number): boolean {
  if (use === undefined || threshold >= 100) return false
  if (use.stepsSinceSummary !== undefined && use.stepsSinceSummary < 2) return false
  return use.percent >= threshold
}

/** What a user has said since the model last did something stays as it is; all before it can be summarised. */
export function keepFrom(rows: readonly MessageRow[]): number {
  const seen = rows.filter((row) => row.compressed_by === null)
  const at = seen.findLastIndex((row) => row.role !== 'user')
  return seen[at + 1]?.id ?? Number.MAX_SAFE_INTEGER
}

const MAX_PART_CHARS = 8000

/** What is to be summarised, as one text: every provider takes it, whatever tools it knows. */
export function transcript(history: readonly StoredMessage[], maxChars: number): string {
  const text = history
    .filter(({ role }) => role !== 'system')
    .flatMap(({ role, parts }) => parts.map((part) => tell(role, part)))
    .filter((line) => line !== '')
    .join('\n\n')
  if (text.length <= maxChars) return text
  const head = Math.floor(maxChars / 4)
  return `${text.slice(0, head)}\n\n[…]\n\n${text.slice(head - maxChars)}`
}

function tell(role: string, part: StoredPart): string {
  const cut = (text: string): string =>
    text.length <= MAX_PART_CHARS ? text : `${text.slice(0, MAX_PART_CHARS)} […]`
  switch (part.type) {
    case 'text':
      return `${role === 'user' ? 'User' : 'Assistant'}: ${cut(part.text)}`
    case 'tool-call':
      return `Tool call ${part.tool_name}: ${cut(JSON.stringify(part.args ?? {}))}`
    case 'tool-result':
      // For its provider alone to read.
      if (part.provider_executed === true) return ''
      return `Tool result of ${part.tool_name}: ${cut(JSON.stringify(part.result ?? null))}`
    case 'file':
      return `Attached file: ${part.name ?? part.file_id}`
    case 'file-reference':
      return `Attached lines ${part.start_line}-${part.end_line} of ${part.file_name}: ${cut(part.content)}`
    default:
      return ''
  }
}

/** The message that stands for all that is left out, with the words of the user that are being worked on. */
export function summaryText(summary: string, rows: readonly MessageRow[], keptFromId: number): string {
  const left = rows.filter((row) => row.role === 'user' && row.visibility === 'both' && row.id < keptFromId)
  const last = left.at(-1)
  const words = last ? textOf(partsOf(last)).slice(0, MAX_PART_CHARS) : ''
  return [
    'The conversation so far was summarised to make room. This summary stands for all of it:',
    `<summary>\n${summary}\n</summary>`,
    ...(words === ''
      ? []
      : [`The last message of the user before the summary was:\n<message>\n${words}\n</message>`]),
    'Go on from here without saying that there was a summary.',
  ].join('\n\n')
}
