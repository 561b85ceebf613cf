import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ConnectionEvent } from '#bridge/contract/connection-events'
import type { Check } from '#bridge/contract/connection-checks'
import type { Output } from '../../api/procedure-types.ts'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleDeployment, sampleWorkspace } from '../../testing/wire-samples.ts'
import { DiagnosticsPage } from './diagnostics-page.tsx'
import { forgetRuns } from './runs.ts'

const deployment = sampleDeployment({
  id: 'acme',
  kind: 'remote',
  name: 'acme',
  url: 'https://coder.acme.dev',
})
const workspace = sampleWorkspace()
const now = Date.now()
type Watched = Output<'diagnostics.watch'>

const event = (change: Partial<ConnectionEvent>): ConnectionEvent => ({
  what: 'terminal',
  connectionId: 'one',
  deploymentId: 'acme',
  workspaceId: workspace.id,
  agentId: null,
  name: '',
  at: now,
  state: { kind: 'open' },
  ...change,
})
const watched = (change: Partial<Watched> = {}): Watched => ({
  latency: [],
  links: [],
  entries: [],
  current: [],
  ...change,
})

function show(first: Watched | undefined = watched()): FakeBridge {
  const fake = createQuietBridge()
  fake.feed('deployments.watch', () => ({ activeId: 'acme', deployments: [deployment, sampleDeployment()] }))
  fake.feed('workspaces.watchList', () => ({ workspaces: [workspace], count: 1 }))
  fake.feed('diagnostics.watch', () => first)
  renderPage(<DiagnosticsPage deployment={deployment} />, fake)
  return fake
}

beforeEach(forgetRuns)

describe('the connection', () => {
  it('tells the latency of the last minutes by its figures', async () => {
    show(watched({ latency: [30, 12, 48, 20].map((latencyMs, index) => ({ at: now + index, latencyMs })) }))
    await screen.findByText('12 ms min · 20 ms median · 48 ms max')
    expect(screen.getByRole('img', { name: /12 ms at best, 20 ms in the middle/ })).toBeTruthy()
  })

  it('says while it is loading, and why it cannot be shown, with a way on', async () => {
    const fake = show(undefined)
    await screen.findByRole('status', { name: 'Loading the connections' })
    act(() => fake.fail('diagnostics.watch', failure<'diagnostics.watch'>('internal', 'no')))
    await screen.findByText('The connections cannot be shown')
    fake.feed('diagnostics.watch', () => watched())
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await screen.findByText('Not measured yet')
  })
})

describe('the timeline', () => {
  const waiting = event({
    state: { kind: 'waiting', reason: 'The connection was lost.', retryAt: now + 20_000 },
  })
  const entries = [
    { id: 3, event: waiting, since: now - 60_000, times: 4 },
    { id: 2, event: event({ what: 'gateway', connectionId: 'two', name: 'jira' }), since: now, times: 1 },
    {
      id: 1,
      event: event({ what: 'deployment', connectionId: 'local', deploymentId: 'local', workspaceId: null }),
      since: now,
      times: 1,
    },
  ]

  it('says what is waited for and until when, and tries it now', async () => {
    const fake = show(watched({ entries, current: [3, 2, 1] }))
    fake.answer('diagnostics.retry', () => null)
    const list = await screen.findByRole('list', { name: 'Timeline' })
    await within(list).findByText(new RegExp(`^${workspace.name}$`))
    expect(within(list).getByText(/The connection was lost\./).textContent).toMatch(/Next try in \d+ s\./)
    expect(within(list).getByText(/4 times, the first/)).toBeTruthy()
    fireEvent.click(within(list).getByRole('button', { name: `Try now: Terminal ${workspace.name}` }))
    await waitFor(() =>
      expect(fake.inputsOf('diagnostics.retry')).toEqual([
        { deploymentId: 'acme', what: 'terminal', connectionId: 'one' },
      ]),
    )
  })

  it('offers nothing for what is over', async () => {
    show(watched({ entries, current: [2, 1] }))
    await screen.findByText('The connection was lost.')
    expect(screen.queryByRole('button', { name: /Try now/ })).toBeNull()
    expect(screen.queryByText(/Next try in/)).toBeNull()
  })

  it('can be narrowed to a deployment or a workspace', async () => {
    show(watched({ entries, current: [] }))
    const list = await screen.findByRole('list', { name: 'Timeline' })
    await within(list).findByText(`${workspace.name}, jira`)
    fireEvent.click(screen.getByRole('combobox', { name: 'Show the timeline of' }))
    const option = await screen.findByRole('option', { name: 'This machine' })
    // The list takes a click only where the press began.
    fireEvent.pointerDown(option)
    fireEvent.click(option)
    await waitFor(() => expect(within(list).getAllByRole('listitem')).toHaveLength(1))
    expect(within(list).getByText('Deployment')).toBeTruthy()
  })

  it('says what will be here while nothing has connected', async () => {
    show()
    await screen.findByText(/Nothing has connected yet/)
  })
})

