import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { workspaceSettingsRoutes } from '../../contract/workspace-settings.ts'
import { type Workspace, workspacesRoutes } from '../../contract/workspaces.ts'
import { createFakeClock, type FakeClock } from '../fake-clock.ts'
import { createHeldProvisioner } from '../held-provisioner.ts'
import { createQuietTemplate, createQuietWorkspace, settledWorkspace } from '../quiet-workspaces.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import {
  createRunningWorkspace,
  createTemplate,
  getWorkspace,
  runBuild,
  waitForAgent,
} from '../workspace-actions.ts'

const gate = createHeldProvisioner('build')
let server: TestServer
let client: CoderClient

const restart = async (): Promise<void> => {
  gate.hold = false
  await server.restart()
  client = await server.ownerClient()
}
const begin = (workspace: string, transition: 'start' | 'stop' | 'delete') =>
  client.call(workspaceBuildsRoutes.create, { params: { workspace }, body: { transition } })
const isHeld = (count = 1) => waitFor('builds are held', () => (gate.held.size === count ? true : undefined))
const history = async (workspace: string): Promise<string[]> => {
  const builds = await client.call(workspaceBuildsRoutes.list, { params: { workspace }, query: {} })
  return builds.map((build) => `${build.transition} ${build.job.status}`).reverse()
}

describe('a server that ends in the middle', () => {
  beforeEach(async () => {
    gate.hold = false
    server = await startTestServer({ provisioner: gate.provisioner })
    client = await server.ownerClient()
  })
  afterEach(async () => {
    gate.hold = false
    await server.close()
  })

  it('of a stop ends it after the next start, once, and the log says so', async () => {
    const template = await createTemplate(client, 'small')
    const { workspace } = await createRunningWorkspace(client, template, 'stopping')
    gate.hold = true
    const stop = await begin(workspace.id, 'stop')
    await isHeld()
    await restart()
    expect((await settledWorkspace(client, workspace.id, 2)).latest_build.status).toBe('stopped')
    expect(await history(workspace.id)).toEqual(['start succeeded', 'stop succeeded'])
    const rows = await client.call(workspaceBuildsRoutes.logs, {
      params: { workspacebuild: stop.id },
      query: {},
    })
    expect(rows.map((row) => row.output)).toContainEqual(expect.stringMatching(/done again/))
    expect(server.agentProcesses.size).toBe(0)
  })

  it('of a restart loses neither the stop nor the start that follows', async () => {
    const workspace = await createQuietWorkspace(client, await createQuietTemplate(client, 'quiet'), 'again')
    gate.hold = true
    await client.call(workspaceBuildsRoutes.create, {
      params: { workspace: workspace.id },
      body: { transition: 'stop', on_success: { transition: 'start' } },
    })
    await isHeld()
    await restart()
    expect((await settledWorkspace(client, workspace.id, 3)).latest_build.status).toBe('running')
    expect(await history(workspace.id)).toEqual(['start succeeded', 'stop succeeded', 'start succeeded'])
  })

  it('of a start over a running workspace leaves what ran before', async () => {
    const template = await createTemplate(client, 'small')
    const { workspace, agent } = await createRunningWorkspace(client, template, 'kept')
    gate.hold = true
    await begin(workspace.id, 'start')
    await isHeld()
    await restart()
    expect((await getWorkspace(client, workspace.id)).latest_build.job).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/stopped while this job ran/),
    })
    // The failed build has changed nothing, so the agent of the one before is back.
    await waitFor('its agent runs', () => (server.agentProcesses.size === 1 ? true : undefined))
    expect(server.deployment.services.agents.records.wanted().map((place) => place.agent.id)).toEqual([
      agent.id,
    ])
    await runBuild(client, workspace.id, 'start')
    expect((await waitForAgent(client, workspace.id)).agent.id).not.toBe(agent.id)
    expect(server.agentProcesses.size).toBe(1)
  })

  it('builds one thing at a time, and tells who waits how many are ahead', async () => {
    const template = await createQuietTemplate(client, 'quiet')
    gate.hold = true
    const made: Workspace[] = []
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) {
      made.push(
        await client.call(workspacesRoutes.create, {
          params: { user: 'me' },
          body: { template_id: template.id, name },
        }),
      )
    }
    await isHeld(4)
    const queue = async (at: number) => (await getWorkspace(client, made[at]!.id)).latest_build.job
    expect(await queue(4)).toMatchObject({ status: 'pending', queue_position: 1, queue_size: 2 })
    expect(await queue(5)).toMatchObject({ status: 'pending', queue_position: 2, queue_size: 2 })
    expect(await queue(0)).toMatchObject({ status: 'running', queue_position: 0 })
    await expect(begin(made[5]!.id, 'stop')).rejects.toMatchObject({ status: 409 })
    const [first, second] = await Promise.allSettled([
      begin(made[0]!.id, 'stop'),
      begin(made[0]!.id, 'delete'),
    ])
    expect([first.status, second.status]).toEqual(['rejected', 'rejected'])
    gate.letGo()
    for (const { id } of made) await settledWorkspace(client, id)
    const race = await Promise.allSettled([begin(made[0]!.id, 'stop'), begin(made[0]!.id, 'stop')])
    expect(race.map((entry) => entry.status).sort()).toEqual(['fulfilled', 'rejected'])
    await settledWorkspace(client, made[0]!.id, 2)
  })
})

describe('a server that ends in the middle of a schedule', () => {
  let clock: FakeClock
  beforeEach(async () => {
    clock = createFakeClock(Date.parse('2026-03-02T08:00:00Z'))
    server = await startTestServer({ clock, provisioner: gate.provisioner })
    client = await server.ownerClient()
  })
  afterEach(async () => {
    gate.hold = false
    await server.close()
  })

  it('starts the workspace all the same, and once', async () => {
    const template = await createQuietTemplate(client, 'quiet')
    const workspace = await createQuietWorkspace(client, template, 'early', {
      autostart_schedule: '0 9 * * *',
    })
    await runBuild(client, workspace.id, 'stop')
    gate.hold = true
    clock.jump(3_600_000)
    clock.advance(60_000)
    await isHeld()
    await restart()
    const started = await settledWorkspace(client, workspace.id, 3)
    expect(started.latest_build).toMatchObject({ status: 'running', reason: 'autostart' })
    clock.advance(120_000)
    expect(await history(workspace.id)).toHaveLength(3)
    expect(started.latest_build.deadline).toBeNull()
    await client.call(workspaceSettingsRoutes.ttl, {
      params: { workspace: workspace.id },
      body: { ttl_ms: 3_600_000 },
    })
    expect((await getWorkspace(client, workspace.id)).latest_build.deadline).toBeNull()
  })
})
