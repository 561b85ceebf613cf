import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { formatLogMessage } from '../contract/log-follow.ts'
import { formatEventMessage, formatSse } from '../contract/sse.ts'
import type { Workspace } from '../contract/workspaces.ts'
import { createFakeClock } from '../testing/fake-clock.ts'
import { sendJson, startStubServer } from '../testing/stub-server.ts'
import type { StubServer, StubServerOptions } from '../testing/stub-server.ts'
import { sampleId, sampleTime, sampleWorkspace } from '../testing/wire-samples.ts'
import { createCoderClient } from './coder-client.ts'
import { followAgentLogs, followBuildLogs, followTemplateVersionLogs } from './follow-logs.ts'
import { eachPage } from './pages.ts'
import { watchWorkspace } from './watch-workspace.ts'

const cleanup: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const run of cleanup.splice(0).reverse()) await run()
})

async function serve(options: StubServerOptions) {
  const server: StubServer = await startStubServer(options)
  cleanup.push(server.close)
  const clock = createFakeClock()
  const controller = new AbortController()
  cleanup.push(() => {
    controller.abort()
    clock.advance(60_000)
  })
  const client = createCoderClient({ baseUrl: server.url, token: 'secret' })
  return { server, clock, client, shared: { client, clock, random: () => 0, signal: controller.signal } }
}

const until = (condition: () => unknown) => expect.poll(condition, { interval: 2 }).toBeTruthy()

const row = (id: number, output = `row ${id}`) => ({
  id,
  created_at: sampleTime,
  log_source: 'provisioner' as const,
  log_level: 'info' as const,
  stage: 'Plan',
  output,
})

describe('following a build log', () => {
  it('gives each row once and in order over a cut, and ends when the job does', async () => {
    const peers: WebSocket[] = []
    const afters: (string | null)[] = []
    const { server, clock, shared } = await serve({
      onSocket: (peer, request) => {
        peers.push(peer)
        afters.push(new URL(request.url ?? '', 'http://x').searchParams.get('after'))
        // A server that repeats itself must not show.
        for (const id of peers.length === 1 ? [1, 2, 3] : [2, 3, 4]) peer.send(formatLogMessage(row(id)))
        if (peers.length === 2) peer.close(1000, 'done')
      },
    })
    const ids: number[] = []
    const follow = followBuildLogs(sampleId, {
      ...shared,
      onRows: (rows) => ids.push(...rows.map((at) => at.id)),
    })
    await until(() => ids.length === 3)
    server.cut()
    await until(() => follow.state.name === 'waiting')
    clock.advance(100)
    await until(() => follow.state.name === 'stopped')
    expect(follow.state).toEqual({ name: 'stopped', reason: 'finished' })
    expect(ids).toEqual([1, 2, 3, 4])
    expect(afters).toEqual(['0', '3'])
    expect(server.requests[0]?.url).toContain(`/api/v2/workspacebuilds/${sampleId}/logs?follow=true`)
  })

  it('starts where it is told to, and passes over what it cannot read', async () => {
    const { shared, server } = await serve({
      onSocket: (peer) => {
        peer.send('not JSON')
        peer.send(formatLogMessage({ id: 'x' }))
        peer.send(formatLogMessage(row(8)))
        peer.close(1000)
      },
    })
    const ids: number[] = []
    const options = {
      ...shared,
      after: 7,
      onRows: (rows: readonly { id: number }[]) => ids.push(...rows.map((at) => at.id)),
    }
    const follow = followTemplateVersionLogs(sampleId, options)
    await until(() => follow.state.name === 'stopped')
    expect(ids).toEqual([8])
    expect(server.requests[0]?.url).toContain(`/templateversions/${sampleId}/logs?follow=true&after=7`)
  })

  it('fails for good when the build is not there, and stops when told to', async () => {
    const { shared } = await serve({ refuse: () => ({ status: 404, body: { message: 'Not here.' } }) })
    const follow = followBuildLogs(sampleId, { ...shared, onRows: () => undefined })
    await until(() => follow.state.name === 'failed')
    expect(follow.state).toMatchObject({ code: 'not_found', reason: 'Not here.' })
    const aborted = followBuildLogs(sampleId, {
      ...shared,
      signal: AbortSignal.abort(),
      onRows: () => undefined,
    })
    expect(aborted.state.name).toBe('idle')
  })
})

describe("following an agent's log", () => {
  it('reads arrays, the empty first one included', async () => {
    const agentRow = (id: number) => ({
      id,
      created_at: sampleTime,
      output: 'x',
      level: 'info',
      source_id: sampleId,
    })
    const { shared } = await serve({
      onSocket: (peer) => {
        peer.send(formatLogMessage([]))
        peer.send(formatLogMessage([agentRow(1), agentRow(2)]))
      },
    })
    const batches: number[] = []
    const follow = followAgentLogs(sampleId, { ...shared, onRows: (rows) => batches.push(rows.length) })
    await until(() => batches.length === 1)
    expect(batches).toEqual([2])
    follow.close()
    expect(follow.state).toEqual({ name: 'stopped', reason: 'closed' })
  })
})

