import type { MessagePortMain } from 'electron'
import { describe, expect, it, vi } from 'vitest'
import { requestMaxBytes } from '#ipc/envelope'
import { FakePort } from '../testing/recording-electron.ts'
import { createRpcPeer, roughBytes } from './rpc-peer.ts'

describe('the size of a message', () => {
  it('is near enough for small ones', () => {
    expect(roughBytes({ type: 'call', id: 1, input: { name: 'x'.repeat(1000) } })).toBeGreaterThan(2000)
    expect(roughBytes({ type: 'cancel', id: 1 })).toBeLessThan(200)
    expect(roughBytes(new Uint8Array(5000))).toBeGreaterThanOrEqual(5000)
  })

  it('is over the limit for whatever would cost more to look at', () => {
    const cyclic: Record<string, unknown> = {}
    cyclic['again'] = cyclic
    cyclic['more'] = cyclic
    let doubling: unknown = 'x'
    for (let level = 0; level < 60; level += 1) doubling = [doubling, doubling]
    for (const message of [
      cyclic,
      doubling,
      'x'.repeat(requestMaxBytes),
      Array.from({ length: 200_000 }, () => 0),
      { ['k'.repeat(requestMaxBytes)]: 1 },
    ]) {
      expect(roughBytes(message)).toBeGreaterThan(requestMaxBytes)
    }
  })

  it('of a list that is long by its length alone is found without walking it', () => {
    const list: unknown[] = []
    list.length = 2 ** 32 - 1
    expect(roughBytes({ list })).toBeLessThan(1000)
  })
})

describe('a page’s port', () => {
  it('is closed once, tells so, and carries nothing afterwards', () => {
    const port = new FakePort()
    const recorded: unknown = port
    const peer = createRpcPeer(1, { kind: 'app' }, recorded as MessagePortMain)
    const closed = vi.fn()
    peer.onClose(closed)
    port.emit('close')
    peer.close()
    peer.send({ type: 'done', id: 1 })
    expect(closed).toHaveBeenCalledOnce()
    expect(port.sent).toEqual([])
  })
})
