import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { parseEventMessage } from '../../contract/sse.ts'
import type { Template } from '../../contract/templates.ts'
import { templatesRoutes } from '../../contract/templates.ts'
import { workspaceSettingsRoutes } from '../../contract/workspace-settings.ts'
import { workspaceSharingRoutes } from '../../contract/workspace-sharing.ts'
import {
  connectionWatchEventSchema,
  workspaceBuildUpdateSchema,
  workspaceWatchesRoutes,
} from '../../contract/workspace-watches.ts'
import { type Workspace, workspacesRoutes } from '../../contract/workspaces.ts'
import { createQuietTemplate, createQuietWorkspace } from '../quiet-workspaces.ts'
import { rawRequest, upgradeHeaders } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, importVersion, runBuild } from '../workspace-actions.ts'

let server: TestServer
let client: CoderClient
let member: CoderClient
let template: Template
let workspace: Workspace
let agentId: string

beforeAll(async () => {
  server = await startTestServer()
  client = await server.ownerClient()
  member = await server.memberClient('grace')
  template = await createTemplate(client, 'small', smallTemplate)
  const made = await createRunningWorkspace(client, template, 'watched')
  workspace = made.workspace
  agentId = made.agent.id
})
afterAll(() => server.close())

/** What a socket of a route has said so far. */
function listen(target: { readonly url: string; readonly headers: Record<string, string> }) {
  const socket = new WebSocket(target.url, { headers: target.headers })
  const messages: string[] = []
  socket.on('message', (data: Buffer) => messages.push(data.toString('utf8')))
  return { socket, messages, opened: once(socket, 'open'), closed: once(socket, 'close') }
}

describe('a watch of a workspace', () => {
  it('tells changes of its settings and of its template', async () => {
    const params = { workspace: workspace.id }
    const { socket, messages, closed } = listen(client.socket(workspacesRoutes.watchWs, { params }))
    const last = (): Workspace | undefined => {
      const text = messages.at(-1)
      return text === undefined ? undefined : (parseEventMessage(text).data as Workspace)
    }
    await waitFor('the first state', () => (messages.length >= 2 ? true : undefined))
    await client.call(workspaceSettingsRoutes.autostart, { params, body: { schedule: '0 7 * * *' } })
    await waitFor('the schedule', () => (last()?.autostart_schedule === '0 7 * * *' ? true : undefined))
    await client.call(workspaceSettingsRoutes.ttl, { params, body: { ttl_ms: 3_600_000 } })
    await waitFor('the time to live', () => (last()?.ttl_ms === 3_600_000 ? true : undefined))
    await client.call(workspaceSettingsRoutes.dormant, { params, body: { dormant: true } })
    await waitFor('that it sleeps', () => (typeof last()?.dormant_at === 'string' ? true : undefined))
    await client.call(workspaceSettingsRoutes.dormant, { params, body: { dormant: false } })
    const version = await importVersion(client, { 'main.tf': smallTemplate }, { template_id: template.id })
    await client.call(templatesRoutes.promote, {
      params: { template: template.id },
      body: { id: version.id },
    })
    await waitFor('the update', () => (last()?.outdated === true ? true : undefined))
    socket.close()
    await closed
  })
})

