import { describe, expect, it } from 'vitest'
import type { MessageRow } from './chat-rows.ts'
import { createFollowedHistories } from './followed-histories.ts'

const row = (id: number, more: Partial<MessageRow> = {}): MessageRow => ({
  id,
  chat_id: 'chat',
  created_by: null,
  model_config_id: null,
  role: 'user',
  content: JSON.stringify([{ type: 'text', text: `number ${String(id)}` }]),
  visibility: 'both',
  compressed_by: null,
  deleted: 0,
  revision: id,
  usage: null,
  total_tokens: 0,
  total_cost_micros: null,
  runtime_ms: 0,
  created_at: 0,
  ...more,
})

const part = (type: 'tool-call' | 'tool-result', id: string) => ({
  type,
  ...{ tool_call_id: id, tool_name: 'one' },
  ...(type === 'tool-call' ? { args: {} } : { result: 1 }),
})

/** A table, and how many of its rows were read. */
function table(...first: MessageRow[]) {
  const seen = { rows: first, read: 0, asked: 0, version: 0 }
  const histories = createFollowedHistories((_, id) => {
    const found = seen.rows.filter((one) => one.id > id)
    seen.asked += 1
    seen.read += found.length
    return found
  })
  /** Each at a version of its own, as each change makes one. */
  const ids = (reset_version = 0): number[] => {
    seen.version += 1
    return histories
      .of({ id: 'chat', history_version: seen.version, reset_version })
      .messages.map(({ id }) => id)
  }
  return { seen, histories, ids }
}

describe('followed histories', () => {
  it('read what is new and nothing twice', () => {
    const { seen, ids, histories } = table(row(1), row(2))
    expect(ids()).toEqual([1, 2])
    seen.rows = [...seen.rows, row(3)]
    expect(ids()).toEqual([1, 2, 3])
    expect(ids()).toEqual([1, 2, 3])
    expect(seen.read).toBe(3)
    const { rows } = histories.of({ id: 'chat', history_version: seen.version + 1, reset_version: 0 })
    expect(rows.map(({ id }) => id)).toEqual([1, 2, 3])
  })

  it('are not asked for again while the chat is at the same version', () => {
    const { seen, histories } = table(row(1))
    const chat = { id: 'chat', history_version: 1, reset_version: 0 }
    expect(histories.of(chat)).toBe(histories.of(chat))
    expect(seen.asked).toBe(1)
    seen.rows = [row(1), row(2)]
    expect(histories.of({ ...chat, history_version: 2 }).messages).toHaveLength(2)
    expect(seen.asked).toBe(2)
  })

  it('know which calls are open and what the turn has used, as if all were read anew', () => {
    const assistant = (id: number, ...calls: string[]): MessageRow =>
      row(id, {
        role: 'assistant',
        content: JSON.stringify(calls.map((call) => part('tool-call', call))),
        ...{ total_tokens: 10, total_cost_micros: 5, runtime_ms: 100 },
      })
    const tool = (id: number, call: string): MessageRow =>
      row(id, { role: 'tool', content: JSON.stringify([part('tool-result', call)]), runtime_ms: 1 })
    const { seen, histories } = table(row(1), assistant(2, 'a', 'b'))
    const at = (version: number, ...more: MessageRow[]) => {
      seen.rows = [...seen.rows, ...more]
      const chat = { id: 'chat', history_version: version, reset_version: 0 }
      const grown = histories.of(chat)
      const { pending, use } = table(...seen.rows).histories.of(chat)
      expect({ pending: grown.pending, use: grown.use }).toEqual({ pending, use })
      return { open: pending.map(({ id }) => id), use }
    }
    expect(at(1)).toEqual({ open: ['a', 'b'], use: { steps: 1, tokens: 10, costMicros: 5, ms: 100 } })
    expect(at(2, tool(3, 'a')).open).toEqual(['b'])
    // A model may use an id again.
    expect(at(3, tool(4, 'b'), assistant(5, 'a'))).toEqual({
      open: ['a'],
      use: { steps: 2, tokens: 20, costMicros: 10, ms: 202 },
    })
    expect(at(4, tool(6, 'a'), row(7), assistant(8)).use.steps).toBe(1)
  })

  it('are read again after something was taken back', () => {
    const { seen, ids } = table(row(1), row(2))
    ids()
    seen.rows = [row(1), row(3)]
    expect(ids(1)).toEqual([1, 3])
  })

  it('are read again after a compaction, with the summary before what it leaves', () => {
    const { seen, ids } = table(row(1), row(2))
    ids()
    seen.rows = [row(1, { compressed_by: 3 }), row(2), row(3), row(4, { compressed_by: 3 })]
    expect(ids()).toEqual([3, 2])
    seen.rows = [...seen.rows, row(5)]
    expect(ids()).toEqual([3, 2, 5])
  })

  it('are let go', () => {
    const { seen, ids, histories } = table(row(1))
    ids()
    histories.forget('chat')
    ids()
    expect(seen.read).toBe(2)
  })
})
