import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../../lib/logger.ts'
import { emptyChat } from './empty-chat.ts'
import { createToolBox, type ToolSource } from './tool-box.ts'
import type { ToolCall } from './turn-decision.ts'

const chat = { ...emptyChat(0), organization_id: 'o', owner_id: 'u', last_model_config_id: 'm', title: 't' }
const call = (id: string, name: string): ToolCall => ({
  ...{ id, name, messageId: 1, serverId: undefined, args: {}, invalid: false },
})

function boxOf() {
  const ran: string[] = []
  const source: ToolSource = {
    offer: async () => ({ tools: [], instructions: [], serverOf: () => undefined }),
    check: () => ({ ok: true }),
    standsAlone: (_, { name }) => name === 'alone',
    async run(_, { id }, __, onSpent) {
      ran.push(id)
      onSpent({ tokens: 5, costMicros: 7 })
      return { result: id }
    },
  }
  const box = createToolBox({
    sources: [source],
    verdict: () => ({ type: 'run' }),
    onRun: () => undefined,
    contextLimitOf: () => undefined,
    now: () => 0,
    logger: silentLogger,
  })
  const spent: unknown[] = []
  const run = (...calls: ToolCall[]) =>
    box.run(chat, calls, {
      signal: new AbortController().signal,
      onResult: () => undefined,
      onFiles: () => undefined,
      onSpent: (one) => void spent.push(one),
    })
  return { box, run, ran, spent }
}

describe('a tool that has to stand alone', () => {
  it('runs alone, and tells what it spent', async () => {
    const { run, ran, spent } = boxOf()
    expect(await run(call('a', 'alone'))).toMatchObject([{ result: 'a' }])
    expect(ran).toEqual(['a'])
    expect(spent).toEqual([{ tokens: 5, costMicros: 7 }])
  })

  it.each([
    ['another', [call('a', 'alone'), call('b', 'other')]],
    ['itself', [call('a', 'alone'), call('b', 'alone')]],
  ])('keeps everything from running beside %s', async (_, calls) => {
    const { box, run, ran } = boxOf()
    expect(box.refusesTogether(chat, calls)).toBe(true)
    const results = await run(...calls)
    expect(ran).toEqual([])
    expect(results.map(({ is_error }) => is_error)).toEqual([true, true])
  })

  it('leaves others alone', async () => {
    const { run, ran } = boxOf()
    await run(call('a', 'other'), call('b', 'other'))
    expect(ran).toEqual(['a', 'b'])
  })
})
