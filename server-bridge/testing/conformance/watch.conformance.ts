import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { followAgentLogs, followBuildLogs } from '../../client/follow-logs.ts'
import { watchWorkspace } from '../../client/watch-workspace.ts'
import { createSseParser, parseEventMessage, type ServerSentEvent } from '../../contract/sse.ts'
import type { Template } from '../../contract/templates.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { type Workspace, workspacesRoutes } from '../../contract/workspaces.ts'
import { systemClock } from '../../lib/clock.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, runBuild, waitForAgent } from '../workspace-actions.ts'

let server: TestServer
let client: CoderClient
let template: Template
let workspace: Workspace

beforeAll(async () => {
  server = await startTestServer()
  client = await server.ownerClient()
  template = await createTemplate(client, 'small')
  workspace = (await createRunningWorkspace(client, template, 'watched')).workspace
})
afterAll(() => server.close())

describe('a watch', () => {
  it('begins with a ping and the whole workspace, then tells each change', async () => {
    const target = client.socket(workspacesRoutes.watchWs, { params: { workspace: workspace.id } })
    const socket = new WebSocket(target.url, { headers: target.headers })
    const events: ServerSentEvent[] = []
    socket.on('message', (data: Buffer) => events.push(parseEventMessage(data.toString('utf8'))))
    await waitFor('two events', () => (events.length >= 2 ? true : undefined))
    expect(events[0]).toEqual({ type: 'ping', data: null })
    expect(events[1]).toMatchObject({ type: 'data', data: { id: workspace.id, name: 'watched' } })
    await client.call(workspacesRoutes.favorite, { params: { workspace: workspace.id } })
    await waitFor('the change', () => ((events.at(-1)?.data as Workspace).favorite ? true : undefined))
    socket.send('I should not')
    expect((await once(socket, 'close'))[0]).toBe(1002)
  })

  it('shows a stop and a start from the first state to the last', async () => {
    const seen: string[] = []
    const watch = watchWorkspace({
      client,
      clock: systemClock,
      workspaceId: workspace.id,
      onWorkspace({ latest_build: build }) {
        const agent = build.resources.flatMap((resource) => resource.agents ?? [])[0]
        const state = `${build.transition} ${build.status} ${agent?.lifecycle_state ?? 'no agent'}`
        if (seen.at(-1) !== state) seen.push(state)
      },
    })
    watch.start()
    await waitFor('the first state', () => (seen.length > 0 ? true : undefined))
    // A watch shows how things are, not each step on the way: changes that come together are one event.
    await runBuild(client, workspace.id, 'stop')
    await waitFor('the stop', () => (seen.at(-1) === 'stop stopped no agent' ? true : undefined))
    await runBuild(client, workspace.id, 'start')
    await waitForAgent(client, workspace.id)
    await waitFor('the last state', () => (seen.at(-1) === 'start running ready' ? true : undefined))
    watch.close()
    expect(seen[0]).toBe('start running ready')
  })

  it('comes as server-sent events too', async () => {
    const abort = new AbortController()
    const response = await client.stream(
      workspacesRoutes.watch,
      { params: { workspace: workspace.id } },
      abort.signal,
    )
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    const parser = createSseParser()
    const decoder = new TextDecoder()
    const events: ServerSentEvent[] = []
    const reading = (async () => {
      for await (const chunk of response.body!)
        events.push(...parser.push(decoder.decode(chunk, { stream: true })))
    })().catch(() => undefined)
    await waitFor('two events', () => (events.length >= 2 ? true : undefined))
    expect(events.map((event) => event.type).slice(0, 2)).toEqual(['ping', 'data'])
    await client.call(workspacesRoutes.unfavorite, { params: { workspace: workspace.id } })
    await waitFor('the change', () =>
      (events.at(-1)?.data as Workspace).favorite ? undefined : events.length > 2 || undefined,
    )
    abort.abort()
    await reading
  })
})

describe('followed logs', () => {
  it('of a build come as they are written, and end with it', async () => {
    await runBuild(client, workspace.id, 'stop')
    const build = await client.call(workspaceBuildsRoutes.create, {
      params: { workspace: workspace.id },
      body: { transition: 'start' },
    })
    const ids: number[] = []
    const stages = new Set<string>()
    const end = await new Promise<string>((resolve) => {
      const logs = followBuildLogs(build.id, {
        client,
        clock: systemClock,
        onRows(rows) {
          for (const row of rows) {
            ids.push(row.id)
            stages.add(row.stage)
          }
        },
        onState(state) {
          if (state.name === 'stopped') resolve(state.reason)
          if (state.name === 'failed') resolve(state.code)
        },
      })
      logs.start()
    })
    expect(end).toBe('finished')
    expect([...stages]).toEqual(expect.arrayContaining(['Setting up', 'Starting workspace']))
    const rows = await client.call(workspaceBuildsRoutes.logs, {
      params: { workspacebuild: build.id },
      query: {},
    })
    expect(ids).toEqual(rows.map((row) => row.id))
  })

  it('of an agent go on until the agent is replaced', async () => {
    const { agent } = await waitForAgent(client, workspace.id)
    const lines: string[] = []
    const ended = new Promise<string>((resolve) => {
      const logs = followAgentLogs(agent.id, {
        client,
        clock: systemClock,
        onRows: (rows) => lines.push(...rows.map((row) => row.output)),
        onState(state) {
          if (state.name === 'stopped') resolve(state.reason)
          if (state.name === 'failed') resolve(state.code)
        },
      })
      logs.start()
    })
    await waitFor('the line', () => (lines.includes('hello from the startup script') ? true : undefined))
    await runBuild(client, workspace.id, 'stop')
    expect(await ended).toBe('finished')
  })
})
