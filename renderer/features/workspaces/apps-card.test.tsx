import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, expect, it, vi } from 'vitest'
import { workspaceAppSchema } from '#bridge/contract/workspace-apps'
import { failure } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleAgent, sampleBuild, sampleId, sampleWorkspace } from '../../testing/wire-samples.ts'
import { ToastHost } from '../../ui/toast-host.tsx'
import { useToasts } from '../../ui/toast-store.ts'
import { AppsCard } from './apps-card.tsx'

beforeEach(() => useToasts.setState({ toasts: [] }))

const app = (slug: string, change: object = {}) =>
  workspaceAppSchema.parse({ id: sampleId(40), slug, url: 'http://localhost:3000', ...change })

const apps = [
  app('web', { display_name: 'Web', health: 'healthy' }),
  app('api', { health: 'unhealthy', icon: '/emojis/1f4bb.png' }),
  app('monitor', { display_name: 'Monitor', command: 'htop', url: '' }),
  app('docs', { display_name: 'Docs\u202Efdp', external: true, url: 'https://docs.example.com/start' }),
  app('secret', { hidden: true }),
]

function show(agentChange: Parameters<typeof sampleAgent>[0] = {}) {
  const fake = createQuietBridge()
  const workspace = sampleWorkspace({
    latest_build: sampleBuild({}, [sampleAgent({ apps, ...agentChange })]),
  })
  const page = renderPage(
    <>
      <AppsCard deploymentId="local" workspace={workspace} />
      <ToastHost />
    </>,
    fake,
  )
  return { fake, workspace, ...page }
}

it('shows the apps that its template shows, with their health and where they lead', () => {
  show()
  const rows = within(screen.getByRole('list', { name: 'Apps' })).getAllByRole('listitem')
  expect(rows.map(({ textContent }) => textContent)).toEqual([
    'WebAnswersOpen',
    '💻apiDoes not answerOpen',
    'MonitorOpen',
    'Docsfdpdocs.example.comOpen',
  ])
})

it('opens a page by main, which knows the address, and says why it does not', async () => {
  const { fake, workspace } = show()
  fake.answer('workspaces.openApp', () => {
    throw failure<'workspaces.openApp'>('refused', 'Outpost does not open links of this kind.')
  })
  fireEvent.click(screen.getByRole('button', { name: 'Open Web in the browser' }))
  await waitFor(() =>
    expect(fake.inputsOf('workspaces.openApp')).toEqual([
      { deploymentId: 'local', workspaceId: workspace.id, agentId: sampleId(6), slug: 'web' },
    ]),
  )
  await screen.findByText('Web is not opened')
  expect(screen.getByText('Outpost does not open links of this kind.')).toBeTruthy()
})

it('says why it does not also where the page was left meanwhile', async () => {
  const { fake, unmount } = show()
  let refuse: (error: Error) => void = () => undefined
  fake.answer('workspaces.openApp', () => new Promise((_, reject) => (refuse = reject)))
  fireEvent.click(screen.getByRole('button', { name: 'Open Web in the browser' }))
  await waitFor(() => expect(fake.inputsOf('workspaces.openApp')).toHaveLength(1))
  unmount()
  refuse(failure<'workspaces.openApp'>('refused', 'It does not run.'))
  await waitFor(() =>
    expect(useToasts.getState().toasts).toMatchObject([
      { title: 'Web is not opened', detail: 'It does not run.' },
    ]),
  )
})

it('runs a command in a terminal of that name', () => {
  const { actions, workspace } = show()
  fireEvent.click(screen.getByRole('button', { name: 'Open Monitor in a terminal' }))
  expect(actions.openTerminal).toHaveBeenCalledWith('local', workspace, sampleId(6), {
    name: 'Monitor',
    command: 'htop',
  })
})

it('offers while the agent is away only what does not need it', () => {
  show({ status: 'disconnected' })
  const disabled = screen.getAllByRole('button').map((button) => button.hasAttribute('disabled'))
  expect(disabled).toEqual([true, true, true, false])
})

it('is called by its slug where its name shows nothing', () => {
  show({ apps: [app('monitor', { display_name: '\u202e', command: 'htop', url: '' })] })
  expect(screen.getByRole('button', { name: 'Open monitor in a terminal' })).toBeTruthy()
})

it('is not there without apps', () => {
  show({ apps: [] })
  expect(screen.queryByText('Apps')).toBeNull()
})

it('shows a page inside of the window where that is possible, and still opens it in the browser', () => {
  const fake = createQuietBridge()
  const workspace = sampleWorkspace({ latest_build: sampleBuild({}, [sampleAgent({ apps })]) })
  const onShow = vi.fn()
  renderPage(<AppsCard deploymentId="local" workspace={workspace} onShow={onShow} />, fake)
  fireEvent.click(screen.getByRole('button', { name: 'Show Web here' }))
  expect(onShow).toHaveBeenCalledWith(expect.objectContaining({ name: 'Web' }))
  for (const name of ['Open Web in the browser', 'Open Monitor in a terminal', 'Open Docsfdp in the browser'])
    expect(screen.getByRole('button', { name })).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Show Docsfdp here' })).toBeNull()
  expect(screen.queryByRole('button', { name: 'Show Monitor here' })).toBeNull()
})
