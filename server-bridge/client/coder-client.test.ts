import type { RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { deploymentRoutes } from '../contract/deployment.ts'
import { organizationsRoutes } from '../contract/organizations.ts'
import { usersRoutes } from '../contract/users.ts'
import { workspaceBuildsRoutes } from '../contract/workspace-builds.ts'
import { workspacesRoutes } from '../contract/workspaces.ts'
import { createFakeClock } from '../testing/fake-clock.ts'
import { sendJson, startStubServer } from '../testing/stub-server.ts'
import type { StubServer } from '../testing/stub-server.ts'
import { sampleId, sampleWorkspace } from '../testing/wire-samples.ts'
import { createCoderClient } from './coder-client.ts'
import type { CoderClient, CoderClientOptions } from './coder-client.ts'

const token = 'abcdefghij-abcdefghijklmnopqrstuv'
const open: StubServer[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()))
})

async function serve(onRequest: RequestListener): Promise<StubServer> {
  const server = await startStubServer({ onRequest })
  open.push(server)
  return server
}

async function clientOf(
  onRequest: RequestListener,
  options: Partial<CoderClientOptions> = {},
): Promise<{ client: CoderClient; server: StubServer }> {
  const server = await serve(onRequest)
  return { server, client: createCoderClient({ baseUrl: server.url, token, random: () => 0, ...options }) }
}

const getWorkspace = (client: CoderClient) =>
  client.call(workspacesRoutes.get, { params: { workspace: sampleId } })

describe('a call', () => {
  it('fills path and query, sends the token, and gives the parsed answer', async () => {
    const { client, server } = await clientOf((_request, response) => {
      sendJson(response, 200, { workspaces: [sampleWorkspace()], count: 1 })
    })
    const answer = await client.call(workspacesRoutes.list, {
      query: { q: 'owner:me name:"a b"', limit: 25 },
    })
    expect(answer.workspaces[0]?.name).toBe('dev')
    const url = new URL(server.requests[0]?.url ?? '', server.url)
    expect(url.pathname).toBe('/api/v2/workspaces')
    expect(Object.fromEntries(url.searchParams)).toEqual({ q: 'owner:me name:"a b"', limit: '25' })
    expect(server.requests[0]?.headers['coder-session-token']).toBe(token)
    expect(server.requests[0]?.headers.cookie).toBeUndefined()
  })

  it('sends a body as JSON, without what the type does not know', async () => {
    let body = ''
    const { client } = await clientOf((request, response) => {
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        sendJson(response, 201, sampleWorkspace().latest_build)
      })
    })
    const params = { workspace: sampleId }
    await client.call(workspaceBuildsRoutes.create, { params, body: { transition: 'stop' } })
    expect(JSON.parse(body)).toEqual({ transition: 'stop' })
    const wrong = { transition: 'stop', nonsense: 1 } as { transition: 'stop' }
    await expect(client.call(workspaceBuildsRoutes.create, { params, body: wrong })).rejects.toMatchObject({
      name: 'CoderApiError',
      code: 'invalid',
    })
  })

  it("refuses an invalid body in the server's own shape, before sending it", async () => {
    const { client, server } = await clientOf((_request, response) => response.end())
    const body = { name: 'a b', template_id: sampleId }
    await expect(
      client.call(workspacesRoutes.create, { params: { user: 'me' }, body }),
    ).rejects.toMatchObject({
      status: 400,
      message: 'Validation failed.',
      validations: [
        { field: 'name', detail: 'Validation failed for tag "workspace_name" with value: "a b"' },
      ],
    })
    expect(server.requests).toHaveLength(0)
  })

  it('keeps the token to itself on open routes', async () => {
    const { client, server } = await clientOf((_request, response) => {
      sendJson(response, 200, { message: 'yes' })
    })
    await client.call(usersRoutes.getFirst, {})
    expect(server.requests[0]?.headers['coder-session-token']).toBeUndefined()
  })

  it('needs no JSON where the route has none', async () => {
    const { client } = await clientOf((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/plain' }).end('OK')
    })
    await expect(client.call(deploymentRoutes.healthz, {})).resolves.toBeUndefined()
  })

  it('uploads an archive with its type alone', async () => {
    const { client, server } = await clientOf((request, response) => {
      request.resume().on('end', () => {
        sendJson(response, 200, { hash: sampleId })
      })
    })
    await expect(client.upload(new Uint8Array(2000), 'application/x-tar')).resolves.toEqual({
      hash: sampleId,
    })
    expect(server.requests[0]?.headers['content-type']).toBe('application/x-tar')
    expect(server.requests[0]?.headers['content-length']).toBe('2000')
  })

  it('refuses a token that no header can carry', async () => {
    const { client, server } = await clientOf((_request, response) => response.end(), { token: 'a\nb' })
    await expect(getWorkspace(client)).rejects.toMatchObject({ code: 'unauthorized' })
    expect(server.requests).toHaveLength(0)
  })
})

