import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { buildWorkspace, testUuid } from '../../testing/builders.ts'
import { startStubDeployment, type StubAnswer, type StubDeployment } from '../../testing/stub-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'

const OWNER = 'Localowner-0123456789abcdefghijkl'
const target = { deploymentId: 'local', workspaceId: testUuid(1), agentId: testUuid(401) }

let stub: StubDeployment
let harness: AppHarness
let apps: readonly object[]
let answers: Record<string, StubAnswer>
let names: { name: string; owner: number }

beforeEach(async () => {
  stub = await startStubDeployment(OWNER)
  apps = []
  answers = {}
  names = { name: 'dev', owner: 900 }
  stub.override = ({ method, path }) => {
    const known = answers[`${method} ${path}`]
    if (known) return known
    if (path !== `/api/v2/workspaces/${testUuid(1)}`) return undefined
    const workspace = buildWorkspace({ name: names.name, agent: { status: 'connected' } })
    const [resource] = workspace.latest_build.resources
    const agents = resource?.agents?.map((agent) => ({ ...agent, apps }))
    return {
      status: 200,
      body: {
        ...workspace,
        owner_id: testUuid(names.owner),
        latest_build: { ...workspace.latest_build, resources: [{ ...resource, agents }] },
      },
    }
  }
  harness = await startHarness({ local: { url: stub.url, token: OWNER } })
  await untilConnected(harness.page)
})
afterEach(async () => {
  await harness.close()
  await stub.close()
})

const hasApp = (change: object): void => {
  apps = [{ id: testUuid(1), slug: 'web', url: 'http://localhost:3000', ...change }]
}
const open = () => harness.page.call('workspaces.openApp', { ...target, slug: 'web' })

describe('an app', () => {
  it('opens by a ticket where the deployment gives one', async () => {
    hasApp({ subdomain: true })
    answers['GET /api/v2/buildinfo'] = {
      status: 200,
      body: { version: 'v2.31.0', outpost_features: ['app-sessions'] },
    }
    answers[`POST /api/experimental/workspaceagents/${testUuid(401)}/apps/web/session`] = {
      status: 201,
      body: { url: '/@tester/dev.main/apps/web/?outpost_app_ticket=once' },
    }
    expect(await open()).toEqual({ opened: true })
    expect(harness.desktop.opened).toEqual([`${stub.url}/@tester/dev.main/apps/web/?outpost_app_ticket=once`])
  })

  it('opens at a path of any other deployment, unasked', async () => {
    hasApp({})
    expect(await open()).toEqual({ opened: true })
    expect(harness.desktop.opened).toEqual([`${stub.url}/@tester/dev.main/apps/web/`])
    expect(harness.desktop.questions).toEqual([])
  })

  it('is asked about at a host that the deployment names but that is not below its own', async () => {
    hasApp({ subdomain: true, subdomain_name: 'web--dev--tester' })
    answers['GET /api/v2/applications/host'] = { status: 200, body: { host: '*.apps.example.com' } }
    harness.desktop.answer = 1
    expect(await open()).toEqual({ opened: false })
    expect(harness.desktop.questions).toEqual(['Open web--dev--tester.apps.example.com?'])
    expect(harness.desktop.opened).toEqual([])
  })

  it('of its own address is asked about', async () => {
    hasApp({ external: true, url: 'https://docs.example.com/start' })
    expect(await open()).toEqual({ opened: true })
    expect(harness.desktop.questions).toEqual(['Open docs.example.com?'])
    expect(harness.desktop.opened).toEqual(['https://docs.example.com/start'])
  })

  it.each([
    ['a file', 'file:///etc/passwd'],
    ['a script', 'javascript:alert(1)'],
    ['a key of the user', 'https://evil.example/?key=$SESSION_TOKEN'],
  ])('that wants %s is refused', async (_, url) => {
    hasApp({ external: true, url })
    await expect(open()).rejects.toMatchObject({ error: { code: 'refused' } })
    expect(harness.desktop.opened).toEqual([])
  })

  it('that is a command, and one that is gone, are refused by name', async () => {
    hasApp({ command: 'htop' })
    await expect(open()).rejects.toMatchObject({ error: { code: 'refused' } })
    apps = []
    await expect(open()).rejects.toMatchObject({ error: { code: 'app_unknown' } })
  })
})

describe('the SSH command', () => {
  const command = async () => (await harness.page.call('workspaces.sshCommand', target)).command
  beforeEach(() => {
    answers['GET /api/v2/deployment/ssh'] = { status: 200, body: { hostname_prefix: 'acme.' } }
  })

  it('is short for one’s own', async () => {
    expect(await command()).toBe('ssh acme.dev')
  })

  it('names a workspace of somebody else in full', async () => {
    names = { name: 'dev', owner: 777 }
    expect(await command()).toBe('ssh acme.tester--dev--main')
  })

  it.each(['dev; rm -rf ~', '$(id)', 'dev`id`', 'a b'])('is refused for the name %s', async (name) => {
    names = { name, owner: 777 }
    await expect(command()).rejects.toMatchObject({ error: { code: 'refused' } })
  })

  it('has no prefix that would be an option', async () => {
    answers['GET /api/v2/deployment/ssh'] = { status: 200, body: { hostname_prefix: '-oProxyCommand' } }
    await expect(command()).rejects.toMatchObject({ error: { code: 'refused' } })
  })
})