describe('watching a workspace', () => {
  it('tells every workspace by socket, over problems and cuts', async () => {
    const peers: WebSocket[] = []
    const { server, clock, shared } = await serve({
      onSocket: (peer) => {
        peers.push(peer)
        peer.send(formatEventMessage({ type: 'ping', data: null }))
        peer.send(
          formatEventMessage({ type: 'data', data: sampleWorkspace({ name: `dev-${peers.length}` }) }),
        )
      },
    })
    const seen: Workspace[] = []
    const problems: string[] = []
    const watch = watchWorkspace({
      ...shared,
      workspaceId: sampleId,
      onWorkspace: (workspace) => seen.push(workspace),
      onProblem: (message) => problems.push(message),
    })
    await until(() => seen.length === 1)
    peers[0]?.send(formatEventMessage({ type: 'error', data: { message: 'Database is busy.' } }))
    peers[0]?.send('nonsense')
    peers[0]?.send(formatEventMessage({ type: 'data', data: { id: 1 } }))
    await until(() => problems.length === 2)
    expect(problems[0]).toBe('Database is busy.')
    expect(problems[1]).toMatch(/does not understand/)
    // Even a normal close is no end: the workspace is still there.
    peers[0]?.close(1000)
    await until(() => watch.state.name === 'waiting')
    clock.advance(100)
    await until(() => seen.length === 2)
    expect(seen.map((workspace) => workspace.name)).toEqual(['dev-1', 'dev-2'])
    expect(server.requests[0]?.headers['coder-session-token']).toBe('secret')
  })

  it.each([404, 426])(
    'falls back to server-sent events when the socket is answered with %i',
    async (status) => {
      let streams = 0
      const responses: ServerResponse[] = []
      const { server, clock, shared } = await serve({
        refuse: () => ({ status }),
        onRequest: (request: IncomingMessage, response) => {
          streams += 1
          responses.push(response)
          expect(request.url).toBe(`/api/v2/workspaces/${sampleId}/watch`)
          response.writeHead(200, { 'Content-Type': 'text/event-stream' })
          response.write(formatSse({ type: 'ping', data: null }))
          const event = formatSse({ type: 'data', data: sampleWorkspace({ name: `sse-${streams}` }) })
          response.write(event.slice(0, 100))
          response.write(event.slice(100))
        },
      })
      const seen: string[] = []
      const states: string[] = []
      const watch = watchWorkspace({
        ...shared,
        workspaceId: sampleId,
        onWorkspace: (workspace) => seen.push(workspace.name),
        onState: (state) => states.push(state.name),
      })
      await until(() => seen.length === 1)
      expect(watch.state.name).toBe('open')
      server.cut()
      await until(() => watch.state.name === 'waiting')
      clock.advance(100)
      await until(() => seen.length === 2)
      // Three pings missed.
      clock.advance(45_000)
      expect(watch.state.name).toBe('waiting')
      watch.close()
      expect(watch.state).toEqual({ name: 'stopped', reason: 'closed' })
      expect(states).not.toContain('failed')
      expect(seen).toEqual(['sse-1', 'sse-2'])
    },
  )

  it('fails when neither is there, and when the workspace is gone', async () => {
    const { shared } = await serve({
      refuse: () => ({ status: 404 }),
      onRequest: (_request, response) => {
        sendJson(response, 404, { message: 'Resource not found.' })
      },
    })
    const watch = watchWorkspace({ ...shared, workspaceId: sampleId, onWorkspace: () => undefined })
    await until(() => watch.state.name === 'failed')
    expect(watch.state).toMatchObject({ code: 'not_found', reason: 'Resource not found.' })

    const gone = await serve({ refuse: () => ({ status: 410, body: { message: 'Deleted.' } }) })
    const second = watchWorkspace({ ...gone.shared, workspaceId: sampleId, onWorkspace: () => undefined })
    await until(() => second.state.name === 'failed')
    expect(second.state).toMatchObject({ code: 'gone', reason: 'Deleted.' })
  })
})

describe('paging', () => {
  const source = (total: number, withCount: boolean) => {
    const asked: number[] = []
    const load = async ({ limit, offset }: { limit: number; offset: number }) => {
      asked.push(offset)
      const items = Array.from(
        { length: Math.max(0, Math.min(limit, total - offset)) },
        (_, at) => offset + at,
      )
      return withCount ? { items, count: total } : { items }
    }
    return { asked, load }
  }

  it.each([
    [0, true, [0]],
    [5, true, [0]],
    [20, true, [0, 10]],
    [20, false, [0, 10, 20]],
    [25, true, [0, 10, 20]],
  ])('gives all of %i rows, and asks no page in vain (count told: %s)', async (total, withCount, offsets) => {
    const { asked, load } = source(total, withCount)
    const all: number[] = []
    for await (const page of eachPage(load, 10)) all.push(...page)
    expect(all).toEqual(Array.from({ length: total }, (_, at) => at))
    expect(asked).toEqual(offsets)
  })
})
