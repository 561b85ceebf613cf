import { once } from 'node:events'
import { createServer } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { type TimerScope, watchTimers } from './live-timers.ts'
import { countHandles, newHandles } from './open-handles.ts'

const active = (): Map<string, number> => countHandles(process.getActiveResourcesInfo())

describe('open handles', () => {
  it('show a server that listens, until it is closed', async () => {
    const before = active()
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    expect(newHandles(before, active())).toEqual(['1 TCPServerWrap'])
    server.close()
    await once(server, 'close')
    // The handle goes one turn after the event.
    await nextTurn()
    await nextTurn()
    expect(newHandles(before, active())).toEqual([])
  })

  it('do not show requests that end by themselves', () => {
    expect(countHandles(['FSReqCallback', 'GetAddrInfoReqWrap'])).toEqual(new Map())
  })
})

describe('the watch over timers', () => {
  const watched = () => {
    const scope = { setTimeout, setInterval, clearTimeout, clearInterval } as TimerScope
    return { scope, watch: watchTimers(scope) }
  }

  it('names the place that started a timer which still runs', () => {
    const { scope, watch } = watched()
    const timer = scope.setInterval(() => undefined, 60_000)
    expect(watch.live()).toEqual([expect.stringContaining('open-handles.test.ts')])
    scope.clearInterval(timer)
    expect(watch.live()).toEqual([])
  })

  it('forgets a timer that fired', async () => {
    const { scope, watch } = watched()
    await new Promise((resolve) => scope.setTimeout(resolve, 1))
    expect(watch.live()).toEqual([])
  })

  it('does not mind a timer that lets the process end', () => {
    const { scope, watch } = watched()
    const timer = scope.setTimeout(() => undefined, 60_000).unref()
    expect(watch.live()).toEqual([])
    scope.clearTimeout(timer)
  })

  it('gives the functions back that it took', () => {
    const own = { setTimeout, setInterval, clearTimeout, clearInterval } as TimerScope
    const scope = { ...own }
    watchTimers(scope).end()
    expect(scope).toEqual(own)
  })

  it('leaves setTimeout as it was for promisify', async () => {
    const { scope } = watched()
    await expect(promisify(scope.setTimeout as typeof setTimeout)(1, 'done')).resolves.toBe('done')
  })
})
