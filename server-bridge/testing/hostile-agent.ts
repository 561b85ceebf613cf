import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import { WebSocket } from 'ws'
import { agentLinkPath, type AgentInit } from '../contract/agent-link.ts'
import { serveHttp2OverDuplex } from '../lib/http2-link.ts'
import type { HostedProcess, ProcessHost } from '../lib/process-host.ts'
import { createWebSocketDuplex } from '../lib/websocket-duplex.ts'

/** A process host that starts nothing and keeps what an agent would have been told. */
export function createIdleProcessHost(): {
  readonly host: ProcessHost
  readonly inits: readonly AgentInit[]
} {
  const inits: AgentInit[] = []
  const spawn = (): HostedProcess => {
    const exits = new Set<(code: number | null) => void>()
    return {
      pid: undefined,
      post: (message) => void inits.push(message as AgentInit),
      kill: () => {
        for (const exit of exits) exit(null)
      },
      onMessage: () => () => undefined,
      onExit: (listener) => {
        exits.add(listener)
        return () => exits.delete(listener)
      },
    }
  }
  return { host: { spawn }, inits }
}

/** An agent with a right token that says whatever a test wants. */
export interface HostileAgent {
  /** Writes to the stream of events as it is. */
  say(text: string): void
  /** Resolves once the server has cut the link. */
  readonly cut: Promise<void>
  close(): Promise<void>
}

function dialLink(url: string, token: string): { readonly socket: WebSocket; readonly cut: Promise<void> } {
  const socket = new WebSocket(`${url.replace('http', 'ws')}${agentLinkPath}`, {
    headers: { 'coder-session-token': token },
    perMessageDeflate: false,
  })
  const cut = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.on('error', () => undefined)
  return { socket, cut }
}

/** Dials the link and takes the manifest, but says just before that it takes nothing more. */
export async function dialAndTurnAway(url: string, token: string): Promise<void> {
  const { socket, cut } = dialLink(url, token)
  const session = serveHttp2OverDuplex(createWebSocketDuplex(socket), (stream) => {
    stream.on('error', () => undefined)
    session.goaway()
    stream.respond({ ':status': 204 }, { endStream: true })
  })
  session.on('error', () => undefined)
  await cut
}

/** Dials the link, takes the manifest, answers pings, and opens the stream of events. */
export async function dialAsAgent(url: string, token: string): Promise<HostileAgent> {
  const { socket, cut } = dialLink(url, token)
  const events = new Promise<ServerHttp2Stream>((resolve) => {
    const answer = (stream: ServerHttp2Stream, path: string): void => {
      stream.on('error', () => undefined)
      stream.resume()
      stream.respond({ ':status': path === '/manifest' ? 204 : 200 })
      if (path.startsWith('/events')) resolve(stream)
      else stream.end(path === '/ping' ? '{"ok":true}' : undefined)
    }
    const session: ServerHttp2Session = serveHttp2OverDuplex(
      createWebSocketDuplex(socket),
      (stream, headers) => answer(stream, headers[':path'] ?? ''),
    )
    session.on('error', () => undefined)
  })
  const stream = await events
  return {
    say(text) {
      if (!stream.destroyed) stream.write(text)
    },
    cut,
    async close() {
      socket.terminate()
      await cut
    },
  }
}
