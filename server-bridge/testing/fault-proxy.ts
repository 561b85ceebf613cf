/** A network that fails as networks do, between a client and a server on this machine. */
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export const networkFaults = [
  /** Every connection ends. */
  'cut',
  /** Every connection ends by a reset. */
  'reset',
  /** Connections end, and new ones are refused. */
  'refuse',
  /** Nothing passes and nothing ends: what a dead peer looks like. */
  'stall',
  /** Everything comes late. */
  'delay',
] as const
export type NetworkFault = (typeof networkFaults)[number]

export interface FaultProxy {
  readonly url: string
  /** Begins a fault; the one before ends. */
  begin(fault: NetworkFault): void
  /** Ends it. What was held back is lost with its connection. */
  heal(): void
  close(): Promise<void>
}

const delayMs = 150

export async function startFaultProxy(target: number): Promise<FaultProxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let fault: NetworkFault | undefined

  const end = (reset: boolean): void => {
    for (const socket of [...pairs].flat()) {
      if (reset) socket.resetAndDestroy()
      else socket.destroy()
    }
  }
  const carry = (from: Socket, to: Socket): void => {
    let held = 0
    /** Late, and never before what came earlier: networks are slow, but TCP keeps the order. */
    const inOrder = (pass: () => void): void => {
      if (fault !== 'delay' && held === 0) {
        pass()
        return
      }
      held += 1
      setTimeout(() => {
        held -= 1
        pass()
      }, delayMs)
    }
    from.on('data', (chunk: Buffer) => {
      // A stalled connection never gets it: it is ended when the stall is.
      if (fault === 'stall') return
      inOrder(() => {
        if (!to.destroyed && !to.write(chunk)) from.pause()
      })
    })
    to.on('drain', () => from.resume())
    from.on('error', () => undefined)
    from.once('end', () => {
      if (fault !== 'stall') inOrder(() => to.end())
    })
    from.once('close', () => {
      if (fault !== 'stall') inOrder(() => to.destroy())
    })
  }
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (fault === 'refuse') {
      client.destroy()
      return
    }
    const upstream = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    const pair = [client, upstream] as const
    pairs.add(pair)
    for (const socket of pair) socket.setNoDelay(true)
    carry(client, upstream)
    carry(upstream, client)
    // Also what a stall has left of it is ended with the stall.
    for (const socket of pair)
      socket.once('close', () => {
        if (pair.every(({ closed }) => closed)) pairs.delete(pair)
      })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    begin(next) {
      fault = next
      if (next === 'cut' || next === 'refuse') end(false)
      if (next === 'reset') end(true)
    },
    heal() {
      const before = fault
      fault = undefined
      if (before === 'stall') end(false)
    },
    async close() {
      server.close()
      end(false)
      await once(server, 'close')
    },
  }
}
