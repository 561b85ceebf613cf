import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { failure } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId, sampleMcpServer, sampleWorkspace } from '../../testing/wire-samples.ts'
import { GatewayCard } from './gateway-card.tsx'
import type { HeaderGateway } from './use-header-gateways.ts'

const dev = sampleWorkspace({ id: sampleId(1), name: 'payments-api' })
const stopped = {
  ...sampleWorkspace({ id: sampleId(2), name: 'asleep' }),
  latest_build: { ...dev.latest_build, status: 'stopped' as const },
}
const target = { deploymentId: 'local', serverId: sampleId(9) }

const gatewayOf = (change: Partial<HeaderGateway> = {}): HeaderGateway => ({
  workspaceId: dev.id,
  state: { kind: 'open', address: '127.0.0.1:21000/mcp' },
  callsToday: 38,
  problem: null,
  configProblem: null,
  ...change,
})

function show(gateways: HeaderGateway[], config = sampleMcpServer(), workspaces = [dev, stopped]) {
  const fake = createQuietBridge()
  fake.feed('workspaces.watchList', () => ({ workspaces, count: workspaces.length }))
  fake.feed('headerGateway.watch', () => ({ gateways }))
  return { fake, ...renderPage(<GatewayCard deploymentId="local" config={config} />, fake) }
}
const toggle = () => screen.findByRole('switch', { name: 'Header gateway for payments-api' })

describe('the gateways of a server', () => {
  it('are listed for the workspaces that run, and switched on and off', async () => {
    const { fake } = show([])
    const sent: unknown[] = []
    fake.answer('headerGateway.set', (input) => {
      sent.push(input)
      fake.push('headerGateway.watch', { gateways: input.enabled ? [gatewayOf()] : [] })
      return null
    })
    expect((await toggle()).getAttribute('aria-checked')).toBe('false')
    expect(screen.queryByText('asleep')).toBeNull()
    fireEvent.click(await toggle())
    await screen.findByText('127.0.0.1:21000/mcp')
    expect(screen.getByText('38 calls today')).toBeTruthy()
    fireEvent.click(await toggle())
    await screen.findByText('Off')
    expect(sent).toEqual([
      { ...target, workspaceId: dev.id, enabled: true },
      { ...target, workspaceId: dev.id, enabled: false },
    ])
  })

  it('that wait say for what, also where the workspace does not run', async () => {
    const reason = 'Opens when the workspace runs.'
    show([gatewayOf({ workspaceId: stopped.id, state: { kind: 'waiting', reason } })])
    await screen.findByText(reason)
    expect(screen.getByText('Waiting')).toBeTruthy()
  })

  it('that cannot open say why, and can be tried again', async () => {
    const reason = 'Observability needs your value for X-Obs-Token.'
    const { fake } = show([gatewayOf({ state: { kind: 'blocked', code: 'values_missing', reason } })])
    fake.answer('headerGateway.retry', () => null)
    await screen.findByText(reason)
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await waitFor(() =>
      expect(fake.inputsOf('headerGateway.retry')).toEqual([{ ...target, workspaceId: dev.id }]),
    )
  })

  it('are closed while the server moved, until the user allows the new address', async () => {
    const reason = 'Observability was at a.example.com, and the deployment says it is at b.example.com now.'
    const address = 'https://b.example.com/mcp'
    const { fake } = show([
      gatewayOf({ state: { kind: 'blocked', code: 'address_changed', reason, address } }),
    ])
    fake.answer('mcpServers.confirmAddress', () => null)
    await screen.findByText(reason)
    fireEvent.click(screen.getByRole('button', { name: 'Allow the new address' }))
    await waitFor(() => expect(fake.inputsOf('mcpServers.confirmAddress')).toEqual([{ ...target, address }]))
  })

  it('of a workspace that is not in the list can be switched off', async () => {
    const { fake } = show([gatewayOf({ workspaceId: sampleId(77) })])
    fake.answer('headerGateway.set', () => null)
    await screen.findByText('Workspace not found')
    fireEvent.click(screen.getByRole('switch', { name: `Header gateway for workspace ${sampleId(77)}` }))
    await waitFor(() =>
      expect(fake.inputsOf('headerGateway.set')).toEqual([
        { ...target, workspaceId: sampleId(77), enabled: false },
      ]),
    )
  })

  it('say what the MCP server and the workspace had against them', async () => {
    show([
      gatewayOf({
        problem: { message: 'The MCP server refused the header values (401).', status: 401 },
        configProblem: '.mcp.json in the workspace is not JSON, so nothing was added to it.',
      }),
    ])
    await screen.findByText('The MCP server refused the header values (401).')
    expect(screen.getByText(/is not JSON/)).toBeTruthy()
  })

  it('have a configuration that is copied by main', async () => {
    const { fake } = show([gatewayOf()])
    fake.answer('headerGateway.copyConfig', () => null)
    fireEvent.click(await screen.findByRole('button', { name: 'Copy the configuration' }))
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Copy as environment' }))
    await waitFor(() =>
      expect(fake.inputsOf('headerGateway.copyConfig')).toEqual([
        { ...target, workspaceId: dev.id, format: 'environment' },
      ]),
    )
  })

  it('stay off when that cannot be kept', async () => {
    const { fake } = show([])
    fake.answer('headerGateway.set', () => {
      throw failure<'headerGateway.set'>('not_saved', 'The disk is full.')
    })
    fireEvent.click(await toggle())
    await waitFor(() => expect(fake.inputsOf('headerGateway.set')).toHaveLength(1))
    await waitFor(async () => expect((await toggle()).getAttribute('aria-checked')).toBe('false'))
  })
})

describe('where there is nothing to switch', () => {
  it('it is said that no workspace runs', async () => {
    show([], sampleMcpServer(), [stopped])
    await screen.findByText(/None of your workspaces is running/)
  })

  it('it is said what this computer does not have', async () => {
    show([], sampleMcpServer({ auth_type: 'oauth2' }))
    await screen.findByText(/lies on the deployment/)
    expect(screen.queryByRole('switch')).toBeNull()
  })

  it('it is said that the administrator’s own headers are not known here', async () => {
    show([gatewayOf()], sampleMcpServer({ has_custom_headers: true }))
    await screen.findByText(/set headers of its own/)
  })

  it('an error can be tried again', async () => {
    const { fake } = show([])
    await toggle()
    fake.fail('headerGateway.watch', failure<'headerGateway.watch'>('unreachable', 'It is away.'))
    await screen.findByText('It is away.')
    expect(screen.getByRole('button', { name: 'Try again' })).toBeTruthy()
  })
})
