import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatMessage, ChatMessagePart } from '#bridge/contract/chats-messages'
import { buildRows } from './build-rows.ts'
import { createRowList, type RowList } from './row-list.ts'
import type { TranscriptRow } from './transcript-rows.ts'
import { addPreviewPart, type PreviewPart } from './preview-parts.ts'
import { emptyTranscript, type TranscriptState } from './transcript-state.ts'

const message = (id: number, role: string, ...content: ChatMessagePart[]): ChatMessage => ({
  id,
  chat_id: 'c',
  created_at: '2026-11-01T10:00:00Z',
  role,
  content,
})
const text = (said: string): ChatMessagePart => ({ type: 'text', text: said })
const call = (id: string, name: string, args: unknown = {}): ChatMessagePart => ({
  type: 'tool-call',
  tool_call_id: id,
  tool_name: name,
  args,
})
const result = (id: string, said: unknown, isError = false): ChatMessagePart => ({
  type: 'tool-result',
  tool_call_id: id,
  result: said,
  is_error: isError,
})
const preview = (...parts: ChatMessagePart[]): readonly PreviewPart[] =>
  parts.reduce<readonly PreviewPart[]>(addPreviewPart, [])
const state = (messages: ChatMessage[], more: Partial<TranscriptState> = {}): TranscriptState => ({
  ...emptyTranscript,
  phase: 'open',
  messages,
  ...more,
})
const all = (list: RowList): TranscriptRow[] =>
  Array.from({ length: list.count }, (_, index) => list.at(index)!)
const rows = (of: TranscriptState): TranscriptRow[] => all(createRowList()(of))
const kinds = (of: TranscriptState): string[] => rows(of).map(({ kind }) => kind)

describe('rows', () => {
  it('are the parts of messages; a result belongs to its call', () => {
    const list = rows(
      state([
        message(1, 'user', text('Do it')),
        message(2, 'assistant', { type: 'reasoning', text: 'hm' }, text('Yes.'), call('a', 'execute')),
        message(3, 'tool', result('a', { output: 'ok' })),
      ]),
    )
    expect(list.map(({ kind }) => kind)).toEqual(['user', 'reasoning', 'text', 'tool'])
    expect(list[3]).toMatchObject({ call: { state: 'done', result: { output: 'ok' } } })
  })

  it('join files that are read one after the other, over steps', () => {
    const list = rows(
      state([
        message(1, 'assistant', call('a', 'read_file'), call('b', 'read_file')),
        message(2, 'tool', result('a', {})),
        message(3, 'tool', result('b', {})),
        message(4, 'assistant', call('c', 'read_file'), text('Now'), call('d', 'read_file')),
      ]),
    )
    expect(list.map((row) => (row.kind === 'reads' ? row.calls.length : row.kind))).toEqual([3, 'text', 1])
  })

  it('join sources, and leave out texts of nothing', () => {
    const source = (url: string): ChatMessagePart => ({ type: 'source', url })
    expect(
      kinds(
        state([message(1, 'assistant', text(' '), source('https://a.example'), source('https://b.example'))]),
      ),
    ).toEqual(['sources'])
  })

  it('of a kind from a newer server are shown as something unknown', () => {
    expect(kinds(state([message(1, 'assistant', { type: 'hologram' })]))).toEqual(['unknown'])
  })

  it('of a question know what was answered', () => {
    const [question] = rows(
      state([message(1, 'assistant', call('q', 'ask_user_question')), message(2, 'user', text('The first'))]),
    )
    expect(question).toMatchObject({ call: { reply: 'The first' } })
  })

  it('of calls without a result say whether they still run', () => {
    const messages = [message(1, 'assistant', call('a', 'execute'))]
    const stateOf = (more: Partial<TranscriptState>) => {
      const [row] = rows(state(messages, more))
      return row?.kind === 'tool' ? row.call.state : undefined
    }
    expect(stateOf({ status: 'running' })).toBe('running')
    expect(stateOf({ status: 'waiting' })).toBe('stopped')
    const asked = { tool_call_id: 'a', tool_name: 'execute', args: '{}' }
    expect(stateOf({ status: 'requires_action', approvals: [asked] })).toBe('asked')
    expect(stateOf({ status: 'requires_action', toolCalls: [asked] })).toBe('outside')
  })
})

