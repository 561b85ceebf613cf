import { StringDecoder } from 'node:string_decoder'
import type { z } from 'zod'
import { type AgentEvent, agentEventSchema, agentLogEventSchema } from '../../contract/agent-link.ts'

/** Our agent cuts lines at 8 Ki characters; an event is never near this. */
const MAX_EVENT_CHARS = 1024 * 1024

/** Cuts newline-delimited JSON, and hands over what one chunk completed as one batch. */
export function createEventReader(take: (events: AgentEvent[]) => void): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8')
  const parse = createEventParser()
  let rest = ''
  return (chunk) => {
    const text = decoder.write(chunk)
    // What has no end yet is only put aside: cutting it anew with every chunk would take the square of its length.
    if (rest.length + text.length > MAX_EVENT_CHARS) throw new SyntaxError('An event has no end.')
    if (!text.includes('\n')) {
      rest += text
      return
    }
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    const events = lines.filter(Boolean).map((line) => parse(JSON.parse(line)))
    if (events.length > 0) take(events)
  }
}

type LogEvent = z.output<typeof agentLogEventSchema>

/**
 * Parses events as the schema does, but looks at those of a log by hand first: thousands come in a second, and the schema
 * takes longer with one than it takes to keep it. What this look does not know for sure, the schema decides.
 */
export function createEventParser(): (value: unknown) => AgentEvent {
  const { log_source_id, created_at, level } = agentLogEventSchema.shape
  const levels: ReadonlySet<unknown> = new Set(level.options)
  const isSource = repeated(log_source_id)
  const isTime = repeated(created_at)
  const keyCount = Object.keys(agentLogEventSchema.shape).length

  const isLogEvent = (value: unknown): value is LogEvent => {
    if (typeof value !== 'object' || value === null) return false
    const event = value as Partial<Record<keyof LogEvent, unknown>>
    return (
      event.type === 'log' &&
      typeof event.output === 'string' &&
      Number.isSafeInteger(event.seq) &&
      (event.seq as number) >= 1 &&
      levels.has(event.level) &&
      isSource(event.log_source_id) &&
      isTime(event.created_at) &&
      Object.keys(event).length === keyCount
    )
  }
  return (value) => (isLogEvent(value) ? value : agentEventSchema.parse(value))
}

/** Whether the schema takes the text. Lines that follow one another mostly share theirs, which is looked at once. */
function repeated(schema: z.ZodType<string>): (value: unknown) => boolean {
  let known: string | undefined
  return (value) => {
    if (typeof value !== 'string') return false
    if (value === known) return true
    if (!schema.safeParse(value).success) return false
    known = value
    return true
  }
}
