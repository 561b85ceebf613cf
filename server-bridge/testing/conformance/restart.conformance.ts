import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type CoderClient, createCoderClient } from '../../client/coder-client.ts'
import { deploymentAdminRoutes } from '../../contract/deployment-admin.ts'
import { usersRoutes } from '../../contract/users.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { createHeldProvisioner } from '../held-provisioner.ts'
import { createServerParent } from '../managed-server.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import {
  createRunningWorkspace,
  createTemplate,
  getWorkspace,
  openTerminal,
  runBuild,
  waitForAgent,
} from '../workspace-actions.ts'

describe('a server that starts again', () => {
  let server: TestServer
  const gate = createHeldProvisioner('build')

  beforeEach(async () => {
    gate.hold = false
    server = await startTestServer({ provisioner: gate.provisioner })
  })
  afterEach(() => server.close())

  it('brings running workspaces back with their files, and leaves stopped ones stopped', async () => {
    let client = await server.ownerClient()
    const template = await createTemplate(client, 'small')
    const { workspace, agent } = await createRunningWorkspace(client, template, 'kept')
    const stopped = await createRunningWorkspace(client, template, 'asleep')
    await runBuild(client, stopped.workspace.id, 'stop')
    writeFileSync(join(server.dataDir, 'workspaces', workspace.name, 'note.txt'), 'remember me')
    await server.restart()
    expect(server.agentProcesses.size).toBe(1)
    client = await server.ownerClient()
    expect((await getWorkspace(client, workspace.id)).latest_build.status).toBe('running')
    const back = await waitForAgent(client, workspace.id)
    expect(back.agent.id).toBe(agent.id)
    const terminal = await openTerminal(client, agent.id, {
      reconnect: randomUUID(),
      command: 'cat note.txt',
    })
    await terminal.closed
    expect(terminal.output()).toContain('remember me')
    expect((await getWorkspace(client, stopped.workspace.id)).latest_build.status).toBe('stopped')
    await runBuild(client, workspace.id, 'delete')
    expect(server.agentProcesses.size).toBe(0)
  })

  it('fails the build it was in the middle of, with the reason, and the next one works', async () => {
    let client = await server.ownerClient()
    const template = await createTemplate(client, 'small')
    gate.hold = true
    const { id } = await client.call(workspacesRoutes.create, {
      params: { user: 'me' },
      body: { template_id: template.id, name: 'halfway' },
    })
    await waitFor('the build is held', () => (gate.held.size > 0 ? true : undefined))
    gate.hold = false
    await server.restart()
    client = await server.ownerClient()
    const { latest_build: build } = await getWorkspace(client, id)
    expect(build.job).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/stopped while this job ran/),
    })
    await client.call(workspaceBuildsRoutes.create, {
      params: { workspace: id },
      body: { transition: 'start' },
    })
    await waitForAgent(client, id)
  })

  it('takes up jobs that were still waiting', async () => {
    let client = await server.ownerClient()
    const template = await createTemplate(client, 'small')
    gate.hold = true
    const ids: string[] = []
    for (const name of ['w1', 'w2', 'w3', 'w4', 'w5']) {
      const made = await client.call(workspacesRoutes.create, {
        params: { user: 'me' },
        body: { template_id: template.id, name },
      })
      ids.push(made.id)
    }
    const waiting = await getWorkspace(client, ids[4]!)
    expect(waiting.latest_build.job).toMatchObject({ status: 'pending', queue_position: 1, queue_size: 1 })
    gate.hold = false
    await server.restart()
    client = await server.ownerClient()
    await waitForAgent(client, ids[4]!)
    expect((await getWorkspace(client, ids[0]!)).latest_build.status).toBe('failed')
  })

  it('cancels a waiting build at once and a running one when it yields', async () => {
    const client = await server.ownerClient()
    const template = await createTemplate(client, 'small')
    gate.hold = true
    const create = (name: string) =>
      client.call(workspacesRoutes.create, {
        params: { user: 'me' },
        body: { template_id: template.id, name },
      })
    const running = await create('running')
    await waitFor('the build is held', () => (gate.held.size > 0 ? true : undefined))
    const cancel = (workspacebuild: string, query = {}) =>
      client.call(workspaceBuildsRoutes.cancel, { params: { workspacebuild }, query })
    const params = { workspacebuild: running.latest_build.id }
    await expect(cancel(params.workspacebuild, { expect_status: 'pending' })).rejects.toMatchObject({
      status: 412,
    })
    expect((await cancel(params.workspacebuild, { expect_status: 'running' })).message).toMatch(/canceled/)
    await waitFor('it is canceled', async () =>
      (await client.call(workspaceBuildsRoutes.get, { params })).status === 'canceled' ? true : undefined,
    )
    await expect(cancel(params.workspacebuild)).rejects.toMatchObject({ status: 400 })
    const queued = []
    for (const name of ['q1', 'q2', 'q3', 'q4', 'q5']) queued.push(await create(name))
    const last = queued[4]!.latest_build.id
    await cancel(last, { expect_status: 'pending' })
    expect((await client.call(workspaceBuildsRoutes.get, { params: { workspacebuild: last } })).status).toBe(
      'canceled',
    )
    for (const { latest_build: build } of queued.slice(0, 4)) await cancel(build.id)
  })
})

