import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ChatMessage, ChatMessagePart } from '#bridge/contract/chats-messages'
import type { ChatStreamEvent } from '#bridge/contract/chats-stream'
import type { ChatUpdate } from '#ipc/chats'
import { joinBlocks } from './markdown-blocks.ts'
import {
  addOlder,
  applyUpdate,
  emptyTranscript,
  forgetReplaced,
  settleHistory,
  type TranscriptState,
} from './transcript-state.ts'

const chat_id = '6b1b36cb-1d62-4b4e-8fb3-3a4dfc5a1d10'
const created_at = '2026-11-01T10:00:00Z'
const message = (id: number, role: string, ...content: ChatMessagePart[]): ChatMessage => ({
  id,
  chat_id,
  created_at,
  role,
  content,
})
const text = (said: string): ChatMessagePart => ({ type: 'text', text: said })
const part = (said: ChatMessagePart, seq?: number, attempt = 1, history = 1): ChatStreamEvent => ({
  type: 'message_part',
  chat_id,
  message_part: {
    part: said,
    ...(seq === undefined ? {} : { seq, generation_attempt: attempt, history_version: history }),
  },
})
const saved = (id: number, role: string, said: string): ChatStreamEvent => ({
  type: 'message',
  chat_id,
  message: message(id, role, text(said)),
})
const status = (word: string): ChatStreamEvent => ({ type: 'status', chat_id, status: { status: word } })
const bare = (type: string): ChatStreamEvent => ({ type, chat_id })

const queued = { id: 9, chat_id, content: [text('Later')], created_at }

const events = (...list: ChatStreamEvent[]): ChatUpdate => ({ kind: 'events', events: list })
const opened = (...messages: ChatMessage[]): Extract<ChatUpdate, { kind: 'opened' }> => ({
  kind: 'opened',
  messages,
  hasMore: false,
  queue: [],
})
const after = (...updates: ChatUpdate[]): TranscriptState => updates.reduce(applyUpdate, emptyTranscript)
const previewText = ({ preview }: TranscriptState): string =>
  preview
    .map((one) => (one.kind === 'text' || one.kind === 'reasoning' ? joinBlocks(one.blocks) : one.kind))
    .join('|')
const ids = ({ messages }: TranscriptState): number[] => messages.map(({ id }) => id)

describe('messages', () => {
  it('are ordered by id, and a later word on one takes its place', () => {
    const state = after(
      opened(message(5, 'user'), message(2, 'user')),
      events(saved(9, 'user', 'a')),
      events(saved(5, 'user', 'new'), saved(7, 'user', 'b')),
    )
    expect(ids(state)).toEqual([2, 5, 7, 9])
    expect(state.messages[1]?.content).toEqual([text('new')])
  })

  it('of a reset come in several updates and are shown once all are there', () => {
    const begun = after(
      opened(message(1, 'user'), message(2, 'user')),
      events(bare('history_reset'), saved(1, 'user', 'a')),
      events(saved(4, 'user', 'b')),
    )
    expect(ids(begun)).toEqual([1, 2])
    expect(ids(applyUpdate(begun, events(bare('preview_reset'))))).toEqual([1, 4])
    expect(ids(settleHistory(begun))).toEqual([1, 4])
  })

  it.each<ChatUpdate>([
    { kind: 'connection', state: 'waiting', reason: 'lost' },
    { kind: 'connection', state: 'live' },
  ])('of a reset that breaks off ($state) do not take the place of those that are shown', (connection) => {
    const broken = after(
      opened(message(1, 'user'), message(2, 'assistant'), message(3, 'user')),
      events(bare('history_reset'), saved(1, 'user', 'a')),
      connection,
    )
    expect(ids(broken)).toEqual([1, 2, 3])
    const back = applyUpdate(
      broken,
      events(bare('history_reset'), saved(1, 'user', 'a'), saved(4, 'user', 'b'), bare('preview_reset')),
    )
    expect(ids(back)).toEqual([1, 4])
  })

  it('that an edit takes back on an old server go with the queue', () => {
    const state = after(opened(message(1, 'user'), message(2, 'assistant'), message(3, 'user')))
    expect(ids(forgetReplaced(state, 2, 4))).toEqual([1])
  })

  it('that take the place of those are kept, with what was said of them since', () => {
    const state = after(
      { ...opened(message(1, 'user'), message(2, 'user'), message(3, 'assistant')), queue: [queued] },
      events(saved(4, 'user', 'anew'), part(text('Answer'))),
    )
    const forgot = forgetReplaced(state, 2, 4)
    expect(ids(forgot)).toEqual([1, 4])
    expect(previewText(forgot)).toBe('Answer')
    expect(forgot.queue).toEqual([queued])
  })

  it('that an edit takes back take along what was being written after them', () => {
    const state = after(
      { ...opened(message(1, 'user'), message(2, 'user')), queue: [queued] },
      events(part(text('Old answer'))),
    )
    expect(forgetReplaced(state, 2, 3)).toMatchObject({ preview: [], queue: [] })
  })

  it('of an older page come before the others', () => {
    const state = addOlder(after(opened(message(8, 'user'))), {
      messages: [message(6, 'user'), message(7, 'user')],
      hasMore: true,
    })
    expect(ids(state)).toEqual([6, 7, 8])
    expect(state.hasMore).toBe(true)
  })
})