describe('a connection watch', () => {
  const watch = (id: string, agentName?: string) => {
    const query = agentName === undefined ? {} : { agent_name: agentName }
    const target = client.socket(workspaceWatchesRoutes.connection, { params: { workspace: id }, query })
    const { messages, ...rest } = listen(target)
    const events = () => messages.map((text) => connectionWatchEventSchema.parse(JSON.parse(text)))
    return { ...rest, messages, events }
  }

  it('tells the build and the agent, and each change of them', async () => {
    const { socket, messages, events, closed } = watch(workspace.id, 'main')
    await waitFor('both', () => (messages.length >= 2 ? true : undefined))
    expect(events()).toEqual([
      { error: null, build_update: { transition: 'start', job_status: 'succeeded' } },
      { error: null, agent_update: { lifecycle: 'ready', id: agentId } },
    ])
    await runBuild(client, workspace.id, 'stop')
    await waitFor('the stop', () =>
      events().some(
        ({ build_update: build }) => build?.transition === 'stop' && build.job_status === 'succeeded',
      )
        ? true
        : undefined,
    )
    socket.close()
    await closed
    await runBuild(client, workspace.id, 'start')
  })

  it('ends with the reason when no agent can come', async () => {
    const unnamed = watch(workspace.id, 'nobody')
    expect((await unnamed.closed)[0]).toBe(1000)
    expect(unnamed.events().at(-1)?.error).toMatchObject({ code: 2, retryable: false, message: /nobody/ })
    const quiet = await createQuietWorkspace(client, await createQuietTemplate(client, 'quiet'), 'empty')
    const empty = watch(quiet.id)
    await empty.closed
    expect(empty.events().at(-1)?.error).toMatchObject({ code: 3 })
  })

  it('is refused to others, and without an upgrade', async () => {
    const url = `${server.url}/api/v2/workspaces/${workspace.id}/agent-connection-watch`
    const token = async (name: string) =>
      (await server.memberClient(name)).socket(workspacesRoutes.watchWs, {
        params: { workspace: workspace.id },
      }).headers
    const stranger = await token('linus')
    expect((await rawRequest(url, { headers: { ...stranger, ...upgradeHeaders } })).status).toBe(404)
    expect((await rawRequest(url, { headers: upgradeHeaders })).status).toBe(401)
    const mine = { 'coder-session-token': await server.deployment.mintOwnerSession('Ada Lovelace') }
    expect((await rawRequest(url, { headers: mine })).status).toBe(426)
  })
})

describe('a watch of all builds', () => {
  const target = (of: CoderClient) => of.socket(workspaceWatchesRoutes.allBuilds, {})

  it('tells every build from its queue to its end', async () => {
    const { socket, messages, opened, closed } = listen(target(client))
    await opened
    const made = await createQuietWorkspace(member, { id: (await quiet()).id }, 'theirs')
    const updates = () => messages.map((text) => workspaceBuildUpdateSchema.parse(JSON.parse(text)))
    await waitFor('the end', () =>
      updates().some((update) => update.workspace_id === made.id && update.job_status === 'succeeded')
        ? true
        : undefined,
    )
    const mine = updates().filter((update) => update.workspace_id === made.id)
    expect(mine[0]).toEqual({
      workspace_id: made.id,
      workspace_name: 'theirs',
      build_id: made.latest_build.id,
      transition: 'start',
      job_status: 'pending',
      build_number: 1,
    })
    socket.close()
    await closed
  })
  const quiet = () => createQuietTemplate(client, 'quiet-too')

  it('is for those who may read every workspace', async () => {
    const { url, headers } = target(member)
    const refused = await rawRequest(url.replace(/^ws/, 'http'), {
      headers: { ...headers, ...upgradeHeaders },
    })
    expect(refused.status).toBe(403)
  })
})

describe('shared ports', () => {
  const params = () => ({ workspace: workspace.id })
  const share = (changes: object = {}) =>
    client.call(workspaceSharingRoutes.sharePort, {
      params: params(),
      body: { agent_name: 'main', port: 8080, share_level: 'public', ...changes },
    })
  const list = async () => (await client.call(workspaceSharingRoutes.portShares, { params: params() })).shares

  it('are listed, changed and taken back', async () => {
    const answer = await share()
    expect(answer).toEqual({
      workspace_id: workspace.id,
      agent_name: 'main',
      port: 8080,
      share_level: 'public',
      protocol: 'http',
    })
    await share({ share_level: 'authenticated', protocol: 'https' })
    expect(await list()).toEqual([{ ...answer, share_level: 'authenticated', protocol: 'https' }])
    const remove = () =>
      client.call(workspaceSharingRoutes.unsharePort, {
        params: params(),
        body: { agent_name: 'main', port: 8080 },
      })
    await remove()
    expect(await list()).toEqual([])
    await expect(remove()).rejects.toMatchObject({ status: 404 })
  })

  it('have a port, an agent and a level that make sense', async () => {
    await expect(share({ port: 8 })).rejects.toMatchObject({ status: 400 })
    await expect(share({ port: 65_536 })).rejects.toMatchObject({ status: 400 })
    await expect(share({ agent_name: 'nobody' })).rejects.toMatchObject({ status: 400 })
    await expect(share({ share_level: 'owner' })).rejects.toMatchObject({ status: 400 })
    await expect(share({ share_level: 'everyone' })).rejects.toMatchObject({ status: 400 })
    await expect(share({ protocol: 'ftp' })).rejects.toMatchObject({ status: 400 })
  })
})
