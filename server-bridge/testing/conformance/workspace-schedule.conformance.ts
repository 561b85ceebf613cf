import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import type { CreateTemplateRequest, Template } from '../../contract/templates.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { workspaceSettingsRoutes } from '../../contract/workspace-settings.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { createLocalProvisioner } from '../../provisioner/local-provisioner.ts'
import type { Provisioner } from '../../provisioner/provisioner.ts'
import { TemplateError } from '../../provisioner/template-error.ts'
import type { LifecycleNotice } from '../../server/jobs/lifecycle.ts'
import { createFakeClock, type FakeClock } from '../fake-clock.ts'
import {
  createQuietTemplate,
  createQuietWorkspace,
  quietTemplate,
  settledWorkspace,
} from '../quiet-workspaces.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { getWorkspace, importVersion, runBuild } from '../workspace-actions.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** A Monday. */
const start = Date.parse('2026-03-02T08:00:00Z')
let clock: FakeClock
let server: TestServer
let client: CoderClient
let notices: LifecycleNotice[]
let buildsFail = false
const local = createLocalProvisioner()
const provisioner: Provisioner = {
  ...local,
  build: (request) => (buildsFail ? Promise.reject(new TemplateError('no luck')) : local.build(request)),
}

beforeEach(async () => {
  clock = createFakeClock(start)
  notices = []
  server = await startTestServer({ clock, provisioner, notify: (notice) => notices.push(notice) })
  client = await server.ownerClient()
})
afterEach(() => server.close())

/** Time goes by like in a sleep of the machine: what was due in between is seen at the next look. */
const skip = (ms: number): void => {
  clock.jump(ms - MINUTE)
  clock.advance(MINUTE)
}
const pass = async (ms: number): Promise<void> => {
  if (ms > HOUR) skip(ms)
  else clock.advance(ms)
  // The session of before is too old after a week.
  client = await server.ownerClient()
}
const make = async (policy: Partial<CreateTemplateRequest>, more: object = {}) => {
  const template = await createQuietTemplate(client, 'quiet', policy)
  return { template, workspace: await createQuietWorkspace(client, template, 'w', more) }
}
const history = async (workspace: string): Promise<string[]> => {
  const builds = await client.call(workspaceBuildsRoutes.list, { params: { workspace }, query: {} })
  return builds.map((build) => `${build.transition} ${build.reason} ${build.job.status}`).reverse()
}
const first = 'start initiator succeeded'
const promote = async (template: Template, text: string): Promise<string> => {
  const version = await importVersion(client, { 'main.tf': text }, { template_id: template.id })
  server.deployment.services.templates.promote(template.id, version.id)
  return version.id
}

describe('a deadline', () => {
  it('stops the workspace when it is over, and not before', async () => {
    const { workspace } = await make({}, { ttl_ms: HOUR })
    await pass(HOUR - MINUTE)
    expect(await history(workspace.id)).toEqual([first])
    await pass(2 * MINUTE)
    const stopped = await settledWorkspace(client, workspace.id, 2)
    expect(stopped.latest_build).toMatchObject({ status: 'stopped', reason: 'autostop', deadline: null })
    await pass(DAY)
    expect(await history(workspace.id)).toEqual([first, 'stop autostop succeeded'])
  })

  it('moves on with use, up to the limit of the template', async () => {
    const policy = { activity_bump_ms: HOUR, autostop_requirement: { days_of_week: ['tuesday'], weeks: 1 } }
    const { workspace } = await make(policy, { ttl_ms: HOUR })
    const params = { workspace: workspace.id }
    const use = () => client.call(workspacesRoutes.usage, { params, body: {} })
    const deadline = async () =>
      Date.parse((await getWorkspace(client, workspace.id)).latest_build.deadline ?? '')
    await use()
    expect(await deadline()).toBe(start + HOUR)
    await pass(HOUR / 2)
    await use()
    expect(await deadline()).toBe(start + 1.5 * HOUR)
    await client.call(workspaceSettingsRoutes.extend, {
      params,
      body: { deadline: '2026-03-02T23:50:00Z' },
    })
    await pass(Date.parse('2026-03-02T23:45:00Z') - clock.now())
    await use()
    expect(await deadline()).toBe(Date.parse('2026-03-03T00:00:00Z'))
    await pass(16 * MINUTE)
    expect((await settledWorkspace(client, workspace.id, 2)).latest_build.reason).toBe('autostop')
  })

  it('ends a long sleep of the machine with one stop', async () => {
    const { workspace } = await make({}, { ttl_ms: HOUR, autostart_schedule: '0 7 * * *' })
    const before = server.deployment.services.lifecycle
    before.close()
    skip(40 * DAY)
    client = await server.ownerClient()
    before.tick()
    before.tick()
    await settledWorkspace(client, workspace.id, 2)
    before.tick()
    expect(await history(workspace.id)).toEqual([first, 'stop autostop succeeded'])
    expect((await getWorkspace(client, workspace.id)).next_start_at).toBe('2026-04-12T07:00:00.000Z')
  })
})

