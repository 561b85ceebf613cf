import type { BridgePort, FromBridge, ToBridge } from '../api/bridge-port.ts'

export interface FakePort extends BridgePort {
  readonly sent: ToBridge[]
  receive(message: FromBridge): void
  connect(): void
  disconnect(): void
}

/** The window's byte port without a bridge behind it; connected from the start. */
export function createFakePort(): FakePort {
  const sent: ToBridge[] = []
  const messages = new Set<(message: FromBridge) => void>()
  const connects = new Set<() => void>()
  const disconnects = new Set<() => void>()
  let connected = true
  const added = <T>(set: Set<T>, listener: T): (() => void) => {
    set.add(listener)
    return () => void set.delete(listener)
  }
  return {
    sent,
    receive: (message) => messages.forEach((listener) => listener(message)),
    connect: () => {
      connected = true
      connects.forEach((listener) => listener())
    },
    disconnect: () => {
      connected = false
      disconnects.forEach((listener) => listener())
    },
    send: (message) => {
      if (connected) sent.push(message)
      return connected
    },
    onMessage: (listener) => added(messages, listener),
    onConnect: (listener) => added(connects, listener),
    onDisconnect: (listener) => added(disconnects, listener),
    isConnected: () => connected,
  }
}
