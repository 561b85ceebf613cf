import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { debugRoutes } from '../../contract/debug.ts'
import { deploymentAdminRoutes } from '../../contract/deployment-admin.ts'
import { insightsRoutes } from '../../contract/insights.ts'
import { provisionersRoutes } from '../../contract/provisioners.ts'
import { usersRoutes } from '../../contract/users.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { unlicensedRoutes } from '../../server/http/unlicensed.ts'
import { rawRequest } from '../raw-request.ts'
import { onlyOnOwnServer } from '../conformance-target.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createRunningWorkspace, createTemplate, openTerminal } from '../workspace-actions.ts'

const DAY_MS = 24 * 3_600_000
let server: TestServer
let client: CoderClient
let member: CoderClient
let workspaceId: string
let templateId: string
let ownerId: string

beforeAll(async () => {
  server = await startTestServer()
  client = await server.ownerClient()
  member = await server.memberClient('bob')
  const template = await createTemplate(client, 'small')
  templateId = template.id
  const { workspace, agent } = await createRunningWorkspace(client, template, 'main')
  workspaceId = workspace.id
  ownerId = workspace.owner_id
  const terminal = await openTerminal(client, agent.id, { reconnect: crypto.randomUUID() })
  await terminal.close()
  await client.call(workspacesRoutes.usage, {
    params: { workspace: workspaceId },
    body: { app_name: 'vscode' },
  })
})
afterAll(() => server.close())

describe('the deployment', () => {
  it('tells its options, with nothing secret in them, and its numbers', async () => {
    const { config } = await client.call(deploymentAdminRoutes.config, {})
    expect(config).toMatchObject({ access_url: server.url, pg_connection_url: '', scim_api_key: '' })
    const stats = await client.call(deploymentAdminRoutes.stats, {})
    expect(stats.workspaces).toMatchObject({ running: 1, pending: 0, failed: 0 })
    expect(stats.session_count).toMatchObject({ vscode: 1, reconnecting_pty: 1, ssh: 0 })
  })

  it('tells what every client asks for', async () => {
    const { regions } = await member.call(deploymentAdminRoutes.regions, {})
    expect(regions).toMatchObject([{ name: 'primary', healthy: true, path_app_url: server.url }])
    expect(await member.call(deploymentAdminRoutes.appHost, {})).toEqual({ host: '' })
    expect(await member.call(deploymentAdminRoutes.availableExperiments, {})).toEqual({
      safe: ['chat-advisor', 'chat-virtual-desktop'],
    })
    expect(await server.client().call(deploymentAdminRoutes.updateCheck, {})).toMatchObject({ current: true })
    expect(await server.client().call(deploymentAdminRoutes.appearance, {})).toMatchObject({
      announcement_banners: [],
    })
    const entitlements = await server.client().call(deploymentAdminRoutes.entitlements, {})
    expect(entitlements).toMatchObject({ has_license: false, warnings: [] })
    expect(entitlements.features['scim']).toEqual({ entitlement: 'not_entitled', enabled: false })
    for (const path of ['/latency-check', '/derp/latency-check']) {
      expect((await rawRequest(server.url + path)).status).toBe(200)
    }
  })

  it('takes reports of broken policies of a bounded size', async () => {
    const report = (body: string) => rawRequest(`${server.url}/api/v2/csp/reports`, { method: 'POST', body })
    expect((await report('{"csp-report":{"blocked-uri":"x"}}')).status).toBe(200)
    expect((await report(`{"csp-report":{"x":"${'x'.repeat(70_000)}"}}`)).status).toBe(413)
    expect((await report('x')).status).toBe(400)
  })
})

