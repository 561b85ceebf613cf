import { describe, expect, it, vi } from 'vitest'
import { bridgePortMessageType } from '#ipc/bridge-api'
import { createBridgePort } from './bridge-port.ts'

function setUp() {
  const target = new EventTarget()
  const self = Object.assign(target, { location: { origin: 'app://outpost' } }) as unknown as Window
  const requestBridgePort = vi.fn()
  const port = createBridgePort({ bridge: { requestBridgePort }, window: self, nonce: 'secret' })
  const connected = vi.fn()
  port.onConnect(connected)
  const arrive = (change: { nonce?: string; origin?: string; source?: unknown } = {}) => {
    const { port1, port2 } = new MessageChannel()
    const event = Object.assign(new Event('message'), {
      data: { type: bridgePortMessageType, nonce: change.nonce ?? 'secret' },
      origin: change.origin ?? 'app://outpost',
      source: 'source' in change ? change.source : self,
      ports: [port1],
    })
    target.dispatchEvent(event)
    return { port1, port2 }
  }
  return { port, arrive, connected, requestBridgePort }
}

const message = { type: 'close', terminalId: 't' } as const

describe('the byte port of the window', () => {
  it('asks with its nonce and has no port until one comes', () => {
    const { port, requestBridgePort } = setUp()
    expect(requestBridgePort).toHaveBeenCalledExactlyOnceWith('secret')
    expect(port.send(message)).toBe(false)
  })

  it.each([
    ['another nonce', { nonce: 'guess' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['another window', { source: {} }],
  ])('takes no port from %s', (_name, change) => {
    const { port, arrive, connected } = setUp()
    const { port1, port2 } = arrive(change)
    expect(connected).not.toHaveBeenCalled()
    expect(port.isConnected()).toBe(false)
    port1.close()
    port2.close()
  })

  it('speaks over the newest port and drops the one before', async () => {
    const { port, arrive, connected } = setUp()
    const first = arrive()
    const second = arrive()
    const received = new Promise((resolve) => {
      second.port2.onmessage = ({ data }) => resolve(data)
    })
    expect(port.send(message)).toBe(true)
    await expect(received).resolves.toEqual(message)
    expect(connected).toHaveBeenCalledTimes(2)
    first.port2.close()
    second.port2.close()
  })
})
