import { lstatSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { agentLinkPath } from '../../contract/agent-link.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { rawRequest, upgradeHeaders } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'

let server: TestServer
let client: CoderClient
let workspaceId: string
let agentId: string
let umask: number

beforeAll(async () => {
  // What the server makes is private by its own doing, not by the luck of a strict umask.
  umask = process.umask(0)
  server = await startTestServer()
  client = await server.ownerClient()
  const made = await createRunningWorkspace(client, await createTemplate(client, 'small'), 'main')
  workspaceId = made.workspace.id
  agentId = made.agent.id
})
afterAll(async () => {
  process.umask(umask)
  await server.close()
})

/** Sends bytes as they are and answers the status line. */
function sendRaw(request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(request))
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      if (!text.includes('\r\n')) return
      socket.destroy()
      resolve(text.split('\r\n', 1)[0] ?? '')
    })
    socket.once('end', () => resolve(text))
    socket.once('error', reject)
  })
}

describe.skipIf(process.platform === 'win32')('the data folder', () => {
  it('is its owner’s alone, with all the server keeps in it', () => {
    const { dataDir } = server
    const modes = ['.', ...readdirSync(dataDir), 'workspaces/main'].map((name) => {
      const stat = lstatSync(join(dataDir, name))
      return [name, (stat.mode & 0o777).toString(8), stat.isDirectory() ? '700' : '600'] as const
    })
    expect(modes.map(([name]) => name)).toEqual(
      expect.arrayContaining(['outpost.db', 'outpost.db-wal', 'outpost.db-shm', 'server.lock', 'workspaces']),
    )
    expect(modes.filter(([, mode, wanted]) => mode !== wanted)).toEqual([])
  })
})

describe('a program of this machine without a token', () => {
  const sockets = (): string[] => [
    `/api/v2/workspaces/${workspaceId}/watch-ws`,
    `/api/v2/workspaceagents/${agentId}/logs?follow`,
    `/api/v2/workspaceagents/${agentId}/pty?reconnect=${crypto.randomUUID()}&width=80&height=24`,
    agentLinkPath,
  ]

  it('opens no socket: it is refused before the upgrade', async () => {
    for (const path of sockets()) {
      const { status } = await rawRequest(server.url + path, { headers: upgradeHeaders })
      expect([path, status === 401 || status === 404]).toEqual([path, true])
    }
  })

  it('learns from no answer whether something is there', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000'
    for (const path of ['/api/v2/workspaces/', '/api/v2/workspaceagents/']) {
      const [there, nowhere] = await Promise.all(
        [path.includes('agents') ? agentId : workspaceId, unknown].map((id) =>
          rawRequest(server.url + path + id),
        ),
      )
      expect([there?.status, there?.text]).toEqual([nowhere?.status, nowhere?.text])
      expect(there?.status).toBe(401)
    }
  })
})

describe('a page in the user’s browser', () => {
  const signedIn = () => client.socket(workspacesRoutes.list, {}).headers

  it('reaches no socket by a forged host or from another origin, token or not', async () => {
    const forged = [
      { host: 'evil.example' },
      { host: `localhost.evil.example:${new URL(server.url).port}` },
      { origin: 'http://evil.example' },
      { origin: 'null' },
      { origin: 'app://outpost' },
    ]
    for (const path of [agentLinkPath, `/api/v2/workspaces/${workspaceId}/watch-ws`]) {
      for (const headers of forged) {
        const { status } = await rawRequest(server.url + path, {
          headers: { ...signedIn(), ...upgradeHeaders, ...headers },
        })
        expect([path, headers, status]).toEqual([path, headers, 403])
      }
    }
  })

  it('cannot pass for us by a header that proxies set', async () => {
    const { port } = new URL(server.url)
    const { status } = await rawRequest(`${server.url}/api/v2/buildinfo`, {
      headers: {
        host: 'evil.example',
        'x-forwarded-host': `127.0.0.1:${port}`,
        forwarded: `host=127.0.0.1:${port}`,
      },
    })
    expect(status).toBe(403)
  })

  it('cannot hide a foreign host in a request line or behind a second header', async () => {
    const { port } = new URL(server.url)
    const own = `Host: 127.0.0.1:${port}`
    const statuses = await Promise.all([
      sendRaw('GET /api/v2/buildinfo HTTP/1.1\r\n\r\n'),
      sendRaw('GET /api/v2/buildinfo HTTP/1.0\r\n\r\n'),
      sendRaw(`GET /api/v2/buildinfo HTTP/1.1\r\nHost: evil.example\r\n${own}\r\n\r\n`),
      sendRaw(`GET http://127.0.0.1:${port}/api/v2/buildinfo HTTP/1.1\r\nHost: evil.example\r\n\r\n`),
    ])
    for (const status of statuses) expect(status).toMatch(/^HTTP\/1\.1 4\d\d/)
    expect(await sendRaw(`GET /api/v2/buildinfo HTTP/1.1\r\n${own}\r\n\r\n`)).toMatch(/ 200 /)
  })
})

describe('a socket', () => {
  it('that sends a frame over the limit is closed, and nothing is inflated for it', async () => {
    const { url, headers } = client.socket(workspacesRoutes.watchWs, { params: { workspace: workspaceId } })
    const socket = new WebSocket(url, { headers: { ...headers }, perMessageDeflate: true })
    const code = await new Promise<number>((resolve, reject) => {
      socket.on('open', () => {
        expect(socket.extensions).toBe('')
        socket.send('x'.repeat(5 * 1024 * 1024))
      })
      socket.on('error', reject)
      socket.on('close', resolve)
    })
    expect([1006, 1009]).toContain(code)
  })
})