describe('health', () => {
  it('is checked for real, kept for a while, and checked anew when forced', async () => {
    const report = await client.call(debugRoutes.health, { query: { force: true } })
    expect(report).toMatchObject({
      healthy: true,
      access_url: { healthy: true, status_code: 200, healthz_response: 'OK' },
      websocket: { healthy: true, severity: 'ok' },
      database: { healthy: true, reachable: true },
      provisioner_daemons: { severity: 'ok', items: [{ provisioner_daemon: { name: 'local' } }] },
    })
    expect(await client.call(debugRoutes.health, {})).toEqual(report)
    const again = await client.call(debugRoutes.health, { query: { force: true } })
    expect(again.time).not.toBe(report.time)
  })

  it('has sections that can be dismissed; the same again is 304', async () => {
    const set = (sections: readonly string[], by = client) =>
      by.call(debugRoutes.setHealthSettings, { body: { dismissed_healthchecks: sections as 'DERP'[] } })
    expect(await set(['DERP', 'Database'])).toEqual({ dismissed_healthchecks: ['DERP', 'Database'] })
    await expect(set(['Database', 'DERP'])).rejects.toMatchObject({ status: 304 })
    await expect(set(['Weather'])).rejects.toMatchObject({ status: 400 })
    await expect(set([], member)).rejects.toMatchObject({ status: 403 })
    const { derp, websocket } = await client.call(debugRoutes.health, {})
    expect([derp.dismissed, websocket.dismissed]).toEqual([true, false])
    expect(await client.call(debugRoutes.getHealthSettings, {})).toEqual({
      dismissed_healthchecks: ['DERP', 'Database'],
    })
  })

  it('has a socket that sends back what it gets', async () => {
    const target = client.socket(debugRoutes.echo, {})
    const socket = new WebSocket(target.url, { headers: target.headers })
    const echoed = new Promise<string>((resolve, reject) => {
      socket.on('open', () => socket.send('hello'))
      socket.on('message', (data: Buffer) => resolve(data.toString()))
      socket.on('error', reject)
    })
    expect(await echoed).toBe('hello')
    socket.close()
  })
})

describe('the worker and its jobs', () => {
  const params = { organization: 'default' }

  it('are listed with what they are for', async () => {
    onlyOnOwnServer('others have jobs there too')
    const [daemon, ...others] = await client.call(provisionersRoutes.daemons, { params })
    expect(others).toEqual([])
    expect(daemon).toMatchObject({
      status: 'idle',
      previous_job: { status: 'succeeded', template_name: 'small' },
      current_job: null,
    })
    const jobs = await client.call(provisionersRoutes.jobs, { params })
    expect(jobs.map(({ type, metadata }) => [type, metadata.template_name, metadata.workspace_name])).toEqual(
      [
        ['workspace_build', 'small', 'main'],
        ['template_version_import', 'small', undefined],
      ],
    )
    const job = await client.call(provisionersRoutes.job, {
      params: { ...params, provisionerjob: jobs[0]!.id },
    })
    expect(job).toEqual(jobs[0])
  })

  it('are narrowed by status, id, tags, initiator and number', async () => {
    onlyOnOwnServer('others have jobs there too')
    const count = async (query: Record<string, string>) =>
      (await client.call(provisionersRoutes.jobs, { params, query })).length
    expect(await count({ status: 'failed' })).toBe(0)
    expect(await count({ status: 'succeeded,failed' })).toBe(2)
    expect(await count({ limit: '1' })).toBe(1)
    expect(await count({ initiator: 'me' })).toBe(2)
    expect(await count({ initiator: 'bob' })).toBe(0)
    expect(await count({ tags: '{"scope":"organization"}' })).toBe(2)
    expect(await count({ tags: '{"scope":"user"}' })).toBe(0)
    for (const query of [{ status: 'x' }, { ids: 'x' }, { tags: 'x' }, { colour: 'red' }, { limit: '-1' }]) {
      await expect(count(query)).rejects.toMatchObject({ status: 400 })
    }
    const daemons = async (query: Record<string, string>) =>
      (await client.call(provisionersRoutes.daemons, { params, query })).length
    const [{ id } = { id: '' }] = await client.call(provisionersRoutes.daemons, { params })
    expect(await daemons({ ids: id, status: 'idle,busy', tags: '{"owner":""}', limit: '1' })).toBe(1)
    expect(await daemons({ ids: workspaceId })).toBe(0)
    expect(await daemons({ status: 'offline', offline: 'true' })).toBe(0)
    expect(await daemons({ tags: '{"scope":"user"}' })).toBe(0)
    await expect(
      client.call(provisionersRoutes.daemons, { params, query: { colour: 'x' } as never }),
    ).rejects.toMatchObject({ status: 400 })
  })

  it('are not for members, and not of other organizations', async () => {
    await expect(member.call(provisionersRoutes.jobs, { params })).rejects.toMatchObject({ status: 404 })
    await expect(
      client.call(provisionersRoutes.daemons, { params: { organization: 'other' } }),
    ).rejects.toMatchObject({ status: 404 })
    const job = (provisionerjob: string) =>
      client.call(provisionersRoutes.job, { params: { ...params, provisionerjob } })
    await expect(job('x')).rejects.toMatchObject({ status: 400 })
    await expect(job(workspaceId)).rejects.toMatchObject({ status: 404 })
  })
})

