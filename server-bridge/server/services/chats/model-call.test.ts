import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createFakeClock } from '../../../testing/fake-clock.ts'
import { firstAbort } from '../../../lib/first-abort.ts'
import { callModel } from './model-call.ts'
import { createStepCollector } from './step-collector.ts'

const event = (type: string, more: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
const message = { id: 'm', type: 'message', role: 'assistant', model: 'm', content: [] }
/** Begins to answer, and says no more. */
const server = createServer((request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write(
    event('message_start', { message: { ...message, usage: { input_tokens: 1, output_tokens: 1 } } }) +
      event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }) +
      event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'hello' } }),
  )
})
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const provider = {
  ...{ id: 'p', type: 'anthropic', name: 'p', display_name: '', icon: '', enabled: 1, settings: null },
  ...{ deleted: 0, created_at: 0, updated_at: 0 },
}

it('a call whose stop comes after a collection of garbage is stopped', async () => {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const { port } = server.address() as AddressInfo
  const clock = createFakeClock(Date.now())
  const stop = new AbortController()
  let heard = (): void => undefined
  const said = new Promise<void>((resolve) => (heard = resolve))
  const collector = createStepCollector({
    emit: () => heard(),
    now: () => clock.now(),
    contextLimit: 1000,
    serverOf: () => undefined,
  })
  const call = callModel(
    {
      provider: { ...provider, base_url: `http://127.0.0.1:${port}/v1` } as never,
      access: { apiKey: 'key' } as never,
      model: 'm',
      config: {},
      history: [{ id: 1, role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
      instructions: [],
      tools: [],
      allowsWebSearch: false,
      readFiles: () => new Map(),
    },
    collector,
    { clock, signal: firstAbort([stop.signal]).signal, silenceMs: 600_000 },
  )
  await said
  for (let round = 0; round < 10; round += 1) {
    collectGarbage()
    await new Promise((resolve) => setImmediate(resolve))
  }
  stop.abort(new Error('stopped'))
  await expect(call).rejects.toThrow('stopped')
})
