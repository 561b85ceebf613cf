/** What was sent to a model, or came from it, as it may be written down: without secrets, and no more than is of use. */
import { isSecretName, redacted, redactText } from '../../../lib/redact.ts'
import type { ChatModelCallConfig } from '../../../contract/chats-models.ts'
import type { ToolDescription } from './model-call.ts'
import { type StoredMessage, type StoredPart, toWirePart } from './stored-parts.ts'

export type Mask = (text: string) => string

/** A call as it is before a provider's client makes a request of it. */
export interface AskedModel {
  readonly config?: ChatModelCallConfig | undefined
  readonly instructions: readonly string[]
  readonly history: readonly StoredMessage[]
  readonly tools: readonly ToolDescription[]
}

/** As Coder cuts them. */
const MAX_TEXT_CHARS = 10_000
/** Longer than any that is recognised by its look alone. */
const MAX_SECRET_CHARS = 4096
const MAX_ITEMS = 200
const MAX_DEPTH = 12
/** Of the messages of a request, the newest; and of the schemas of its tools. */
const MAX_MESSAGES_CHARS = 96 * 1024
const MAX_SCHEMAS_CHARS = 32 * 1024
const MAX_RESPONSE_CHARS = 64 * 1024

/** A copy of a value with its texts masked and cut. What has the name of a secret is one. */
export function toDebugValue(value: unknown, mask: Mask, depth = 0): unknown {
  if (typeof value === 'string') return toDebugText(mask(value))
  if (typeof value === 'bigint') return mask(value.toString())
  if (typeof value === 'number') return mask(String(value)) === String(value) ? value : redacted
  if (typeof value !== 'object' || value === null) return value
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (depth >= MAX_DEPTH) return '[deep]'
  if (Array.isArray(value)) {
    const left = value.length - MAX_ITEMS
    const shown = value.slice(0, MAX_ITEMS).map((item) => toDebugValue(item, mask, depth + 1))
    return left > 0 ? [...shown, `[${left} more]`] : shown
  }
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MAX_ITEMS)
      .map(([name, item]) => [
        mask(name),
        isSecretName(name) && isPlain(item) ? redacted : toDebugValue(item, mask, depth + 1),
      ]),
  )
}

/** A value, or several, as headers have them. Anything else describes a field of that name, as schemas do. */
const isPlain = (value: unknown): boolean => typeof value !== 'object' || Array.isArray(value)

/** What looks like a secret is looked for a little further than is shown: one that is cut in two looks like none. */
function toDebugText(text: string): string {
  const left = text.length - MAX_TEXT_CHARS
  if (left <= 0) return redactText(text)
  const shown = redactText(text.slice(0, MAX_TEXT_CHARS + MAX_SECRET_CHARS)).slice(0, MAX_TEXT_CHARS)
  return `${shown}… [${left} more characters]`
}

function cut(text: string): string {
  const left = text.length - MAX_TEXT_CHARS
  return left > 0 ? `${text.slice(0, MAX_TEXT_CHARS)}… [${left} more characters]` : text
}

interface DebugMessage {
  readonly role: string
  readonly parts: unknown
}

const sizeOf = (value: unknown): number => JSON.stringify(value).length

/** One message is never so large that it alone stands for all. */
function fit(message: DebugMessage): DebugMessage {
  const text = JSON.stringify(message.parts)
  if (text.length <= MAX_RESPONSE_CHARS) return message
  return { role: message.role, parts: [{ type: 'text', text: cut(text) }] }
}

const partsToDebug = (parts: readonly StoredPart[], mask: Mask): unknown =>
  parts.map((part) => toDebugValue(toWirePart(part), mask))

const toDebugMessage = ({ role, parts }: Pick<StoredMessage, 'role' | 'parts'>, mask: Mask): DebugMessage =>
  fit({ role, parts: partsToDebug(parts, mask) })
const toSystemMessage = (text: string) => ({ role: 'system', parts: [{ type: 'text', text }] }) as const

/** The request with its newest messages; how many older ones are left out is said. */
export function toDebugRequest(asked: AskedModel, mask: Mask): Record<string, unknown> {
  const first = asked.history.filter(({ role }) => role === 'system')
  const said = asked.history.filter(({ role }) => role !== 'system')
  const instructions = asked.instructions.filter((text) => text !== '').map(toSystemMessage)
  const system = [...first, ...instructions].map((message) => toDebugMessage(message, mask))
  const newest: DebugMessage[] = []
  let room = MAX_MESSAGES_CHARS - sizeOf(system)
  for (const one of said.toReversed()) {
    const message = toDebugMessage(one, mask)
    room -= sizeOf(message)
    if (room < 0 && newest.length > 0) break
    newest.unshift(message)
  }
  const omitted = said.length - newest.length
  const { cost: _, ...options } = asked.config ?? {}
  return {
    messages: [...system, ...newest],
    ...(omitted > 0 ? { omitted_messages: omitted } : {}),
    tools: toDebugTools(asked.tools, mask),
    options: toDebugValue(options, mask),
  }
}

function toDebugTools(tools: readonly ToolDescription[], mask: Mask): unknown[] {
  let room = MAX_SCHEMAS_CHARS
  return tools.map(({ name, description, inputSchema }) => {
    const shown = { name, description: toDebugValue(description, mask) }
    const schema = toDebugValue(inputSchema, mask)
    room -= sizeOf(schema ?? null)
    return room < 0 ? shown : { ...shown, input_schema: schema }
  })
}

/** What the model said, as far as it came. */
export function toDebugResponse(
  parts: readonly StoredPart[],
  finishReason: string | undefined,
  mask: Mask,
): Record<string, unknown> {
  const content = fit({ role: 'assistant', parts: partsToDebug(parts, mask) }).parts
  return { content, ...(finishReason === undefined ? {} : { finish_reason: finishReason }) }
}
