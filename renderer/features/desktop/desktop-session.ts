import type { DesktopState } from '#bridge/contract/desktop-port'
import type { BridgePort, FromBridge } from '../../api/bridge-port.ts'
import { DesktopChannel } from './desktop-channel.ts'

export interface DesktopTarget {
  /** Tells it from the window's other desktops. */
  readonly desktopId: string
  readonly deploymentId: string
  readonly chatId: string
  readonly workspaceId?: string | undefined
}

export type SessionState =
  | Exclude<DesktopState, { kind: 'connected' }>
  | { readonly kind: 'connected'; readonly channel: DesktopChannel }
  /** The process that carries desktops is starting again. */
  | { readonly kind: 'bridge-lost' }
  /** What came is no picture that can be shown. */
  | { readonly kind: 'unreadable'; readonly reason: string }

/** One desktop while it is looked at: its state, and a channel for each of its connections. */
export class DesktopSession {
  readonly #port: BridgePort
  readonly #target: DesktopTarget
  readonly #listeners = new Set<() => void>()
  #undo: (() => void)[] = []
  #state: SessionState = { kind: 'connecting', attempt: 1 }
  #connection = 0

  constructor(port: BridgePort, target: DesktopTarget) {
    this.#port = port
    this.#target = target
  }

  state = (): SessionState => this.#state

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Connects; the returned function ends that. Both may be done again. */
  open = (): (() => void) => {
    this.#undo = [
      this.#port.onMessage((message) => this.#receive(message)),
      this.#port.onConnect(() => this.#connect()),
      this.#port.onDisconnect(() => this.#setState({ kind: 'bridge-lost' })),
    ]
    this.#connect()
    return () => {
      for (const undo of this.#undo.splice(0)) undo()
      if (this.#state.kind === 'connected') this.#state.channel.end()
      this.#port.send({ type: 'desktop-close', desktopId: this.#target.desktopId })
    }
  }

  /** Tries again at once: now instead of at the next try, or after a failure. */
  retry = (): void => {
    if (this.#state.kind === 'unreadable' || this.#state.kind === 'bridge-lost') this.#connect()
    else this.#port.send({ type: 'desktop-retry', desktopId: this.#target.desktopId })
  }

  /** The viewer cannot show what comes over this channel. */
  giveUp = (channel: DesktopChannel, reason: string): void => {
    // One that has ended already has its own reason.
    if (this.#state.kind !== 'connected' || this.#state.channel !== channel) return
    this.#setState({ kind: 'unreadable', reason })
    this.#port.send({ type: 'desktop-close', desktopId: this.#target.desktopId })
  }

  #connect(): void {
    const { workspaceId, ...target } = this.#target
    const isSent = this.#port.send({
      type: 'desktop-open',
      ...target,
      ...(workspaceId === undefined ? {} : { workspaceId }),
    })
    this.#setState(isSent ? { kind: 'connecting', attempt: 1 } : { kind: 'bridge-lost' })
  }

  #receive(message: FromBridge): void {
    if (!('desktopId' in message) || message.desktopId !== this.#target.desktopId) return
    if (message.type === 'desktop-state') this.#follow(message.state)
    else if (this.#state.kind === 'connected' && message.connection === this.#connection)
      this.#state.channel.receive(message.bytes)
  }

  #follow(state: DesktopState): void {
    // It was closed; the bridge may have said this before it heard of that.
    if (this.#state.kind === 'unreadable') return
    if (state.kind !== 'connected') {
      this.#setState(state)
      return
    }
    const { desktopId } = this.#target
    const { connection } = state
    const channel = new DesktopChannel({
      send: (bytes) => void this.#port.send({ type: 'desktop-input', desktopId, connection, bytes }),
      acknowledge: (bytes) => void this.#port.send({ type: 'desktop-ack', desktopId, connection, bytes }),
    })
    this.#setState({ kind: 'connected', channel })
    this.#connection = connection
  }

  #setState(state: SessionState): void {
    const before = this.#state
    this.#state = state
    if (before.kind === 'connected') before.channel.end()
    for (const listener of this.#listeners) listener()
  }
}