describe('a refusal', () => {
  it.each([
    [400, 'invalid'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [406, 'not_ready'],
    [409, 'conflict'],
    [410, 'gone'],
    [412, 'precondition_failed'],
    [413, 'too_large'],
    [425, 'not_ready'],
    [426, 'upgrade_required'],
    [429, 'rate_limited'],
    [500, 'server_error'],
    [418, 'unexpected'],
    [304, 'unexpected'],
  ])('with status %i has the code %s', async (status, code) => {
    const { client } = await clientOf((_request, response) => {
      sendJson(response, status, { message: 'No.' })
    })
    await expect(getWorkspace(client)).rejects.toMatchObject({ name: 'CoderApiError', status, code })
  })

  it("carries the server's words and the request's id", async () => {
    const validations = [{ field: 'name', detail: 'This value is already in use and should be unique.' }]
    const { client } = await clientOf((_request, response) => {
      sendJson(response, 409, { message: 'Taken.', detail: 'pq: duplicate', validations })
    })
    await expect(getWorkspace(client)).rejects.toMatchObject({
      message: 'Taken.',
      detail: 'pq: duplicate',
      validations,
      requestId: sampleId,
    })
  })

  it('by a proxy in HTML still has its status', async () => {
    const { client } = await clientOf((_request, response) => {
      response.writeHead(403, { 'Content-Type': 'text/html' }).end('<h1>Blocked</h1>')
    })
    await expect(getWorkspace(client)).rejects.toMatchObject({ code: 'forbidden', message: /status 403/ })
  })
})

describe('an answer that is none', () => {
  it('is named a web page when it is one', async () => {
    const { client } = await clientOf((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end('<!doctype html>')
    })
    await expect(getWorkspace(client)).rejects.toMatchObject({
      name: 'ConnectionError',
      code: 'not_coder',
      message: /answers with a web page, not with Coder's API/,
    })
  })

  it('is named by its paths when it has another shape', async () => {
    const { client } = await clientOf((_request, response) => {
      sendJson(response, 200, [{ id: 1, name: 'x' }])
    })
    await expect(client.call(organizationsRoutes.list, {})).rejects.toMatchObject({
      name: 'UnexpectedAnswerError',
      route: 'GET /api/v2/organizations',
      paths: ['0.id', '0.created_at', '0.updated_at'],
    })
  })

  it('is refused when it is larger than the limit', async () => {
    const { client } = await clientOf(
      (_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(`"${'a'.repeat(3_000_000)}"`)
      },
      { maxAnswerBytes: 1024 * 1024 },
    )
    await expect(getWorkspace(client)).rejects.toMatchObject({
      code: 'not_coder',
      message: /more than 1 MiB/,
    })
  })

  it('is refused when it says JSON and is none', async () => {
    const { client } = await clientOf((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"id":')
    })
    await expect(getWorkspace(client)).rejects.toMatchObject({ code: 'not_coder' })
  })
})

describe('a redirect', () => {
  it('to another origin is not followed, and the token stays', async () => {
    const other = await serve((_request, response) => {
      sendJson(response, 200, sampleWorkspace())
    })
    const { client } = await clientOf((request, response) => {
      response.writeHead(307, { Location: `${other.url}${request.url ?? ''}` }).end()
    })
    await expect(getWorkspace(client)).rejects.toMatchObject({
      name: 'ConnectionError',
      code: 'redirected',
      redirectedTo: other.url,
      message: expect.stringContaining(other.url),
    })
    expect(other.requests).toHaveLength(0)
  })

  it('within the origin is followed for a read, three times at most', async () => {
    let hops = 0
    const { client, server } = await clientOf((request, response) => {
      if (hops-- > 0) response.writeHead(302, { Location: `${request.url ?? ''}?again` }).end()
      else sendJson(response, 200, sampleWorkspace())
    })
    hops = 3
    await expect(getWorkspace(client)).resolves.toMatchObject({ name: 'dev' })
    expect(server.requests).toHaveLength(4)
    hops = 4
    await expect(getWorkspace(client)).rejects.toMatchObject({ code: 'redirected' })
  })

  it('of a write is never followed', async () => {
    const { client, server } = await clientOf((_request, response) => {
      response.writeHead(307, { Location: '/elsewhere' }).end()
    })
    await expect(client.call(usersRoutes.logout, {})).rejects.toMatchObject({ code: 'redirected' })
    expect(server.requests).toHaveLength(1)
  })

  it('that leads nowhere is an error, too', async () => {
    const { client } = await clientOf((_request, response) => response.writeHead(302).end())
    await expect(getWorkspace(client)).rejects.toMatchObject({ code: 'redirected', redirectedTo: undefined })
  })
})

describe('trying again', () => {
  it('helps a read over a gateway error, but not a write', async () => {
    let failures = 2
    const { client, server } = await clientOf((_request, response) => {
      if (failures-- > 0) sendJson(response, 502, { message: 'Bad gateway.' })
      else sendJson(response, 200, sampleWorkspace())
    })
    await expect(getWorkspace(client)).resolves.toMatchObject({ name: 'dev' })
    expect(server.requests).toHaveLength(3)
    failures = 1
    await expect(client.call(usersRoutes.logout, {})).rejects.toMatchObject({ status: 502 })
  })

  it('ends after three more attempts', async () => {
    const { client, server } = await clientOf((_request, response) => response.socket?.destroy())
    await expect(getWorkspace(client)).rejects.toMatchObject({ code: 'network' })
    expect(server.requests).toHaveLength(4)
  })

  it('waits as long as the rate limiter asks, and not when that is long', async () => {
    const clock = createFakeClock()
    const waits = ['2', '120']
    const { client, server } = await clientOf(
      (_request, response) => {
        const wait = waits.shift()
        if (wait !== undefined) response.setHeader('Retry-After', wait)
        sendJson(
          response,
          wait === undefined ? 200 : 429,
          wait === undefined ? sampleWorkspace() : { message: 'Slow.' },
        )
      },
      { clock },
    )
    const call = expect(getWorkspace(client)).rejects.toMatchObject({
      code: 'rate_limited',
      retryAfterMs: 120_000,
    })
    await expect.poll(() => clock.pending, { interval: 2 }).toBe(1)
    await expect.poll(() => server.requests.length, { interval: 2 }).toBe(1)
    await expect
      .poll(
        () => {
          clock.advance(1000)
          return server.requests.length
        },
        { interval: 2 },
      )
      .toBe(2)
    await call
  })
})

describe('time', () => {
  it('ends a call whose server says nothing, and one whose answer stalls', async () => {
    for (const stall of [true, false]) {
      const clock = createFakeClock()
      const { client, server } = await clientOf(
        (_request, response) => {
          if (stall) response.writeHead(200, { 'Content-Type': 'application/json' }).write('{')
        },
        { clock, retries: 0 },
      )
      const call = expect(getWorkspace(client)).rejects.toMatchObject({ code: 'timeout' })
      await expect.poll(() => server.requests.length, { interval: 2 }).toBe(1)
      clock.advance(15_000)
      await call
      expect(clock.pending).toBe(0)
    }
  })

  it('is up when the caller gives up, before, during and between attempts', async () => {
    const controller = new AbortController()
    const { client, server } = await clientOf(() => undefined)
    const call = client.call(
      workspacesRoutes.get,
      { params: { workspace: sampleId } },
      { signal: controller.signal },
    )
    const outcome = expect(call).rejects.toMatchObject({ name: 'ConnectionError', code: 'aborted' })
    await expect.poll(() => server.requests.length, { interval: 2 }).toBe(1)
    controller.abort()
    await outcome
    const again = client.call(
      workspacesRoutes.get,
      { params: { workspace: sampleId } },
      { signal: controller.signal },
    )
    await expect(again).rejects.toMatchObject({ code: 'aborted' })
    expect(server.requests).toHaveLength(1)
  })
})