describe('a schedule', () => {
  it('starts the workspace at its time, each day again', async () => {
    const { workspace } = await make(
      {},
      { ttl_ms: HOUR, autostart_schedule: 'CRON_TZ=Europe/Berlin 0 10 * * *' },
    )
    await runBuild(client, workspace.id, 'stop')
    expect((await getWorkspace(client, workspace.id)).next_start_at).toBe('2026-03-02T09:00:00.000Z')
    await pass(HOUR + MINUTE)
    const started = await settledWorkspace(client, workspace.id, 3)
    expect(started.latest_build).toMatchObject({
      status: 'running',
      reason: 'autostart',
      initiator_name: 'ada-lovelace',
    })
    expect(started.next_start_at).toBe('2026-03-03T09:00:00.000Z')
    await pass(HOUR + MINUTE)
    await settledWorkspace(client, workspace.id, 4)
    await pass(DAY - HOUR)
    await settledWorkspace(client, workspace.id, 5)
    expect(await history(workspace.id)).toEqual([
      first,
      'stop initiator succeeded',
      'start autostart succeeded',
      'stop autostop succeeded',
      'start autostart succeeded',
    ])
  })

  it('catches up once with what was missed while the server was away', async () => {
    const { workspace } = await make({}, { autostart_schedule: '0 9 * * *' })
    await runBuild(client, workspace.id, 'stop')
    clock.jump(5 * DAY)
    await server.restart()
    client = await server.ownerClient()
    expect((await settledWorkspace(client, workspace.id, 3)).latest_build.reason).toBe('autostart')
    await pass(10 * MINUTE)
    expect(await history(workspace.id)).toHaveLength(3)
  })

  it('waits for a day that the template allows', async () => {
    const policy = { autostart_requirement: { days_of_week: ['wednesday'] } }
    const { workspace } = await make(policy, { autostart_schedule: '0 9 * * *' })
    await runBuild(client, workspace.id, 'stop')
    expect((await getWorkspace(client, workspace.id)).next_start_at).toBe('2026-03-04T09:00:00.000Z')
    await pass(2 * DAY)
    expect(await history(workspace.id)).toHaveLength(2)
    await pass(2 * HOUR)
    expect((await settledWorkspace(client, workspace.id, 3)).latest_build.reason).toBe('autostart')
  })

  it('does not wake what is dormant, what has failed, or what belongs to a suspended account', async () => {
    const { workspace } = await make({}, { autostart_schedule: '0 9 * * *' })
    const params = { workspace: workspace.id }
    await runBuild(client, workspace.id, 'stop')
    await client.call(workspaceSettingsRoutes.dormant, { params, body: { dormant: true } })
    await pass(DAY)
    expect(await history(workspace.id)).toHaveLength(2)
    await client.call(workspaceSettingsRoutes.dormant, { params, body: { dormant: false } })
    const { accounts } = server.deployment.services
    const { id } = accounts.owner()!
    accounts.setStatus(id, 'suspended')
    skip(DAY)
    accounts.setStatus(id, 'active')
    client = await server.ownerClient()
    expect(await history(workspace.id)).toHaveLength(2)
  })

  it('takes the active version where the workspace wants it, and says when that is not possible', async () => {
    const { template, workspace } = await make(
      {},
      { autostart_schedule: '0 9 * * *', automatic_updates: 'always' },
    )
    const params = { workspace: workspace.id }
    await runBuild(client, workspace.id, 'stop')
    const newer = await promote(template, quietTemplate.replace('hello', 'bonjour'))
    await pass(2 * HOUR)
    const started = await settledWorkspace(client, workspace.id, 3)
    expect(started.latest_build.template_version_id).toBe(newer)
    expect(notices.map((notice) => notice.kind)).toEqual(['workspace-auto-updated'])
    await runBuild(client, workspace.id, 'stop')
    const demanding = `${quietTemplate}
data "coder_parameter" "colour" {
  name = "colour"
  type = "string"
}
`
    await promote(template, demanding)
    expect(await client.call(workspaceSettingsRoutes.resolveAutostart, { params })).toEqual({
      parameter_mismatch: true,
    })
    await pass(DAY)
    expect(await history(workspace.id)).toHaveLength(4)
    expect(notices.map((notice) => notice.kind)).toEqual([
      'workspace-auto-updated',
      'workspace-autobuild-failed',
    ])
    expect((await getWorkspace(client, workspace.id)).next_start_at).toBe('2026-03-04T09:00:00.000Z')
  })
})