describe('parts of the running step', () => {
  it('are put together, each once', () => {
    const state = after(
      opened(),
      events(part(text('Hel'), 1), part(text('lo'), 2)),
      events(part(text('lo'), 2), part(text('!'), 3)),
    )
    expect(previewText(state)).toBe('Hello!')
  })

  it('of an earlier attempt are not mixed with those of the next one', () => {
    const state = after(
      opened(),
      events(part(text('old'), 1)),
      events(part(text('new'), 1, 2), part(text('late'), 2, 1)),
    )
    expect(previewText(state)).toBe('new')
  })

  it('are told once more after a reset', () => {
    const state = after(
      opened(),
      events(part(text('a'), 1), part(text('b'), 2)),
      events(bare('preview_reset'), part(text('a'), 1), part(text('b'), 2)),
    )
    expect(previewText(state)).toBe('ab')
  })

  it.each([
    ['an assistant message', saved(4, 'assistant', 'Hello')],
    [
      'a retry',
      { ...bare('retry'), retry: { attempt: 1, delay_ms: 1000, error: 'busy', retrying_at: created_at } },
    ],
    ['rest', status('waiting')],
    ['the queue of an old server', status('pending')],
  ])('go with %s', (_, event) => {
    expect(after(opened(), events(part(text('x'))), events(event)).preview).toEqual([])
  })

  it('of a call keep the beginning of the arguments, then the whole part and its result', () => {
    const call = { type: 'tool-call', tool_call_id: 'c', tool_name: 'execute' }
    const begun = after(
      opened(),
      events(part({ ...call, args_delta: '{"comm' }, 1), part({ ...call, args_delta: 'and":1}' }, 2)),
    )
    expect(begun.preview).toMatchObject([{ kind: 'call', head: '{"command":1}', argsLength: 13 }])
    const done = applyUpdate(
      begun,
      events(
        part({ ...call, args: { command: 1 } }, 3),
        part({ type: 'tool-result', tool_call_id: 'c', result: { output: 'ok' } }, 4),
      ),
    )
    expect(done.preview).toMatchObject([
      { part: { args: { command: 1 } }, result: { result: { output: 'ok' } } },
    ])
  })

  it('of a tool that speaks while it works start anew when it says so', () => {
    const result = { type: 'tool-result', tool_call_id: 'c' }
    const state = after(
      opened(),
      events(
        part({ type: 'tool-call', tool_call_id: 'c', tool_name: 'advisor', args: {} }, 1),
        part({ ...result, result_delta: 'draft' }, 2),
        part({ ...result, result_reset: true }, 3),
        part({ ...result, result_delta: 'advice' }, 4),
      ),
    )
    const [call] = state.preview
    expect(call?.kind === 'call' && joinBlocks(call.progress)).toBe('advice')
  })
})

describe('the state of the chat', () => {
  const error = { message: 'Rate limited', retryable: true }
  it('loses its error when it runs again', () => {
    const failed = after(opened(), events(status('error'), { ...bare('error'), error }))
    expect(failed.error).toEqual(error)
    expect(applyUpdate(failed, events(status('running'))).error).toBeUndefined()
  })

  it('waits for approvals until it runs again', () => {
    const call = { tool_call_id: 'c', tool_name: 'execute', args: '{}' }
    const asked = after(
      opened(),
      events(status('requires_action'), {
        ...bare('action_required'),
        action_required: { tool_calls: [], approvals: [call] },
      }),
    )
    expect(asked.approvals).toEqual([call])
    expect(applyUpdate(asked, events(status('running'))).approvals).toEqual([])
  })

  it('keeps what is shown while the connection is lost, and passes over what it does not know', () => {
    const state = after(opened(message(1, 'user')), events(bare('newer_event')), {
      kind: 'connection',
      state: 'waiting',
      reason: 'lost',
    })
    expect(ids(state)).toEqual([1])
    expect(state.connection?.state).toBe('waiting')
  })
})

