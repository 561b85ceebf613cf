/** A bridge as a person uses it all day: windows with terminals that come and go, and tunnels that stay. */
import { randomUUID } from 'node:crypto'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import { createBridge } from '../../bridge/bridge.ts'
import type { BridgeToWindow } from '../../contract/bridge-port.ts'
import type { OpenTunnel, TunnelState } from '../../contract/tunnels.ts'
import { systemClock } from '../../lib/clock.ts'
import { silentLogger } from '../../lib/logger.ts'
import { createBridgeParent } from '../bridge-parent.ts'
import { waitFor } from '../wait-for.ts'

export interface BridgeUser {
  /** Tells the bridge of the deployment. */
  signIn(url: string, token: string): void
  openTerminals(count: number, agentId: string): void
  /** The window is loaded again: it knows nothing but which terminals it had. */
  reload(): void
  /** Types into every terminal, and waits until each shows what comes of it. */
  typeEverywhere(text: string, shows: string): Promise<void>
  /** What a terminal shows with its scrollback, since the window was loaded. */
  shown(index: number): string
  openTunnel(tunnel: Omit<OpenTunnel, 'type'>): void
  readonly tunnels: ReadonlyMap<string, TunnelState>
  /** What its connections went through last, a line each. */
  timeline(): readonly string[]
  wake(): void
  close(): Promise<void>
}

const size = { cols: 100, rows: 30 }
/** A shell that was asked for something while it was away gets it again. */
const againMs = 3_000
const maxTimelineLines = 300

export function createBridgeUser(patienceMs: number): BridgeUser {
  const tunnels = new Map<string, TunnelState>()
  const timeline: string[] = []
  const { port, say } = createBridgeParent((message) => {
    if (message.type === 'tunnel-state') tunnels.set(message.tunnelId, message)
    if (message.type !== 'connection-event') return
    const { at, what, connectionId, state } = message.event
    timeline.push(`${new Date(at).toISOString()} ${what} ${connectionId}: ${JSON.stringify(state)}`)
    timeline.splice(0, timeline.length - maxTimelineLines)
  })
  const bridge = createBridge({
    parent: port,
    clock: systemClock,
    logger: silentLogger,
    environment: {},
    onShutdown: () => undefined,
  })
  let window: MessagePort | undefined
  let windowId = 0
  let agent = ''
  const ids: string[] = []
  const output = new Map<string, string>()

  const post = (message: object): void => window?.postMessage(message)
  const load = (): void => {
    window?.close()
    output.clear()
    const channel = new MessageChannel()
    window = channel.port1
    window.on('message', (message: BridgeToWindow) => {
      if (message.type === 'reset') output.set(message.terminalId, '')
      if (message.type !== 'data') return
      const { terminalId, bytes } = message
      output.set(terminalId, (output.get(terminalId) ?? '') + Buffer.from(bytes).toString())
      post({ type: 'ack', terminalId, bytes: bytes.length })
    })
    windowId += 1
    say({ type: 'attach-window', windowId }, [channel.port2])
    for (const terminalId of ids)
      post({ type: 'open', terminalId, deploymentId: 'local', agentId: agent, command: '', ...size })
  }
  const shown = (index: number): string => output.get(ids[index] ?? '') ?? ''

  return {
    signIn(url, token) {
      say({
        type: 'set-deployment',
        deploymentId: 'local',
        url,
        token,
        cli: { folder: '/nowhere', signature: 'deployment' },
      })
    },
    openTerminals(count, agentId) {
      agent = agentId
      for (let at = 0; at < count; at += 1) ids.push(randomUUID())
      load()
    },
    reload: load,
    async typeEverywhere(text, shows) {
      await Promise.all(
        ids.map(async (terminalId, index) => {
          let typedAt = -Infinity
          await waitFor(
            `terminal ${index} shows ${shows}`,
            () => {
              if (shown(index).includes(shows)) return true
              if (performance.now() - typedAt < againMs) return undefined
              typedAt = performance.now()
              post({ type: 'retry-now', terminalId })
              post({ type: 'input', terminalId, data: text })
              return undefined
            },
            patienceMs,
          )
        }),
      )
    },
    shown,
    openTunnel(tunnel) {
      say({ type: 'open-tunnel', ...tunnel })
    },
    tunnels,
    timeline: () => timeline,
    wake() {
      say({ type: 'wake' })
    },
    async close() {
      window?.close()
      await bridge.close()
    },
  }
}
