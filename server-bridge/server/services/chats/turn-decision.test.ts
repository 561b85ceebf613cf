import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StoredMessage, StoredPart } from './stored-parts.ts'
import { decideTurn, pendingCalls } from './turn-decision.ts'

const limits = { steps: 10, ms: 1000, tokens: 1000, costMicros: 1000 }
const none = { steps: 0, ms: 0, tokens: 0, costMicros: 0 }
const text: StoredPart = { type: 'text', text: 'x' }
const call = (id: string, name = 'ours', invalid = false): StoredPart => ({
  type: 'tool-call',
  tool_call_id: id,
  tool_name: name,
  args: {},
  ...(invalid ? { invalid } : {}),
})
const result = (id: string): StoredPart => ({
  type: 'tool-result',
  tool_call_id: id,
  tool_name: 'ours',
  result: 1,
})
const stop = (id: string, isError = false): StoredPart => ({
  type: 'tool-result',
  tool_call_id: id,
  tool_name: 'propose_plan',
  result: 1,
  ...(isError ? { is_error: true } : {}),
})
const message = (role: StoredMessage['role'], ...parts: StoredPart[]): StoredMessage => ({
  id: 1,
  role,
  parts,
})
const decide = (history: StoredMessage[], use = none) =>
  decideTurn(history, {
    pending: pendingCalls(history),
    limits,
    use,
    isClientTool: (name) => name === 'theirs',
    isUndecided: ({ name }) => name === 'asked',
    runsNone: (calls) => calls.length > 1 && calls.some(({ name }) => name === 'alone'),
  })

describe('the next thing of a turn', () => {
  const user = message('user', text)
  it.each([
    ['call_model', [user]],
    ['call_model', [message('system', text), user]],
    ['finish', [user, message('assistant', text)]],
    ['run_tools', [user, message('assistant', text, call('a'))]],
    ['run_tools', [user, message('assistant', call('a', 'theirs'), call('b'))]],
    ['run_tools', [user, message('assistant', call('a', 'theirs', true))]],
    ['await_client', [user, message('assistant', call('a', 'theirs'))]],
    [
      'await_client',
      [user, message('assistant', call('a', 'theirs'), call('b')), message('tool', result('b'))],
    ],
    ['await_owner', [user, message('assistant', call('a', 'asked'), call('b'))]],
    ['await_owner', [user, message('assistant', call('a', 'theirs'), call('b', 'asked'))]],
    ['await_owner', [user, message('assistant', call('a', 'asked'), call('b', 'theirs'))]],
    // Refused all together, so nobody has to decide.
    ['run_tools', [user, message('assistant', call('a', 'asked'), call('b', 'alone'))]],
    // The id of a call that was answered, used again.
    [
      'run_tools',
      [user, message('assistant', call('a')), message('tool', result('a')), message('assistant', call('a'))],
    ],
    ['call_model', [user, message('assistant', call('a')), message('tool', result('a'))]],
    ['finish', [user, message('assistant', call('a')), message('tool', stop('a'))]],
    [
      'finish',
      [
        user,
        message('assistant', call('a'), call('b')),
        message('tool', stop('a')),
        message('tool', result('b')),
      ],
    ],
    ['run_tools', [user, message('assistant', call('a'), call('b')), message('tool', stop('a'))]],
    ['call_model', [user, message('assistant', call('a')), message('tool', stop('a', true))]],
    ['call_model', [user, message('assistant', call('a')), message('tool', stop('a')), user]],
    ['call_model', [user, message('assistant', text), message('user', text)]],
    ['finish', [message('system', text)]],
  ] as const)('is %s', (type, history) => {
    expect(decide([...history]).type).toBe(type)
  })

  it.each(['steps', 'ms', 'tokens', 'costMicros'] as const)(
    'is a stop at the limit of %s, but an end first',
    (limit) => {
      const use = { ...none, [limit]: limits[limit] }
      expect(decide([user], use)).toEqual({ type: 'stop', limit })
      expect(decide([user, message('assistant', text)], use).type).toBe('finish')
      expect(decide([user, message('assistant', call('a'))], use).type).toBe('run_tools')
    },
  )

  it('never asks the model while a call is open, and answers each call once', () => {
    const parts = fc.array(
      fc.oneof(
        fc.constant(text),
        fc.constantFrom('a', 'b', 'c').map((id) => call(id)),
        fc.constantFrom('a', 'b', 'c').map(result),
      ),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(parts, (drawn) => {
        const history = [user, message('assistant', ...drawn)]
        const open = pendingCalls(history)
        const decision = decide(history)
        if (open.length > 0) expect(decision).toEqual({ type: 'run_tools', calls: open })
        const answered = message('tool', ...open.map(({ id }) => result(id)))
        expect(pendingCalls([...history, answered])).toEqual([])
      }),
    )
  })
})
