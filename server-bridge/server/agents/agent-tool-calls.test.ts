import type { ClientHttp2Session } from 'node:http2'
import { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agentToolRoutes } from '../../contract/agent-tools.ts'
import { connectHttp2OverDuplex } from '../../lib/http2-link.ts'
import { createFakeClock, type FakeClock } from '../../testing/fake-clock.ts'
import type { AgentLinks } from './agent-links.ts'
import { createAgentToolCalls } from './agent-tool-calls.ts'

let session: ClientHttp2Session
let clock: FakeClock
beforeEach(() => {
  clock = createFakeClock()
  // A peer that has stopped: it neither reads nor says that it is gone, and what is written never leaves.
  session = connectHttp2OverDuplex(new Duplex({ read: () => undefined, write: () => undefined }))
})
afterEach(() => session.destroy())

function ask(signal: AbortSignal): Promise<unknown> {
  const links = {
    request: (_, method, path) => session.request({ ':method': method, ':path': path }),
  } satisfies Pick<AgentLinks, 'request'>
  return createAgentToolCalls(links, clock)('agent', {
    route: agentToolRoutes.writeFile,
    body: { path: 'a', content: 'x' },
    signal,
  })
}

describe('a call of a tool over a link that stands still', () => {
  it('ends at once when nobody wants it any more', async () => {
    const stop = new AbortController()
    const call = ask(stop.signal)
    stop.abort(new Error('stopped'))
    await expect(call).rejects.toThrow('stopped')
    expect(clock.pending).toBe(0)
  })

  it('ends when its time is over', async () => {
    const call = ask(new AbortController().signal)
    clock.advance(30_000)
    await expect(call).rejects.toThrow('did not answer in time')
  })
})
