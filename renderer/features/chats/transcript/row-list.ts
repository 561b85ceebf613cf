import { buildRows, makeCall, previewRows, type CallContext } from './build-rows.ts'
import type { PreviewPart } from './preview-parts.ts'
import type { ToolCall, TranscriptRow } from './transcript-rows.ts'
import { isBusy, type TranscriptState } from './transcript-state.ts'

/** All rows of a transcript: those that are saved, and after them those that are not. */
export interface RowList {
  readonly count: number
  /** The saved ones, the same list until something is saved. */
  readonly saved: readonly TranscriptRow[]
  at(index: number): TranscriptRow | undefined
}

/**
 * Makes rows of one state after the other. Saved rows are made again only when something was saved, and one that is as
 * before is the same object, so that nothing of it is drawn again.
 */
export function createRowList(): (state: TranscriptState) => RowList {
  let made: { readonly state: TranscriptState; readonly rows: readonly TranscriptRow[] } | undefined
  let known = new Map<string, TranscriptRow>()
  let places = new Map<string, number>()

  const savedRows = (state: TranscriptState): readonly TranscriptRow[] => {
    if (made && isSavedAlike(made.state, state)) return made.rows
    const rows = nameApart(buildRows(state.messages, contextOf(state))).map((row) =>
      sameRow(known.get(row.key), row),
    )
    known = new Map(rows.map((row) => [row.key, row]))
    places = new Map(rows.flatMap((row, index) => callsOf(row).map((call) => [call.id, index] as const)))
    made = { state, rows }
    return rows
  }

  return (state) => {
    const saved = savedRows(state)
    const context = contextOf(state)
    const over = resultsOver(state.preview, { saved, places, context })
    const tail = nameApart(
      [
        ...previewRows(state.preview, state.messages.at(-1)?.id ?? 0, context),
        ...unknownApprovals(state, places),
        ...endRows(state, saved),
      ],
      known,
    )
    return {
      count: saved.length + tail.length,
      saved,
      at: (index) => over.get(index) ?? saved[index] ?? tail[index - saved.length],
    }
  }
}

function contextOf(state: TranscriptState): CallContext {
  return { isBusy: isBusy(state.status), approvals: state.approvals, outside: state.toolCalls }
}

function isSavedAlike(a: TranscriptState, b: TranscriptState): boolean {
  return (
    a.messages === b.messages &&
    a.approvals === b.approvals &&
    a.toolCalls === b.toolCalls &&
    isBusy(a.status) === isBusy(b.status)
  )
}

/** Ids of calls come from models and may come twice. */
function nameApart(
  rows: readonly TranscriptRow[],
  taken?: ReadonlyMap<string, unknown>,
): readonly TranscriptRow[] {
  const names = new Set<string>()
  return rows.map((row) => {
    let key = row.key
    for (let times = 2; names.has(key) || taken?.has(key) === true; times += 1) key = `${row.key}#${times}`
    names.add(key)
    return key === row.key ? row : { ...row, key }
  })
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

function callsOf(row: TranscriptRow): readonly ToolCall[] {
  if (row.kind === 'tool') return [row.call]
  return row.kind === 'reads' ? row.calls : []
}

interface Saved {
  readonly saved: readonly TranscriptRow[]
  readonly places: ReadonlyMap<string, number>
  readonly context: CallContext
}

/** Saved calls whose results are not saved yet. */
function resultsOver(
  preview: readonly PreviewPart[],
  { saved, places, context }: Saved,
): ReadonlyMap<number, TranscriptRow> {
  const over = new Map<number, TranscriptRow>()
  for (const part of preview) {
    const index = part.kind === 'result' ? places.get(part.id) : undefined
    const row = index === undefined ? undefined : (over.get(index) ?? saved[index])
    if (part.kind !== 'result' || index === undefined || row === undefined) continue
    const answered = (call: ToolCall): ToolCall =>
      call.id === part.id && call.result === undefined ? withResult(call, part, context) : call
    if (row.kind === 'tool') over.set(index, { ...row, call: answered(row.call) })
    if (row.kind === 'reads') over.set(index, { ...row, calls: row.calls.map(answered) })
  }
  return over
}

function withResult(
  call: ToolCall,
  part: Extract<PreviewPart, { kind: 'result' }>,
  context: CallContext,
): ToolCall {
  if (part.result === undefined) return { ...call, progress: part.progress }
  const { state, result, isMedia, endedAt } = makeCall(
    { type: 'tool-call', tool_call_id: call.id },
    part.result,
    context,
  )
  return { ...call, state, result, isMedia, endedAt, approval: undefined, progress: undefined }
}

/** Calls that wait although no message has them yet: what is asked must be on the page. */
function unknownApprovals(
  state: TranscriptState,
  places: ReadonlyMap<string, number>,
): readonly TranscriptRow[] {
  const shown = new Set(state.preview.flatMap((part) => (part.kind === 'call' ? [part.id] : [])))
  return state.approvals
    .filter(({ tool_call_id: id }) => !places.has(id) && !shown.has(id))
    .map((asked) => ({
      kind: 'tool',
      key: `call:${asked.tool_call_id}`,
      call: makeCall(
        { type: 'tool-call', tool_call_id: asked.tool_call_id, tool_name: asked.tool_name },
        undefined,
        contextOf(state),
      ),
    }))
}

/** How it stands, after everything that was said. */
function endRows(state: TranscriptState, saved: readonly TranscriptRow[]): readonly TranscriptRow[] {
  if (state.status === 'error' && state.error)
    return [{ kind: 'error', key: 'end:error', error: state.error }]
  if (state.status === 'interrupting') return [{ kind: 'stopping', key: 'end:stopping' }]
  if (state.retry) return [{ kind: 'retry', key: 'end:retry', retry: state.retry }]
  if (!isBusy(state.status) || state.preview.some(({ kind }) => kind !== 'result')) return []
  const last = saved.at(-1)
  const isSeenRunning = last !== undefined && callsOf(last).some((call) => call.state === 'running')
  return isSeenRunning ? [] : [{ kind: 'working', key: 'end:working' }]
}
