import { once } from 'node:events'
import { createServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { countHandles, newHandles } from './open-handles.ts'

const active = (): Map<string, number> => countHandles(process.getActiveResourcesInfo())

describe('open handles', () => {
  it('sees a server that listens and a timer that runs', async () => {
    const before = active()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const timer = setTimeout(() => undefined, 60_000)
    expect(newHandles(before, active()).sort()).toEqual(['1 TCPServerWrap', '1 Timeout'])
    clearTimeout(timer)
    server.close()
    await once(server, 'close')
    // The handle goes one turn after the event.
    await nextTurn()
    await nextTurn()
    expect(newHandles(before, active())).toEqual([])
  })

  it('does not count a timer that does not keep the process alive', () => {
    const before = active()
    const timer = setTimeout(() => undefined, 60_000).unref()
    expect(newHandles(before, active())).toEqual([])
    clearTimeout(timer)
  })

  it('ignores requests that end by themselves', () => {
    expect(countHandles(['FSReqCallback', 'GetAddrInfoReqWrap'])).toEqual(new Map())
  })
})
