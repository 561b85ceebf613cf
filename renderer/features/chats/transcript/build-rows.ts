/** Makes rows of messages, and of the step that is being written. */
import type { ChatMessage, ChatMessagePart } from '#bridge/contract/chats-messages'
import type { ChatStreamToolCall } from '#bridge/contract/chats-stream'
import type { PreviewPart } from './preview-parts.ts'
import { textField } from './tool-fields.ts'
import { messageText, type ToolCall, type ToolCallState, type TranscriptRow } from './transcript-rows.ts'

/** What the state of the chat says about its calls. */
export interface CallContext {
  readonly isBusy: boolean
  readonly approvals: readonly ChatStreamToolCall[]
  readonly outside: readonly ChatStreamToolCall[]
}

/** Where messages stand among others. */
export interface RowPlace {
  /** The message before them. */
  readonly before: number
  /** What the user wrote after them. */
  readonly reply: string | undefined
}

/** The rows of saved messages that follow each other. */
export function buildRows(
  messages: readonly ChatMessage[],
  context: CallContext,
  place: RowPlace = { before: 0, reply: undefined },
): TranscriptRow[] {
  const results = resultsOf(messages)
  const drawn = drawnFiles(results)
  const rows: TranscriptRow[] = []
  let asked: number[] = []
  let { before } = place
  for (const message of messages) {
    if (message.role === 'user') {
      answer(rows, asked, messageText(message))
      asked = []
      rows.push({ kind: 'user', key: `${before}/u`, message })
    } else if (message.role !== 'tool') {
      for (const [index, part] of (message.content ?? []).entries()) {
        if (isDrawnByCall(part, drawn)) continue
        addPart(rows, { part, key: `${before}/${index}`, message, results, context })
        const last = rows.at(-1)
        if (last?.kind === 'tool' && takesReply(last.call.name) && asked.at(-1) !== rows.length - 1) {
          asked.push(rows.length - 1)
        }
      }
    }
    before = message.id
  }
  if (place.reply !== undefined) answer(rows, asked, place.reply)
  return nameApart(rows)
}

/** The results among messages, by their call. */
function resultsOf(messages: readonly ChatMessage[]): ReadonlyMap<string, ChatMessagePart> {
  const parts = messages.flatMap(({ content }) => content ?? [])
  return new Map(
    parts.flatMap((part) => (part.type === 'tool-result' ? [[part.tool_call_id ?? '', part] as const] : [])),
  )
}

/** Pictures of a desktop, which the card of the call shows that they came of: attached, each comes once more. */
function drawnFiles(results: ReadonlyMap<string, ChatMessagePart>): ReadonlySet<string> {
  const ids = [...results.values()].map((part) =>
    part.tool_name === 'computer' && part.is_media === true
      ? textField(part.result, 'attachment_file_id')
      : undefined,
  )
  return new Set(ids.filter((id) => id !== undefined))
}

function isDrawnByCall({ type, file_id: id }: ChatMessagePart, drawn: ReadonlySet<string>): boolean {
  return type === 'file' && typeof id === 'string' && drawn.has(id)
}

/** Ids of calls come from models: one step may have the same twice. */
function nameApart(rows: TranscriptRow[]): TranscriptRow[] {
  const names = new Set<string>()
  return rows.map((row) => {
    let { key } = row
    for (let times = 2; names.has(key); times += 1) key = `${row.key}#${times}`
    names.add(key)
    return key === row.key ? row : { ...row, key }
  })
}

function takesReply(name: string): boolean {
  return name === 'propose_plan' || name === 'ask_user_question'
}

function answer(rows: TranscriptRow[], asked: readonly number[], reply: string): void {
  for (const index of asked) {
    const row = rows[index]
    if (row?.kind === 'tool') rows[index] = { ...row, call: { ...row.call, reply } }
  }
}

interface Added {
  readonly part: ChatMessagePart
  readonly key: string
  readonly message: ChatMessage
  readonly results: ReadonlyMap<string, ChatMessagePart>
  readonly context: CallContext
}

