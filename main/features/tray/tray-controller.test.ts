import { afterEach, describe, expect, it } from 'vitest'
import { startHarness } from '../../testing/app-harness.ts'
import { buildWorkspace, testUuid } from '../../testing/builders.ts'
import { startStubDeployment } from '../../testing/stub-deployment.ts'

const OWNER = 'Localowner-0123456789abcdefghijkl'
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start() {
  const local = await startStubDeployment(OWNER)
  local.workspaces = [buildWorkspace({ agent: { status: 'connected' } })]
  const harness = await startHarness({ local: { url: local.url, token: OWNER } })
  closers.push(
    () => local.close(),
    () => harness.close(),
  )
  const update = harness.tray.update
  const waiting = new Set<() => void>()
  harness.tray.update = (model) => {
    update(model)
    for (const resolve of waiting) resolve()
    waiting.clear()
  }
  const shows = async (label: string): Promise<void> => {
    while (!harness.tray.labels().includes(label))
      await new Promise<void>((resolve) => void waiting.add(resolve))
  }
  await shows('dev: running')
  return { ...harness, local, shows }
}

describe('the tray', () => {
  it('stops a workspace with one click', async () => {
    const { tray, local, shows } = await start()
    const asked = new Promise<string>((resolve) => {
      local.override = ({ method, path, body }) => {
        if (method !== 'POST') return undefined
        resolve(`${path} ${body}`)
        const stopping = buildWorkspace({ status: 'stopping', transition: 'stop', jobStatus: 'running' })
        local.workspaces = [stopping]
        return { status: 201, body: stopping.latest_build }
      }
    })
    tray.click('dev: running')
    expect(await asked).toContain(`/api/v2/workspaces/${testUuid(1)}/builds {"transition":"stop"`)
    await shows('dev: stopping')
    expect(() => tray.click('dev')).toThrow('disabled')
  })

  it('notifies in words when that failed, and leads to the workspace', async () => {
    const { tray, local, desktop, page, windows } = await start()
    local.override = ({ method }) =>
      method === 'POST' ? { status: 409, body: { message: 'A build is active.' } } : undefined
    const commands = page.subscribe('app.watchCommands', {})
    const notified = new Promise<void>((resolve) => {
      const notify = desktop.notify
      desktop.notify = (notification) => {
        notify(notification)
        resolve()
      }
    })
    tray.click('dev: running')
    await notified
    expect(desktop.notifications[0]).toMatchObject({
      title: 'The workspace was not stopped',
      body: expect.stringContaining('Wait for it to end'),
    })
    desktop.notifications[0]?.onClick()
    expect(await commands.next()).toEqual({
      kind: 'open-workspace',
      deploymentId: 'local',
      workspaceId: testUuid(1),
    })
    expect(windows.shows).toBe(1)
  })

  it('switches a saved tunnel off and on', async () => {
    const { tray, page, shows } = await start()
    const end = (port: number) => ({ kind: 'tcp', host: '127.0.0.1', port }) as const
    const draft = {
      name: 'Web',
      kind: 'local',
      agentName: null,
      listen: end(3000),
      anyPort: false,
      target: end(80),
      https: false,
    } as const
    const place = { deploymentId: 'local', workspaceId: testUuid(1), workspaceName: 'dev' }
    const { id } = await page.call('tunnels.create', { ...place, enabled: true, draft })
    await shows('Tunnels')
    const toggle = () => {
      const menu = tray.model?.items.find((item) => item.kind === 'submenu' && item.label === 'Tunnels')
      const [item] = menu?.kind === 'submenu' ? menu.items : []
      return item?.kind === 'toggle' ? item : undefined
    }
    expect(toggle()).toMatchObject({ label: 'dev, Web: connecting', checked: true })
    tray.select(toggle()?.id ?? '')
    while (toggle()?.checked !== false) await new Promise((done) => setImmediate(done))
    const watch = page.subscribe('tunnels.watch', {})
    expect(await watch.next()).toMatchObject({
      tunnels: [{ id, enabled: false, connection: { kind: 'off' } }],
    })
    tray.select(toggle()?.id ?? '')
    while (toggle()?.checked !== true) await new Promise((done) => setImmediate(done))
  })

  it('opens a terminal, the window and the end', async () => {
    const { tray, page, windows, desktop } = await start()
    const commands = page.subscribe('app.watchCommands', {})
    const submenu = tray.model?.items.find((item) => item.kind === 'submenu')
    expect(submenu?.items.map((item) => (item.kind === 'action' ? item.label : ''))).toEqual(['dev'])
    const [terminal] = submenu?.items ?? []
    if (terminal?.kind !== 'action') throw new Error('No terminal in the menu.')
    tray.select(terminal.id)
    expect(await commands.next()).toEqual({
      kind: 'open-terminal',
      deploymentId: 'local',
      workspaceId: testUuid(1),
    })
    tray.click('Open Outpost')
    expect(windows.shows).toBe(2)
    tray.click('Quit')
    expect(desktop.quits).toBe(1)
  })

  it('follows a deployment that is added and one that is removed', async () => {
    const { tray, page, shows } = await start()
    const token = 'Remoteuser-0123456789abcdefghijkl'
    const remote = await startStubDeployment(token)
    closers.push(() => remote.close())
    remote.workspaces = [buildWorkspace({ id: 2, name: 'api', status: 'stopped', transition: 'stop' })]
    const { id } = await page.call('deployments.add', {
      url: remote.url,
      credential: { kind: 'token', token },
      name: 'acme',
    })
    await shows('api: stopped')
    expect(tray.labels().slice(0, 2)).toEqual(['acme: connected', 'api: stopped'])
    expect(tray.labels()).toContain('dev: running')
    await page.call('deployments.remove', { deploymentId: id })
    while (tray.labels().includes('api: stopped')) await Promise.resolve()
    expect(tray.labels()[0]).toBe('This computer: connected')
  })
})
