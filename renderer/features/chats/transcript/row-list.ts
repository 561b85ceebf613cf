import { makeCall, previewRows, type CallContext } from './build-rows.ts'
import type { PreviewPart } from './preview-parts.ts'
import { createSegments } from './row-segments.ts'
import { callsOf, type ToolCall, type TranscriptRow } from './transcript-rows.ts'
import { isBusy, type TranscriptState } from './transcript-state.ts'

/** All rows of a transcript: those that are saved, and after them those that are not. */
export interface RowList {
  readonly count: number
  /** The saved ones, the same list until something is saved. */
  readonly saved: readonly TranscriptRow[]
  at(index: number): TranscriptRow | undefined
}

/**
 * Makes rows of one state after the other. Saved rows are made again only when something was saved. `isQueued`: the turn
 * waits until fewer others are at work, of which the stream does not tell.
 */
export function createRowList(): (state: TranscriptState, isQueued?: boolean) => RowList {
  const makeSaved = createSegments()
  let made: { readonly state: TranscriptState; readonly rows: readonly TranscriptRow[] } | undefined

  const savedRows = (state: TranscriptState): readonly TranscriptRow[] => {
    if (!made || !isSavedAlike(made.state, state)) {
      made = { state, rows: makeSaved(state.messages, contextOf(state)) }
    }
    return made.rows
  }

  return (state, isQueued = false) => {
    const saved = savedRows(state)
    const context = contextOf(state)
    const over = resultsOver(state.preview, saved, context)
    const after = state.messages.at(-1)?.id ?? 0
    const tail = [
      ...previewRows(state.preview, after, context),
      ...unknownApprovals(state, saved),
      ...endRows(state, saved, isQueued),
    ]
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

/** Only the last steps can have calls that wait for anything. */
const searchedRows = 500

/** The place of a call that has no result. */
function findOpenCall(saved: readonly TranscriptRow[], id: string): number {
  for (let index = saved.length - 1; index >= Math.max(0, saved.length - searchedRows); index -= 1) {
    const row = saved[index]
    if (row && callsOf(row).some((call) => call.id === id && call.result === undefined)) return index
  }
  return -1
}

/** Saved calls whose results are not saved yet. */
function resultsOver(
  preview: readonly PreviewPart[],
  saved: readonly TranscriptRow[],
  context: CallContext,
): ReadonlyMap<number, TranscriptRow> {
  const over = new Map<number, TranscriptRow>()
  for (const part of preview) {
    if (part.kind !== 'result') continue
    const index = findOpenCall(saved, part.id)
    const row = over.get(index) ?? saved[index]
    if (row === undefined) continue
    const answered = (call: ToolCall): ToolCall =>
      call.id === part.id ? withResult(call, part, context) : call
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
  const { state, result, isMedia, endedAt, deniedBecause } = makeCall(
    { type: 'tool-call', tool_call_id: call.id },
    part.result,
    context,
  )
  return {
    ...call,
    state,
    result,
    isMedia,
    endedAt,
    deniedBecause,
    approval: undefined,
    progress: undefined,
  }
}

/** Calls that wait although no message has them yet: what is asked must be on the page. */
function unknownApprovals(state: TranscriptState, saved: readonly TranscriptRow[]): readonly TranscriptRow[] {
  const shown = new Set(state.preview.flatMap((part) => (part.kind === 'call' ? [part.id] : [])))
  return state.approvals
    .filter(({ tool_call_id: id }) => !shown.has(id) && findOpenCall(saved, id) === -1)
    .map((asked) => ({
      kind: 'tool',
      key: `asked:${asked.tool_call_id}`,
      call: makeCall(
        { type: 'tool-call', tool_call_id: asked.tool_call_id, tool_name: asked.tool_name },
        undefined,
        contextOf(state),
      ),
    }))
}

/** How it stands, after everything that was said. */
function endRows(
  state: TranscriptState,
  saved: readonly TranscriptRow[],
  isQueued: boolean,
): readonly TranscriptRow[] {
  if (state.status === 'error' && state.error)
    return [{ kind: 'error', key: 'end:error', error: state.error }]
  if (state.status === 'interrupting') return [{ kind: 'stopping', key: 'end:stopping' }]
  if (state.retry) return [{ kind: 'retry', key: 'end:retry', retry: state.retry }]
  if (!isBusy(state.status) || state.preview.some(({ kind }) => kind !== 'result')) return []
  const last = saved.at(-1)
  const isSeenRunning = last !== undefined && callsOf(last).some((call) => call.state === 'running')
  return isSeenRunning ? [] : [{ kind: 'working', key: 'end:working', isQueued }]
}