function addPart(rows: TranscriptRow[], { part, key, message, results, context }: Added): void {
  const last = rows.at(-1)
  switch (part.type) {
    case 'text':
      if (part.text === undefined || part.text.trim() === '') return
      rows.push({ kind: message.role === 'system' ? 'note' : 'text', key, message, text: part.text })
      return
    case 'reasoning':
      if (part.text === undefined || part.text.trim() === '') return
      rows.push({
        kind: 'reasoning',
        key,
        message,
        text: part.text,
        startedAt: part.created_at,
        endedAt: part.completed_at,
        isLive: false,
      })
      return
    case 'tool-call':
      addCall(rows, { call: makeCall(part, results.get(part.tool_call_id ?? ''), context), key, message })
      return
    case 'tool-result':
      return
    case 'source':
      if (last?.kind === 'sources') rows[rows.length - 1] = { ...last, parts: [...last.parts, part] }
      else rows.push({ kind: 'sources', key, message, parts: [part] })
      return
    case 'context-file':
    case 'skill':
      if (last?.kind === 'context') rows[rows.length - 1] = { ...last, parts: [...last.parts, part] }
      else rows.push({ kind: 'context', key, message, parts: [part] })
      return
    case 'file':
      rows.push({ kind: 'file', key, message, part })
      return
    case 'hook-notice':
      rows.push({ kind: 'note', key, message, text: part.text ?? '' })
      return
    default:
      rows.push({ kind: 'unknown', key, message, part })
  }
}

interface AddedCall {
  readonly call: ToolCall
  readonly key: string
  readonly message?: ChatMessage
}

/** Files that are read one after the other are one row. The key has the call's id: rows of pieces come in any order. */
function addCall(rows: TranscriptRow[], { call, key, ...message }: AddedCall): void {
  const last = rows.at(-1)
  const base = { key: `${key.slice(0, key.indexOf('/'))}/call:${call.id}`, ...message }
  const hasOwnRow = call.name !== 'read_file' || call.state === 'asked' || call.state === 'denied'
  if (hasOwnRow) rows.push({ kind: 'tool', ...base, call })
  else if (last?.kind === 'reads') rows[rows.length - 1] = { ...last, calls: [...last.calls, call] }
  else rows.push({ kind: 'reads', ...base, calls: [call] })
}

/** A call with its result, and where it stands. */
export function makeCall(
  part: ChatMessagePart,
  result: ChatMessagePart | undefined,
  context: CallContext,
): ToolCall {
  const id = part.tool_call_id ?? ''
  const approval = result ? undefined : context.approvals.find((call) => call.tool_call_id === id)
  return {
    id,
    name: part.tool_name ?? '',
    state: result ? resultState(result) : approval ? 'asked' : openState(id, context),
    args: part.args,
    argsHead: '',
    argsLength: 0,
    result: result?.result,
    isMedia: result?.is_media === true,
    progress: undefined,
    startedAt: part.created_at,
    endedAt: result?.created_at,
    serverId: part.mcp_server_config_id ?? result?.mcp_server_config_id ?? undefined,
    deniedBecause: result?.denied_reason,
    approval,
    reply: undefined,
  }
}

function resultState(result: ChatMessagePart): ToolCallState {
  if (result.denied_reason !== undefined) return 'denied'
  return result.is_error === true ? 'failed' : 'done'
}

function openState(id: string, { isBusy, approvals, outside }: CallContext): ToolCallState {
  if (outside.some((call) => call.tool_call_id === id)) return 'outside'
  return isBusy || approvals.length > 0 ? 'running' : 'stopped'
}

/** The rows of the step that is being written, after a message. A call without a word of its arguments has none yet. */
export function previewRows(
  preview: readonly PreviewPart[],
  after: number,
  context: CallContext,
): TranscriptRow[] {
  const rows: TranscriptRow[] = []
  for (const [index, part] of preview.entries()) {
    const key = `${after}/${index}`
    switch (part.kind) {
      case 'text':
        rows.push({ kind: 'text', key, text: part.blocks })
        break
      case 'reasoning':
        rows.push({
          kind: 'reasoning',
          key,
          text: part.blocks,
          startedAt: part.startedAt,
          endedAt: part.endedAt,
          isLive: index === preview.length - 1 && part.endedAt === undefined,
        })
        break
      case 'call':
        // A summary has no arguments that a model writes.
        if (part.part.args === undefined && part.argsLength === 0 && !isSummary(part.part)) break
        addCall(rows, { call: previewCall(part, context), key })
        break
      case 'other':
        addPart(rows, { part: part.part, key, message: nobody, results: new Map(), context })
        break
      case 'result':
        break
    }
  }
  return nameApart(rows)
}

function isSummary({ tool_name: name }: ChatMessagePart): boolean {
  return name === 'chat_summarized'
}

/** Parts that are not saved belong to no message. */
const nobody: ChatMessage = { id: 0, chat_id: '', created_at: '', role: 'assistant' }

function previewCall(part: Extract<PreviewPart, { kind: 'call' }>, context: CallContext): ToolCall {
  const call = makeCall(part.part, part.result, context)
  const isWhole = part.part.args !== undefined
  return {
    ...call,
    state: isWhole || part.result ? call.state : 'preparing',
    argsHead: part.head,
    argsLength: part.argsLength,
    progress: part.progress.closed.length > 0 || part.progress.line !== '' ? part.progress : undefined,
  }
}
