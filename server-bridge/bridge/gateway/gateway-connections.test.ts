import { describe, expect, it } from 'vitest'
import { askGateway, useAskedServer } from '../../testing/asked-gateway.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import type { GatewayListener, startGatewayListener } from '../../testing/gateway-listener.ts'
import { waitFor } from '../../testing/wait-for.ts'

const asked = useAskedServer()
const { listen, talk } = asked
const requestText = (gateway: GatewayListener, bearer = gateway.bearer): string =>
  `GET /mcp HTTP/1.1\r\nHost: 127.0.0.1:${String(gateway.port)}\r\nAuthorization: Bearer ${bearer}\r\n\r\n`

describe('a connection as SSH gives it', () => {
  const listenOnChannels = async (limits: Parameters<typeof startGatewayListener>[1] = {}) => {
    const clock = createFakeClock()
    return { clock, gateway: await listen({ clock, asChannels: true, ...limits }) }
  }
  const allGone = (gateway: GatewayListener): Promise<true> =>
    waitFor('it is let go', () => (gateway.connections() === 0 ? true : undefined))

  it('is let go soon after a refusal, though the other end keeps it', async () => {
    const { clock, gateway } = await listenOnChannels()
    const { received } = talk(gateway, requestText(gateway, 'wrong'))
    await waitFor('it is refused', () => (received().includes('401') ? true : undefined))
    clock.advance(2000)
    await allGone(gateway)
  })

  it('is let go when the other end has ended its half', async () => {
    const { clock, gateway } = await listenOnChannels()
    const { socket } = talk(gateway, '')
    await waitFor('it is served', () => (gateway.connections() === 1 ? true : undefined))
    const ended = new Promise((done) => socket.once('end', done).resume())
    socket.end()
    await ended
    clock.advance(2000)
    await allGone(gateway)
  })

  it('is let go when no further request comes, and used again when one does', async () => {
    const { clock, gateway } = await listenOnChannels()
    const { socket, received } = talk(gateway, requestText(gateway))
    const answers = (count: number): Promise<true> =>
      waitFor('it is answered', () => (received().split('200 OK').length > count ? true : undefined))
    await answers(1)
    await waitFor('the next one is waited for', () => (clock.pending > 0 ? true : undefined))
    clock.advance(19_000)
    socket.write(requestText(gateway))
    await answers(2)
    await waitFor('the next one is waited for', () => (clock.pending > 0 ? true : undefined))
    // The beginning of one is none.
    socket.write('GET /mcp HTTP/1.1\r\n')
    clock.advance(19_000)
    expect(gateway.connections()).toBe(1)
    clock.advance(1000)
    await allGone(gateway)
  })

  it('carries one request at a time, and takes what it asked along', async () => {
    asked.answer = (_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    const { gateway } = await listenOnChannels({ limits: { openRequests: 1 } })
    const { socket } = talk(gateway, requestText(gateway))
    await waitFor('it was asked', () => (asked.seen.length === 1 ? true : undefined))
    socket.write(requestText(gateway) + requestText(gateway))
    await allGone(gateway)
    await waitFor('the server is left', () => (asked.seen[0]?.socket.destroyed === true ? true : undefined))
    expect(asked.seen).toHaveLength(1)
    asked.answer = (_request, response) => response.writeHead(202).end()
    await waitFor('there is room again', async () =>
      (await askGateway(gateway)).status === 202 ? true : undefined,
    )
  })
})

describe('a gateway that has ended', () => {
  it('serves nobody, whoever comes', async () => {
    const gateway = await listen()
    gateway.endpoint.close()
    await expect(askGateway(gateway)).rejects.toThrow()
    expect(asked.seen).toEqual([])
  })
})