describe('insights', () => {
  const midnight = (days: number): string =>
    `${new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10)}T00:00:00Z`
  const period = () => ({ start_time: midnight(-2), end_time: midnight(1) })

  it('are computed from what was noted of each minute', async () => {
    const { entries } = await client.call(insightsRoutes.daus, { query: {} })
    expect(entries).toHaveLength(30)
    expect(entries.reduce((sum, { amount }) => sum + amount, 0)).toBeGreaterThanOrEqual(1)
    const { report } = await client.call(insightsRoutes.userActivity, { query: period() })
    expect(report.users).toMatchObject([{ user_id: ownerId, template_ids: [templateId] }])
    expect(report.users[0]?.seconds).toBeGreaterThanOrEqual(60)
    const templates = await client.call(insightsRoutes.templates, {
      query: { ...period(), interval: 'day' },
    })
    expect(templates.report).toMatchObject({ active_users: 1, template_ids: [templateId] })
    expect(templates.report?.apps_usage.map(({ slug, times_used: times }) => [slug, times])).toEqual([
      ['vscode', 1],
      ['jetbrains', 0],
      ['reconnecting-pty', 1],
      ['ssh', 0],
    ])
    expect(templates.interval_reports).toHaveLength(3)
    const other = { ...period(), template_ids: workspaceId }
    expect((await client.call(insightsRoutes.userActivity, { query: other })).report.users).toEqual([])
    const latency = await client.call(insightsRoutes.userLatency, { query: period() })
    expect(latency.report.users).toEqual([])
  })

  it('count the accounts in each state, day by day', async () => {
    onlyOnOwnServer('others have accounts there too')
    const { status_counts: counts } = await client.call(insightsRoutes.userStatusCounts, {
      query: { timezone: 'Asia/Kolkata' },
    })
    expect(Object.keys(counts).sort()).toEqual(['active', 'dormant', 'suspended'])
    expect(counts['active']).toHaveLength(60)
    expect([counts['active']?.[0]?.count, counts['active']?.at(-1)?.count]).toEqual([0, 2])
  })

  it('refuse queries they do not know and periods that are none', async () => {
    const activity = (query: Record<string, string>) =>
      client.call(insightsRoutes.userActivity, { query: query as never })
    const bad: Record<string, string>[] = [
      {},
      { ...period(), colour: 'red' },
      { ...period(), start_time: '2026-01-01T01:00:00Z' },
      { ...period(), end_time: '2026-01-01T01:30:00Z' },
      { start_time: midnight(1), end_time: midnight(-1) },
      { ...period(), template_ids: 'x' },
    ]
    for (const query of bad) await expect(activity(query)).rejects.toMatchObject({ status: 400 })
    const refused = [
      client.call(insightsRoutes.daus, { query: { tz_offset: '99' } }),
      client.call(insightsRoutes.userStatusCounts, { query: { timezone: 'Mars/Base' } }),
      client.call(insightsRoutes.templates, { query: { ...period(), sections: 'x' } }),
    ]
    for (const result of await Promise.allSettled(refused)) {
      expect(result).toMatchObject({ status: 'rejected', reason: { status: 400 } })
    }
  })
})

it('what looks into the deployment is for those who look after it', async () => {
  const calls = [
    member.call(deploymentAdminRoutes.config, {}),
    member.call(deploymentAdminRoutes.stats, {}),
    member.call(debugRoutes.health, {}),
    member.call(debugRoutes.getHealthSettings, {}),
    member.call(insightsRoutes.daus, { query: {} }),
  ]
  for (const result of await Promise.allSettled(calls)) {
    expect(result).toMatchObject({ status: 'rejected', reason: { status: 403 } })
  }
  await expect(server.client().call(deploymentAdminRoutes.config, {})).rejects.toMatchObject({ status: 401 })
})

describe('what is licensed or switched off', () => {
  it.each(
    unlicensedRoutes.flatMap(({ methods, path, answer }) =>
      methods.map((method) => [method, path, answer] as const),
    ),
  )('%s %s answers as a Coder without a licence', async (method, path, answer) => {
    const filled = path.replaceAll(/\{\w+\}/g, (name) => (name === '{user}' ? 'me' : 'default'))
    const url = /^\/(?:oauth2|scim)\//.test(path) ? filled : `/api/v2${filled}`
    const { headers } = client.socket(usersRoutes.get, { params: { user: 'me' } })
    const signedOut = await rawRequest(server.url + url, { method })
    expect(signedOut.status).toBe(401)
    const reply = await rawRequest(server.url + url, { method, headers: { ...headers } })
    if (answer === 'absent') expect(reply.status).toBe(404)
    else if ('ok' in answer) expect([reply.status, reply.json()]).toEqual([200, answer.ok])
    else {
      expect(reply.status).toBe(403)
      const { message } = reply.json() as { message: string }
      expect(message).toContain('premium' in answer ? `${answer.premium} is a Premium feature` : 'oauth2')
    }
  })
})