describe('rows of the running step', () => {
  it('have the keys they have once they are saved', () => {
    const before = [message(1, 'user', text('Do it'))]
    const parts = [{ type: 'reasoning', text: 'hm' }, text('Yes.'), call('a', 'execute')]
    const running = rows(state(before, { status: 'running', preview: preview(...parts) }))
    const done = rows(state([...before, message(7, 'assistant', ...parts)]))
    expect(running.map(({ key }) => key)).toEqual(done.map(({ key }) => key))
  })

  it('are not drawn for a call that has no arguments yet', () => {
    const bare = { type: 'tool-call', tool_call_id: 'a', tool_name: 'execute' }
    expect(kinds(state([], { preview: preview(bare) }))).toEqual([])
    expect(kinds(state([], { preview: preview({ ...bare, args_delta: '{' }) }))).toEqual(['tool'])
  })

  it('give a saved call its result before that is saved', () => {
    const saved = [message(1, 'assistant', call('a', 'execute'), call('b', 'execute'))]
    const list = rows(state(saved, { status: 'running', preview: preview(result('a', 'ok', true)) }))
    expect(list.map((row) => row.kind === 'tool' && row.call.state)).toEqual(['failed', 'running'])
  })

  it('show an approval whose call is not known yet', () => {
    const asked = { tool_call_id: 'z', tool_name: 'execute', args: '{"command":"ls"}' }
    expect(rows(state([], { status: 'requires_action', approvals: [asked] }))).toMatchObject([
      { call: { state: 'asked', approval: asked } },
    ])
  })
})

it('keeps rows that say the same as they were', () => {
  const list = createRowList()
  const messages = [message(1, 'user', text('a')), message(2, 'assistant', call('a', 'execute'))]
  const before = all(list(state(messages, { status: 'running' })))
  const after = all(list(state([...messages, message(3, 'tool', result('a', 'ok'))], { status: 'running' })))
  expect(after[0]).toBe(before[0])
  expect(after[1]).not.toBe(before[1])
})

it('tells apart calls that have one id', () => {
  const list = rows(
    state([message(1, 'assistant', call('a', 'x'), call('a', 'x'))], { preview: preview(call('a', 'x')) }),
  )
  expect(new Set(list.map(({ key }) => key)).size).toBe(3)
})

it.each([
  ['error', { status: 'error', error: { message: 'x', retryable: false } }],
  ['stopping', { status: 'interrupting' }],
  ['retry', { status: 'running', retry: { attempt: 1, delay_ms: 1, error: 'x', retrying_at: '' } }],
  ['working', { status: 'running' }],
  ['working', { status: 'a newer state' }],
])('ends with %s', (kind, more) => {
  expect(kinds(state([], more))).toEqual([kind])
})

it('has a row of a summary that is made before it has arguments, but of no other such call', () => {
  const bare = (name: string) => ({ type: 'tool-call', tool_call_id: name, tool_name: name })
  const of = (name: string) => rows(state([], { status: 'running', preview: preview(bare(name)) }))
  expect(of('chat_summarized')).toMatchObject([{ kind: 'tool', call: { name: 'chat_summarized' } }])
  expect(of('execute')).toEqual([])
})

it('says of a turn that waits for others that it has not begun, as long as it says nothing', () => {
  const waits = state([message(1, 'user', text('a'))], { status: 'running' })
  expect(all(createRowList()(waits, true)).at(-1)).toMatchObject({ kind: 'working', isQueued: true })
  expect(all(createRowList()(waits)).at(-1)).toMatchObject({ kind: 'working', isQueued: false })
  const began = { ...waits, preview: preview(text('b')) }
  expect(all(createRowList()(began, true)).map(({ kind }) => kind)).toEqual(['user', 'text'])
})

it('says the same of turns one by one as of all of them', () => {
  const role = fc.constantFrom('user', 'assistant', 'assistant', 'tool')
  fc.assert(
    fc.property(fc.array(role, { maxLength: 400 }), fc.nat(400), (roles, cut) => {
      const messages = roles.map((one, index) =>
        one === 'tool'
          ? message(index + 1, one, result(`c${index}`, 'ok'))
          : message(
              index + 1,
              one,
              text(`said ${index}`),
              call(`c${index + 1}`, index % 3 === 0 ? 'ask_user_question' : 'execute'),
            ),
      )
      const list = createRowList()
      list(state(messages.slice(0, cut)))
      const grown = all(list(state(messages)))
      expect(grown).toEqual(buildRows(messages, { isBusy: false, approvals: [], outside: [] }))
    }),
    { numRuns: 50 },
  )
})