/** A server of the new engine, or of the old one, as far as its stream goes. */
function createServer(isNumbered: boolean) {
  let messages: ChatMessage[] = []
  let nextId = 1
  let [history, attempt, seq] = [1, 1, 0]
  let word = 'waiting'
  let wasEdited = false
  let parts: ChatStreamEvent[] = []
  const episode = (): ChatStreamEvent[] => {
    parts = []
    seq = 0
    return isNumbered ? [bare('preview_reset')] : []
  }
  const save = (role: string, said: string): ChatStreamEvent[] => {
    const added = saved(nextId++, role, said)
    if (added.message) messages.push(added.message)
    history += 1
    return [added]
  }
  return {
    messages: () => messages,
    acts: {
      send: (said: string) => {
        // Into the queue.
        if (word === 'running') return []
        word = 'running'
        return [...save('user', said), status(word), ...episode()]
      },
      speak: (said: string) => {
        if (word !== 'running') return []
        seq += 1
        const event = isNumbered ? part(text(said), seq, attempt, history) : part(text(said))
        parts.push(event)
        return [event]
      },
      save: (said: string) => (word === 'running' ? [...save('assistant', said), ...episode()] : []),
      retry: () => {
        if (word !== 'running') return []
        attempt += 1
        const retry = { attempt, delay_ms: 1000, error: 'busy', retrying_at: created_at }
        return [{ ...bare('retry'), retry }, ...episode()]
      },
      rest: () => {
        word = 'waiting'
        return [status(word), ...episode()]
      },
      edit: (said: string) => {
        const index = messages.findLastIndex(({ role }) => role === 'user')
        if (!isNumbered || index === -1) return []
        messages = messages.slice(0, index)
        wasEdited = true
        save('user', said)
        word = 'running'
        return [
          bare('history_reset'),
          ...messages.map((one) => ({ ...bare('message'), message: one })),
          status(word),
          ...episode(),
        ]
      },
    },
    /** The first words of a new socket. */
    connect: (newest: number): ChatStreamEvent[] => {
      const list = wasEdited ? messages : messages.filter(({ id }) => id > newest)
      const history_ = list.map((one) => ({ ...bare('message'), message: one }))
      if (!isNumbered) return [status(word), ...parts]
      return [
        ...(wasEdited ? [bare('history_reset')] : []),
        ...history_,
        status(word),
        bare('preview_reset'),
        ...parts,
      ]
    },
  }
}

const act = fc.oneof(
  { weight: 6, arbitrary: fc.constant('speak' as const) },
  { weight: 2, arbitrary: fc.constantFrom('send', 'save') },
  { weight: 1, arbitrary: fc.constantFrom('retry', 'rest', 'edit') },
)
const trouble = fc.constantFrom('none', 'none', 'none', 'lose', 'return', 'twice')

describe.each([
  ['new', true],
  ['old', false],
])('a transcript of the %s engine', (_, isNumbered) => {
  it('is the same after any disconnects, resets and repeats', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(act, trouble, fc.nat(4)), { maxLength: 60 }), (steps) => {
        const server = createServer(isNumbered)
        let calm = after(opened())
        let shaken = after(opened())
        let isConnected = true
        const tell = (said: ChatStreamEvent[], size: number): void => {
          for (let at = 0; at < said.length; at += size + 1)
            shaken = applyUpdate(shaken, events(...said.slice(at, at + size + 1)))
        }
        const comeBack = (size: number): void => {
          isConnected = true
          shaken = applyUpdate(shaken, { kind: 'connection', state: 'live' })
          if (!isNumbered) shaken = applyUpdate(shaken, opened(...server.messages()))
          tell(server.connect(shaken.messages.at(-1)?.id ?? 0), size)
        }
        for (const [index, [name, kind, size]] of steps.entries()) {
          const said = server.acts[name](`${name}${index} `)
          calm = applyUpdate(calm, events(...said))
          if (kind === 'lose') isConnected = false
          if (isConnected) tell(said, size)
          if (isConnected && kind === 'twice' && isNumbered)
            tell(
              said.filter(({ type }) => type === 'message_part' || type === 'message'),
              size,
            )
          if (!isConnected && kind === 'return') comeBack(size)
        }
        if (!isConnected) comeBack(0)
        expect(settleHistory(shaken).messages).toEqual(settleHistory(calm).messages)
        expect(previewText(shaken)).toBe(previewText(calm))
        expect(shaken.status ?? 'waiting').toBe(calm.status ?? 'waiting')
      }),
      { numRuns: 500 },
    )
  })
})
