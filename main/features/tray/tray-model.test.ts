import { describe, expect, it } from 'vitest'
import type { Workspace } from '#bridge/contract/workspaces'
import type { Deployment } from '#ipc/deployments'
import type { TrayItem } from '../../ports/tray.ts'
import { buildDeployment, buildWorkspace, testUuid } from '../../testing/builders.ts'
import { menuText } from './menu-text.ts'
import { parseTrayAction } from './tray-action.ts'
import { trayModel, type TrayState } from './tray-model.ts'

const works = { kind: 'works', backend: 'Test Keyring' } as const

function model(
  workspaces: readonly Workspace[] | undefined,
  deployment: Deployment = buildDeployment(),
  rest: Partial<TrayState> = {},
) {
  return trayModel({
    deployments: [{ deployment, workspaces }],
    activeId: deployment.id,
    keychain: works,
    tunnels: [],
    chats: [],
    ...rest,
  })
}
const toggles = (items: readonly TrayItem[]) => items.filter((item) => item.kind === 'toggle')
const labels = (items: readonly TrayItem[]) =>
  items.map((item) => (item.kind === 'separator' ? '---' : item.label))

describe('the tray menu', () => {
  it('shows a workspace with its state and a way to stop it', () => {
    const { items, icon } = model([buildWorkspace()])
    expect(labels(items)).toEqual(['This computer: connected', 'dev: running', '---', 'Open Outpost', 'Quit'])
    const [toggle] = toggles(items)
    expect(toggle).toMatchObject({ checked: true, enabled: true })
    expect(parseTrayAction(toggle?.id ?? '')).toEqual({
      kind: 'stop',
      deploymentId: 'local',
      workspaceId: testUuid(1),
    })
    expect(icon).toBe('active')
  })

  it.each([
    ['stopped', 'dev: stopped', false, true],
    ['failed', 'dev: build failed', false, true],
    ['canceled', 'dev: build cancelled', false, true],
    ['running', 'dev: running', true, true],
    ['starting', 'dev: starting', true, false],
    ['stopping', 'dev: stopping', false, false],
    ['pending', 'dev: waiting to start', true, false],
    ['canceling', 'dev: cancelling', false, false],
    ['deleting', 'dev: deleting', false, false],
    ['some-new-word', 'dev: some-new-word', false, false],
  ])('shows %s in words and offers only what is possible', (status, label, checked, enabled) => {
    const [toggle] = toggles(model([buildWorkspace({ status })]).items)
    expect(toggle).toMatchObject({ label, checked, enabled })
  })

  it('shows saved tunnels as toggles with their state, in words of the menu', () => {
    const tunnels = [
      {
        id: testUuid(7),
        workspaceName: 'api',
        title: 'Web & API',
        enabled: true,
        connection: { kind: 'open' },
      },
      {
        id: testUuid(8),
        workspaceName: 'api',
        title: 'SOCKS proxy',
        enabled: false,
        connection: { kind: 'off' },
      },
    ] as const
    const { items } = model([], buildDeployment(), { tunnels })
    const submenu = items.find((item) => item.kind === 'submenu')
    const [web, socks] = toggles(submenu?.items ?? [])
    expect(submenu?.label).toBe('Tunnels')
    expect(web).toMatchObject({ label: 'api, Web && API: open', checked: true })
    expect(socks).toMatchObject({ label: 'api, SOCKS proxy: off', checked: false })
    expect(parseTrayAction(web?.id ?? '')).toEqual({ kind: 'tunnel', tunnelId: testUuid(7), enabled: false })
    expect(parseTrayAction(socks?.id ?? '')).toEqual({ kind: 'tunnel', tunnelId: testUuid(8), enabled: true })
  })

  it('offers a terminal for workspaces with a connected agent', () => {
    const { items } = model([
      buildWorkspace({ agent: { status: 'connected' } }),
      buildWorkspace({ id: 2, name: 'api' }),
    ])
    const submenu = items.find((item) => item.kind === 'submenu')
    expect(submenu?.label).toBe('Open terminal')
    expect(labels(submenu?.items ?? [])).toEqual(['dev'])
  })

  it('keeps the menu short and says how many more there are', () => {
    const { items } = model(
      Array.from({ length: 30 }, (_, index) => buildWorkspace({ id: index + 1, name: `w${index}` })),
    )
    expect(toggles(items)).toHaveLength(12)
    expect(labels(items)).toContain('18 more')
  })

  it('shows the chats at work, those first that wait for the user, and asks for attention', () => {
    const chat = (number: number, status: string, more = {}) => ({
      deploymentId: 'local',
      chat: { id: testUuid(number), title: `Chat ${number}`, status, ...more },
    })
    const { items, icon } = model([], buildDeployment(), {
      chats: [
        chat(1, 'running'),
        chat(2, 'requires_action'),
        chat(3, 'running', { queued_for_capacity: true }),
      ],
    })
    const shown = items.filter((item) => item.kind === 'action')
    expect(labels(shown).slice(0, 3)).toEqual([
      'Chat 2: waits for you',
      'Chat 1: at work',
      'Chat 3: waits for capacity',
    ])
    expect(parseTrayAction(shown[0]?.id ?? '')).toEqual({
      kind: 'chat',
      deploymentId: 'local',
      chatId: testUuid(2),
    })
    expect(icon).toBe('attention')
  })

  it('puts the active deployment first', () => {
    const remote = buildDeployment({ id: 'r', kind: 'remote', name: 'acme' })
    const { items } = trayModel({
      deployments: [
        { deployment: buildDeployment(), workspaces: [] },
        { deployment: remote, workspaces: [] },
      ],
      activeId: 'r',
      tunnels: [],
      chats: [],
      keychain: works,
    })
    expect(labels(items).slice(0, 2)).toEqual(['acme: connected', 'No workspaces yet'])
  })

  it.each<[Deployment['state'], string, string]>([
    [{ kind: 'connecting' }, 'This computer: connecting', 'offline'],
    [{ kind: 'unreachable', reason: '', retryAt: null }, 'This computer: not reachable', 'offline'],
    [{ kind: 'signed_out', reason: '' }, 'This computer: signed out', 'attention'],
    [{ kind: 'locked' }, 'This computer: the keychain is locked', 'attention'],
    [{ kind: 'failed', reason: '', detail: '' }, 'This computer: not running', 'offline'],
  ])('says in words that a deployment is %s', (state, label, icon) => {
    const shown = model([buildWorkspace()], buildDeployment({ state }))
    expect(shown.items[0]).toEqual({ kind: 'heading', label })
    expect(shown.icon).toBe(icon)
    expect(toggles(shown.items).every((toggle) => !toggle.enabled)).toBe(true)
  })

  it('says that the keychain is locked', () => {
    expect(
      labels(model([], buildDeployment(), { keychain: { kind: 'locked', backend: 'x' } }).items),
    ).toContain('The keychain is locked')
  })

  it('shows names as they are, whatever a server puts into them', () => {
    expect(menuText('R&D')).toBe('R&&D')
    expect(menuText('a\u202Eexe.b\u0007\nc')).toBe('a exe.b  c')
    expect([...menuText('x'.repeat(500))]).toHaveLength(60)
    const [toggle] = toggles(model([buildWorkspace({ name: 'R&D: stopped\u2028Quit' })]).items)
    expect(toggle?.label).toBe('R&&D: stopped Quit: running')
  })

  it('counts in the tooltip', () => {
    expect(model([]).tooltip).toBe('Outpost')
    expect(model([buildWorkspace()]).tooltip).toBe('Outpost: 1 workspace is running')
    expect(model([buildWorkspace(), buildWorkspace({ id: 2 })]).tooltip).toBe(
      'Outpost: 2 workspaces are running',
    )
  })
})