describe('a server under its parent', () => {
  const parent = createServerParent()
  let dataDir: string

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'outpost-managed-'))
  })
  afterEach(() => {
    rmSync(dataDir, { recursive: true, force: true })
  })
  const clientOf = (url: string, token: string): CoderClient =>
    createCoderClient({ baseUrl: url, token, retries: 0 })

  it('signs its owner in, starts agents through the parent, and ends when told', async () => {
    const server = parent.start(dataDir, 0)
    const { url } = await server.next('ready')
    const client = clientOf(url, await server.mintOwnerSession())
    const template = await createTemplate(client, 'small')
    const { agent } = await createRunningWorkspace(client, template, 'managed')
    expect(agent.status).toBe('connected')
    expect(parent.agents.size).toBe(1)
    server.post({ type: 'shutdown' })
    expect(await server.exited).toBe(0)
    expect(parent.agents.size).toBe(0)
  })

  it('has hosts for apps on this machine, and answers to no other name', async () => {
    const server = parent.start(dataDir, 0)
    const { url } = await server.next('ready')
    const { port } = new URL(url)
    const client = clientOf(url, await server.mintOwnerSession())
    expect(await client.call(deploymentAdminRoutes.appHost, {})).toEqual({ host: `*.localhost:${port}` })
    const answer = async (name: string) => {
      const { status, headers } = await rawRequest(url, { headers: { host: `${name}:${port}` } })
      return [status, headers['location']?.slice(0, url.length)]
    }
    expect(await answer('web--dev--ada.localhost')).toEqual([303, url])
    for (const name of [
      'ada.localhost',
      'web--dev--ada.localhost.evil.example',
      'web--dev--ada.evil.example',
    ])
      expect([name, ...(await answer(name))]).toEqual([name, 403, undefined])
    server.post({ type: 'shutdown' })
    expect(await server.exited).toBe(0)
  })

  it('leaves nobody else on the machine the chance to become its owner', async () => {
    const server = parent.start(dataDir, 0)
    const { url } = await server.next('ready')
    // Before the parent has asked for anything.
    const eve = { username: 'eve', email: 'eve@example.com', password: 'correct horse Battery 9 staple' }
    const first = await rawRequest(`${url}/api/v2/users/first`, { method: 'POST', body: JSON.stringify(eve) })
    expect(first.status).toBe(409)
    const client = clientOf(url, await server.mintOwnerSession())
    expect(await client.call(usersRoutes.get, { params: { user: 'me' } })).toMatchObject({
      username: 'ada-lovelace',
      roles: [{ name: 'owner' }],
    })
    server.post({ type: 'shutdown' })
    expect(await server.exited).toBe(0)
  })

  it('that is killed finds its agents again, and their shells go on', async () => {
    const first = parent.start(dataDir, 0)
    const { url } = await first.next('ready')
    const port = Number(new URL(url).port)
    const client = clientOf(url, await first.mintOwnerSession())
    const template = await createTemplate(client, 'small')
    const { workspace, agent } = await createRunningWorkspace(client, template, 'survivor')
    const reconnect = randomUUID()
    const terminal = await openTerminal(client, agent.id, { reconnect })
    terminal.send({ data: 'MARK=still-here-$((40 + 2)); echo set-$((1 + 1))\r' })
    await terminal.shows('set-2')
    process.kill(first.process.pid!, 'SIGKILL')
    await first.exited
    const [survivor] = [...parent.agents]
    expect(parent.agents.size).toBe(1)

    const second = parent.start(dataDir, port)
    await second.next('ready')
    const back = await waitForAgent(client, workspace.id)
    expect(back.agent.id).toBe(agent.id)
    expect([...parent.agents]).toEqual([survivor])
    const again = await openTerminal(client, agent.id, { reconnect })
    again.send({ data: 'echo $MARK\r' })
    await again.shows('still-here-42')
    await again.close()

    expect(await runBuild(client, workspace.id, 'stop')).toBe('stopped')
    expect(parent.agents.size).toBe(0)
    second.post({ type: 'shutdown' })
    expect(await second.exited).toBe(0)
  })

  it('says in a sentence why it cannot start', async () => {
    const first = parent.start(dataDir, 0)
    const { url } = await first.next('ready')
    const second = parent.start(dataDir, 0)
    expect((await second.next('failed')).message).toMatch(/already uses/)
    expect(await second.exited).toBe(1)
    const elsewhere = parent.start(join(dataDir, 'other'), Number(new URL(url).port))
    expect((await elsewhere.next('failed')).message).toMatch(/Port \d+ is already in use/)
    expect(await elsewhere.exited).toBe(1)
    first.post({ type: 'shutdown' })
    expect(await first.exited).toBe(0)
  })
})