describe('the checks', () => {
  const checks: Check[] = [
    { id: 'dns', status: 'ok', ms: 3.21, found: 'coder.acme.dev is 10.0.0.1.', advice: null },
    { id: 'tcp', status: 'failed', ms: 12, found: 'Nothing listens.', advice: 'Check the port.' },
  ]
  const report = { deploymentId: 'acme', startedAt: now, route: 'Outpost connects directly.', isDone: false }

  it('come one by one, with what to do about the one that fails, and can be run again', async () => {
    const fake = show()
    fake.feed('diagnostics.runChecks', () => ({ ...report, checks: checks.slice(0, 1) }))
    fireEvent.click(await screen.findByRole('button', { name: 'Run checks' }))
    await screen.findByText('coder.acme.dev is 10.0.0.1.')
    expect(screen.getByText('3.2 ms')).toBeTruthy()
    act(() => {
      fake.push('diagnostics.runChecks', { ...report, checks, isDone: true })
      fake.end('diagnostics.runChecks')
    })
    await screen.findByText('Check the port.')
    expect(screen.getByText('Outpost connects directly.')).toBeTruthy()
    fireEvent.click(screen.getByRole('button', { name: 'Run again' }))
    await waitFor(() => expect(fake.inputsOf('diagnostics.runChecks')).toHaveLength(2))
  })

  it('can be cancelled, and say why they could not run', async () => {
    const fake = show()
    fake.feed('diagnostics.runChecks', () => undefined)
    fireEvent.click(await screen.findByRole('button', { name: 'Run checks' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Cancel' }))
    await screen.findByText('Cancelled.')
    expect(fake.openSubscriptions('diagnostics.runChecks')).toBe(0)
    fake.feed('diagnostics.runChecks', () => {
      throw failure<'diagnostics.runChecks'>('unreachable', 'The local server does not run.')
    })
    fireEvent.click(screen.getByRole('button', { name: 'Run again' }))
    await screen.findByText('The local server does not run.')
  })
})

describe('a workspace', () => {
  const probe = {
    phase: 'download' as const,
    roundTripsMs: [4, 9.96, 5],
    download: null,
    upload: null,
    reason: null,
  }

  it('is measured: the round trip, then how fast it is each way', async () => {
    const fake = show(
      watched({
        links: [
          {
            deploymentId: 'acme',
            workspaceId: workspace.id,
            transport: 'coder-cli',
            network: { isDirect: false, latencyMs: 31, relay: 'Frankfurt', isCoderConnect: false },
            at: now,
          },
        ],
      }),
    )
    fake.feed('diagnostics.probeWorkspace', () => probe)
    await screen.findByText('Relayed by Frankfurt, 31 ms')
    fireEvent.click(screen.getByRole('button', { name: `Speed test of ${workspace.name}` }))
    await screen.findByText('Measuring the download')
    expect(screen.getByText('5 ms')).toBeTruthy()
    act(() => {
      fake.push('diagnostics.probeWorkspace', {
        ...probe,
        phase: 'done',
        roundTripsMs: [...probe.roundTripsMs],
        download: { bytes: 12_500_000, ms: 1000 },
        upload: { bytes: 1_000_000, ms: 1000 },
      })
      fake.end('diagnostics.probeWorkspace')
    })
    await screen.findByText('100 Mbit/s')
    expect(screen.getByText('8.0 Mbit/s')).toBeTruthy()
    expect(screen.getByRole('button', { name: `Ping ${workspace.name}` })).toBeTruthy()
  })

  it('that cannot be reached says why, and a measurement can be cancelled', async () => {
    const fake = show()
    fake.feed('diagnostics.probeWorkspace', () => ({
      ...probe,
      roundTripsMs: [],
      phase: 'failed',
      reason: 'Opens when the workspace runs.',
    }))
    fireEvent.click(await screen.findByRole('button', { name: `Ping ${workspace.name}` }))
    await screen.findByText('Opens when the workspace runs.')
    fireEvent.click(screen.getByRole('button', { name: `Cancel the measurement of ${workspace.name}` }))
    await screen.findByText('Cancelled.')
  })
})

describe('the support bundle', () => {
  it('shows what is in it before it is saved, with or without host names', async () => {
    const fake = show()
    fake.answer('diagnostics.previewBundle', ({ leaveOutHosts }) => ({
      files: [
        {
          name: 'README.txt',
          about: 'What is in the bundle.',
          bytes: 2100,
          text: leaveOutHosts ? 'host-1' : 'acme.dev',
        },
      ],
      secretsMasked: 3,
      note: 'The log files are left out.',
    }))
    fake.answer('diagnostics.saveBundle', () => ({ saved: true }))
    fireEvent.click(await screen.findByRole('button', { name: 'Support bundle…' }))
    const sheet = await screen.findByRole('dialog', { name: 'Support bundle' })
    await within(sheet).findByText('acme.dev')
    expect(within(sheet).getByText(/^3 values of your vaults/)).toBeTruthy()
    expect(within(sheet).getByText('The log files are left out.')).toBeTruthy()
    fireEvent.click(within(sheet).getByText('Leave out host names'))
    await within(sheet).findByText('host-1')
    fireEvent.click(within(sheet).getByRole('button', { name: 'Save…' }))
    await waitFor(() => expect(fake.inputsOf('diagnostics.saveBundle')).toEqual([{ leaveOutHosts: true }]))
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  })

  it('that cannot be saved stays open and says why', async () => {
    const fake = show()
    fake.answer('diagnostics.previewBundle', () => ({ files: [], secretsMasked: 0, note: null }))
    fake.answer('diagnostics.saveBundle', () => {
      throw failure<'diagnostics.saveBundle'>('not_saved', 'The disk is full.')
    })
    fireEvent.click(await screen.findByRole('button', { name: 'Support bundle…' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Save…' }))
    await screen.findByText('The disk is full.')
  })
})