describe('the policy of a template', () => {
  it('puts unused workspaces to sleep and deletes them later', async () => {
    const { workspace } = await make({ dormant_ttl_ms: 2 * DAY, delete_ttl_ms: 3 * DAY })
    await pass(2 * DAY + MINUTE)
    const asleep = await settledWorkspace(client, workspace.id, 2)
    expect(asleep).toMatchObject({
      latest_build: { status: 'stopped', reason: 'dormancy' },
      dormant_at: expect.stringMatching(/^2026-03-04/),
      deleting_at: expect.stringMatching(/^2026-03-07/),
    })
    await pass(3 * DAY + MINUTE)
    const params = { workspace: workspace.id }
    const gone = await settledDeletion(params)
    expect(gone.latest_build).toMatchObject({ status: 'deleted', reason: 'autodelete' })
    expect(notices.map((notice) => notice.kind)).toEqual(['workspace-dormant', 'workspace-deleted'])
  })

  it('leaves workspaces that are used alone', async () => {
    const { workspace } = await make({ dormant_ttl_ms: 2 * DAY })
    for (let day = 0; day < 5; day += 1) {
      await pass(DAY)
      await client.call(workspacesRoutes.usage, { params: { workspace: workspace.id }, body: {} })
    }
    expect(await history(workspace.id)).toEqual([first])
  })

  it('stops what has failed to start after a while', async () => {
    const { workspace } = await make({ failure_ttl_ms: HOUR })
    buildsFail = true
    expect(await runBuild(client, workspace.id, 'start')).toBe('failed')
    buildsFail = false
    await pass(HOUR / 2)
    expect(await history(workspace.id)).toHaveLength(2)
    await pass(HOUR)
    const stopped = await settledWorkspace(client, workspace.id, 3)
    expect(stopped.latest_build).toMatchObject({ transition: 'stop', reason: 'autostop' })
  })
})

const settledDeletion = (params: { workspace: string }) =>
  waitFor('it is deleted', async () => {
    const workspace = await client.call(workspacesRoutes.get, { params, query: { include_deleted: true } })
    return workspace.latest_build.status === 'deleted' ? workspace : undefined
  })

describe('a clock that was wrong', () => {
  it('and goes back leaves no workspace running or waiting for years', async () => {
    clock.jump(365 * DAY)
    client = await server.ownerClient()
    const { workspace } = await make({}, { ttl_ms: HOUR, autostart_schedule: '0 9 * * *' })
    clock.jump(start - clock.now())
    await server.restart()
    client = await server.ownerClient()
    const { latest_build: build } = await getWorkspace(client, workspace.id)
    expect(Date.parse(build.deadline ?? '')).toBe(start + HOUR)
    await pass(HOUR + 5 * MINUTE)
    expect((await settledWorkspace(client, workspace.id, 2)).latest_build.reason).toBe('autostop')
    await pass(DAY)
    expect((await settledWorkspace(client, workspace.id, 3)).latest_build.reason).toBe('autostart')
  })
})
