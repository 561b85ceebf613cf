import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSubAgentSlots } from './sub-agent-slots.ts'

const child = (id: string, owner = 'ada') => ({ id, owner_id: owner, parent_chat_id: 'root' })
const never = (): AbortSignal => new AbortController().signal

describe('places for sub-agents', () => {
  it('are for as many as there may be, then in order, for each owner', async () => {
    const slots = createSubAgentSlots(2)
    expect(await slots.hold(child('a'), never())).toBe(true)
    expect(await slots.hold(child('b'), never())).toBe(true)
    expect(await slots.hold(child('other', 'grace'), never())).toBe(true)
    expect(await slots.hold({ ...child('root'), parent_chat_id: null }, never())).toBe(true)
    const order: string[] = []
    const waits = ['c', 'd'].map(async (id) => {
      expect(await slots.hold(child(id), never())).toBe(false)
      order.push(id)
    })
    expect(await slots.hold(child('a'), never())).toBe(true)
    slots.free('other')
    slots.free('a')
    await waits[0]
    expect(order).toEqual(['c'])
    expect(await slots.hold(child('c'), never())).toBe(true)
    slots.free('b')
    await Promise.all(waits)
    expect(order).toEqual(['c', 'd'])
  })

  it('are not kept for who has left', async () => {
    const slots = createSubAgentSlots(1)
    await slots.hold(child('a'), never())
    const leaving = new AbortController()
    const left = slots.hold(child('b'), leaving.signal)
    leaving.abort()
    expect(await left).toBe(false)
    expect(await slots.hold(child('b'), leaving.signal)).toBe(false)
    slots.free('a')
    expect(await slots.hold(child('c'), never())).toBe(true)
  })

  it('are never more than there may be, and nobody waits beside an empty one', async () => {
    const steps = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), leaves: fc.boolean() }))
    await fc.assert(
      fc.asyncProperty(steps, fc.integer({ min: 1, max: 3 }), async (taken, limit) => {
        const slots = createSubAgentSlots(limit)
        const working = new Set<string>()
        const waiting = new Map<string, Promise<unknown>>()
        for (const { id, leaves } of taken) {
          if (leaves) {
            working.delete(id)
            slots.free(id)
          } else if (!waiting.has(id)) {
            const asked = slots.hold(child(id), never()).then((isHeld) => {
              waiting.delete(id)
              // Who waited has the place already when told to look anew.
              working.add(id)
              return isHeld
            })
            waiting.set(id, asked)
          }
          for (let turn = 0; turn < 10; turn += 1) await Promise.resolve()
          expect(working.size).toBeLessThanOrEqual(limit)
          if (waiting.size > 0) expect(working.size).toBe(limit)
        }
      }),
    )
  })
})
