import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'
import { waitFor } from './wait-for.ts'

let server: Server
let proxy: FaultProxy
let accepted: Socket[] = []
beforeEach(async () => {
  accepted = []
  server = createServer((socket) => {
    socket.on('error', () => undefined)
    accepted.push(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy = await startFaultProxy((server.address() as AddressInfo).port)
})
afterEach(async () => {
  await proxy.close()
  server.close()
})

async function dial(): Promise<{ readonly client: Socket; readonly upstream: Socket }> {
  const client = connect({ port: Number(new URL(proxy.url).port), host: '127.0.0.1' })
  client.on('error', () => undefined)
  const upstream = await waitFor('the connection arrives', () => accepted.at(-1))
  return { client, upstream }
}

/** Loopback hands over at once, so it is there with the next look at all sockets. */
async function proxyHears(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

it('what comes late comes in order, also when nothing is late any more', async () => {
  const { client, upstream } = await dial()
  let heard = ''
  upstream.on('data', (bytes: Buffer) => (heard += bytes.toString()))
  proxy.begin('delay')
  await new Promise((resolve) => client.write('first ', resolve))
  await proxyHears()
  proxy.heal()
  client.end('second')
  await once(upstream, 'end')
  expect(heard).toBe('first second')
})

it('a connection that one side leaves during a stall is ended when the stall is', async () => {
  const { client, upstream } = await dial()
  proxy.begin('stall')
  client.resetAndDestroy()
  await proxyHears()
  proxy.heal()
  await waitFor('the other side is told', () =>
    upstream.closed || upstream.readableEnded ? true : undefined,
  )
})
