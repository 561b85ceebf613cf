/** A deployment with one workspace whose SSH server does what a test wants, over real sockets. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import ssh2, { type Connection } from 'ssh2'
import { WebSocketServer } from 'ws'
import { createWebSocketDuplex } from '../lib/websocket-duplex.ts'
import { generateHostKey } from './host-key.ts'
import { sampleId, sampleTime, sampleWorkspace } from './wire-samples.ts'

export interface SshWorkspace {
  readonly url: string
  /** Answers of `GET /workspaces/{id}`. */
  workspace: { readonly status: number; readonly body: object }
  /** Ports somebody else listens on. */
  readonly taken: Set<number>
  /** Ports that were asked for, in order. */
  readonly asked: number[]
  /** Connections that are open, the last one last. */
  readonly connections: { readonly ssh: Connection; readonly stream: Duplex; isDeaf: boolean }[]
  /** Times a connection was tried. */
  readonly attempts: () => number
  close(): Promise<void>
}

/** What `GET /workspaces/{id}` answers for one that runs. */
export function runningWorkspace(agentStatus = 'connected', status = 'running'): SshWorkspace['workspace'] {
  const created_at = sampleTime
  const agent = {
    id: sampleId,
    created_at,
    updated_at: created_at,
    name: 'main',
    status: agentStatus,
    lifecycle_state: 'ready',
    resource_id: sampleId,
  }
  const resource = {
    id: sampleId,
    created_at,
    job_id: sampleId,
    type: 'x',
    name: 'x',
    workspace_transition: 'start',
    agents: [agent],
  }
  const workspace = sampleWorkspace()
  return {
    status: 200,
    body: { ...workspace, latest_build: { ...workspace.latest_build, status, resources: [resource] } },
  }
}

/**
 * @param serveStream serves SSH on a stream instead, as the agent does.
 * @param features what the deployment offers beside Coder's API.
 */
export async function startSshWorkspace(
  serveStream?: (stream: Duplex) => void,
  features: readonly string[] = ['agent-ssh'],
): Promise<SshWorkspace> {
  let attempts = 0
  const server = createServer((request, response) => {
    if (request.url === '/api/v2/buildinfo') {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ version: 'v2.31.0', outpost_features: features }))
      return
    }
    attempts += 1
    response.writeHead(stub.workspace.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(stub.workspace.body))
  })
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => {
    const stream = createWebSocketDuplex(socket)
    if (serveStream === undefined) serve(stream)
    else serveStream(stream)
  })

  const serve = (stream: Duplex): void => {
    const ssh = new ssh2.Server({ hostKeys: [generateHostKey()] })
    ssh.on('connection', (connection) => {
      const entry = { ssh: connection, stream, isDeaf: false }
      stub.connections.push(entry)
      connection.on('authentication', (attempt) => attempt.accept())
      connection.on('error', () => undefined)
      connection.on('session', (accept) => {
        // One that is deaf does not answer either way.
        if (!entry.isDeaf) accept()
      })
      connection.on('request', (accept, reject, name, details) => {
        if (name !== 'tcpip-forward') return
        const { bindPort } = details as { bindPort: number }
        stub.asked.push(bindPort)
        if (stub.taken.has(bindPort)) reject?.()
        else accept?.(bindPort === 0 ? 40_000 : bindPort)
      })
      stream.once('close', () => stub.connections.splice(stub.connections.indexOf(entry), 1))
    })
    stream.on('error', () => undefined)
    ;(ssh as unknown as { injectSocket(stream: Duplex): void }).injectSocket(stream)
  }

  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const stub: SshWorkspace = {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    workspace: runningWorkspace(),
    taken: new Set(),
    asked: [],
    connections: [],
    attempts: () => attempts,
    async close() {
      for (const { stream } of [...stub.connections]) stream.destroy()
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  }
  return stub
}
