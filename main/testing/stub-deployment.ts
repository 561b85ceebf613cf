/**
 * A Coder server on a real socket that does what a test says, for answers that no healthy server gives on request:
 * errors, other programs' pages, refused tokens, silence.
 */
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Workspace } from '#bridge/contract/workspaces'
import { testUuid } from './builders.ts'

interface StubRequest {
  readonly method: string
  readonly path: string
  readonly token: string | undefined
  readonly body: string
  readonly headers: IncomingHttpHeaders
}

export interface StubAnswer {
  readonly status: number
  readonly body?: unknown
  readonly text?: string
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface StubDeployment {
  readonly url: string
  /** Tokens it takes. */
  readonly tokens: Set<string>
  /** Something in front of it signs in whoever gets that far. */
  takesAnybody: boolean
  readonly requests: StubRequest[]
  workspaces: Workspace[]
  /** Answers instead of the usual ones where it returns one. */
  override: (request: StubRequest) => StubAnswer | undefined | Promise<StubAnswer | undefined>
  /** Stops listening and drops every connection. */
  goDown(): Promise<void>
  /** Listens again at the same address. */
  comeUp(): Promise<void>
  close(): Promise<void>
}

/** Starts a stub that takes one token. */
export async function startStubDeployment(
  token = 'Abcdefghij-0123456789abcdefghijkl',
): Promise<StubDeployment> {
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => void answer(request, response))
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const stop = async (): Promise<void> => {
    if (!server.listening) return
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await listen(0)
  const { port } = server.address() as AddressInfo

  const stub: StubDeployment = {
    url: `http://127.0.0.1:${port}`,
    tokens: new Set([token]),
    takesAnybody: false,
    requests: [],
    workspaces: [],
    override: () => undefined,
    goDown: stop,
    comeUp: () => listen(port),
    close: stop,
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const header = request.headers['coder-session-token']
    const seen: StubRequest = {
      method: request.method ?? '',
      path: request.url ?? '',
      token: typeof header === 'string' ? header : undefined,
      body: Buffer.concat(chunks).toString('utf8'),
      headers: request.headers,
    }
    stub.requests.push(seen)
    const { status, body, text, type, headers } = (await stub.override(seen)) ?? usual(seen)
    response.writeHead(status, { 'content-type': type ?? 'application/json', ...headers })
    response.end(text ?? (body === undefined ? '' : JSON.stringify(body)))
  }

  function usual({ path, token: given }: StubRequest): StubAnswer {
    const { pathname } = new URL(path, stub.url)
    if (pathname === '/api/v2/buildinfo') return { status: 200, body: { version: 'v2.31.0' } }
    if (pathname === '/api/v2/users/first')
      return { status: 200, body: { message: 'The initial user has already been created!' } }
    if (pathname === '/api/v2/users/authmethods')
      return { status: 200, body: { password: { enabled: true }, github: {}, oidc: {} } }
    if (!stub.takesAnybody && !(given !== undefined && stub.tokens.has(given))) {
      return {
        status: 401,
        body: {
          message: 'You are signed out or your session has expired. Please sign in again to continue.',
        },
      }
    }
    if (pathname === '/api/v2/users/me') return { status: 200, body: user }
    if (pathname === '/api/v2/users/logout') {
      stub.tokens.delete(given ?? '')
      return { status: 200, body: { message: 'Logged out!' } }
    }
    if (pathname === '/api/v2/workspaces') {
      return { status: 200, body: { workspaces: stub.workspaces, count: stub.workspaces.length } }
    }
    return { status: 404, body: { message: 'Resource not found or you do not have access to this resource' } }
  }

  return stub
}

const user = {
  id: testUuid(900),
  username: 'tester',
  name: 'Test Er',
  email: 'tester@example.test',
  created_at: '2026-11-22T12:00:00Z',
  status: 'active',
  login_type: 'password',
  organization_ids: [testUuid(901)],
  roles: [{ name: 'owner', display_name: 'Owner' }],
}
