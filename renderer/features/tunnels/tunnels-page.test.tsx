import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleTunnel } from '../../testing/tunnel-samples.ts'
import { sampleDeployment, sampleId, sampleWorkspace } from '../../testing/wire-samples.ts'
import { useToasts } from '../../ui/toast-store.ts'
import type { TunnelView } from './tunnel-end.ts'
import { TunnelsPage } from './tunnels-page.tsx'
import { WorkspacePorts } from './workspace-ports.tsx'

const place = { deploymentId: 'local', workspaceId: sampleId(2), workspaceName: 'payments-api' }

function show(tunnels: readonly TunnelView[], fake: FakeBridge = createQuietBridge(), hasAuthority = false) {
  fake.feed('tunnels.watch', () => ({ tunnels: [...tunnels], hasAuthority }))
  fake.feed('workspaces.watchList', () => ({ workspaces: [sampleWorkspace({ id: sampleId(2) })], count: 1 }))
  return { fake, ...renderPage(<TunnelsPage deployment={sampleDeployment()} />, fake) }
}
const type = (label: string, value: string): void => {
  fireEvent.change(screen.getByLabelText(label), { target: { value } })
}

describe('the tunnels', () => {
  it('are none at first, with what they are and the way to one', async () => {
    show([])
    await screen.findByText('No tunnels yet')
    expect(screen.getAllByRole('button', { name: 'Add tunnel' })).toHaveLength(2)
  })

  it('are shown by workspace with state, way, traffic and what went wrong', async () => {
    const at = Date.now()
    show([
      sampleTunnel({
        traffic: { openConnections: 2, connections: 31, bytesUp: 1200, bytesDown: 6_100_000, errors: 2 },
        lastError: { message: 'Nothing answers at 127.0.0.1:8080 in the workspace.', at },
      }),
      sampleTunnel({
        id: sampleId(71),
        title: 'Database',
        draft: { ...sampleTunnel().draft, listen: { kind: 'tcp', host: '127.0.0.1', port: 5432 } },
        connection: {
          kind: 'failed',
          code: 'port_taken',
          reason: 'Port 5432 is in use by postgres (process 812).',
        },
        listening: null,
        url: null,
      }),
    ])
    await screen.findByText('127.0.0.1:3000')
    expect(screen.getAllByText('8080 in the workspace')).toHaveLength(2)
    expect(screen.getByText('1.2 KB sent, 6.1 MB received')).toBeTruthy()
    expect(screen.getByText('2 open, 31 in all')).toBeTruthy()
    expect(screen.getByText(/Nothing answers at 127.0.0.1:8080/)).toBeTruthy()
    expect(screen.getByText('Port 5432 is in use by postgres (process 812).')).toBeTruthy()
    expect(screen.getByText('Not open')).toBeTruthy()
    expect(screen.getAllByRole('button', { name: 'Open in the browser' })).toHaveLength(1)
  })

  it('are switched, opened and tried again', async () => {
    const waiting = { kind: 'waiting', reason: 'Opens when the workspace runs.' } as const
    const { fake } = show([sampleTunnel({ connection: waiting })])
    for (const name of ['tunnels.setEnabled', 'tunnels.open', 'tunnels.retry'] as const)
      fake.answer(name, () => null)
    await screen.findByText(waiting.reason)
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    fireEvent.click(screen.getByRole('button', { name: 'Open in the browser' }))
    fireEvent.click(screen.getByRole('switch', { name: 'Port 8080 of payments-api' }))
    const id = sampleId(70)
    await waitFor(() => expect(fake.inputsOf('tunnels.setEnabled')).toEqual([{ id, enabled: false }]))
    expect([fake.inputsOf('tunnels.retry'), fake.inputsOf('tunnels.open')]).toEqual([[{ id }], [{ id }]])
  })

  it('are deleted at once, and come back with undo', async () => {
    const { fake } = show([sampleTunnel()])
    fake.answer('tunnels.remove', () => null)
    fake.answer('tunnels.create', () => ({ id: sampleId(72) }))
    fireEvent.click(await screen.findByRole('button', { name: 'More for Port 8080' }))
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Delete' }))
    await waitFor(() => expect(fake.inputsOf('tunnels.remove')).toEqual([{ id: sampleId(70) }]))
    await waitFor(() => expect(useToasts.getState().toasts.at(-1)?.action?.label).toBe('Undo'))
    useToasts.getState().toasts.at(-1)?.action?.onSelect()
    const { draft } = sampleTunnel()
    await waitFor(() => expect(fake.inputsOf('tunnels.create')).toEqual([{ ...place, enabled: true, draft }]))
  })

  it('that cannot be shown say why', async () => {
    const fake = createQuietBridge()
    fake.feed('tunnels.watch', () => {
      throw failure<'tunnels.watch'>('internal', 'x')
    })
    renderPage(<TunnelsPage deployment={sampleDeployment()} />, fake)
    await screen.findByText('The tunnels cannot be shown')
  })
})

describe('a new tunnel', () => {
  const begin = async (fake?: FakeBridge) => {
    const shown = show([sampleTunnel()], fake)
    fireEvent.click(await screen.findByRole('button', { name: 'Add tunnel' }))
    await screen.findByRole('form', { name: 'Add a tunnel' })
    await waitFor(() => expect(screen.getByLabelText('Workspace').textContent).toContain('payments-api'))
    return shown
  }

  it('is added with what was typed', async () => {
    const { fake } = await begin()
    fake.answer('tunnels.create', () => ({ id: sampleId(72) }))
    type('In the workspace', '5173')
    type('On this computer', '5173')
    fireEvent.submit(screen.getByRole('form'))
    await waitFor(() =>
      expect(fake.inputsOf('tunnels.create')).toMatchObject([
        { ...place, draft: { listen: { port: 5173 }, anyPort: false, target: { port: 5173 } } },
      ]),
    )
    await waitFor(() => expect(screen.queryByRole('form')).toBeNull())
  })

  it('says what is wrong once a field is left, and warns about the network', async () => {
    await begin()
    type('On this computer', '3000')
    expect(screen.queryByText(/listens there already/)).toBeNull()
    fireEvent.blur(screen.getByLabelText('On this computer'))
    await screen.findByText(
      'The tunnel “Port 8080” of payments-api listens there already. Choose another one.',
    )
    type('On this computer', '0.0.0.0:4000')
    await screen.findByText('Others on your network can use this tunnel')
    expect(screen.queryByText(/listens there already/)).toBeNull()
  })

  it('keeps what was typed when it cannot be saved', async () => {
    const { fake } = await begin()
    fake.answer('tunnels.create', () => {
      throw failure<'tunnels.create'>('not_saved', 'The disk is full.')
    })
    type('In the workspace', '5173')
    fireEvent.submit(screen.getByRole('form'))
    await screen.findByText('The disk is full.')
    expect(screen.getByLabelText<HTMLInputElement>('In the workspace').value).toBe('5173')
  })

  it('with HTTPS asks for consent first, and makes the authority before it', async () => {
    const { fake } = await begin()
    fake.answer('tunnels.makeAuthority', () => null)
    fake.answer('tunnels.create', () => ({ id: sampleId(72) }))
    type('In the workspace', '5173')
    fireEvent.click(screen.getByText('Serve as HTTPS'))
    fireEvent.submit(screen.getByRole('form'))
    await screen.findByText('Agree to make the authority, or switch HTTPS off.')
    expect(fake.inputsOf('tunnels.makeAuthority')).toEqual([])
    fireEvent.click(screen.getByText('Make the authority'))
    fireEvent.submit(screen.getByRole('form'))
    await waitFor(() => expect(fake.inputsOf('tunnels.create')).toMatchObject([{ draft: { https: true } }]))
    expect(fake.inputsOf('tunnels.makeAuthority')).toHaveLength(1)
  })
})

describe('the ports of a workspace', () => {
  const open = (tunnels: readonly TunnelView[], fake = createQuietBridge()) => {
    fake.feed('tunnels.watch', () => ({ tunnels: [...tunnels], hasAuthority: false }))
    fake.feed('tunnels.watchPorts', () => ({
      ports: [
        { port: 5173, processName: 'vite\u202Egnp' },
        { port: 8080, processName: 'node' },
      ],
    }))
    const workspace = sampleWorkspace({ id: sampleId(2) })
    renderPage(<WorkspacePorts deploymentId="local" workspace={workspace} />, fake)
    return fake
  }

  it('are opened with one click; what has a tunnel is shown as one', async () => {
    const fake = open([sampleTunnel()])
    fake.answer('tunnels.openPort', () => ({ id: sampleId(72) }))
    await screen.findByText('vitegnp')
    expect(screen.queryByText('node')).toBeNull()
    fireEvent.click(screen.getByRole('button', { name: 'Open port 5173 in the browser' }))
    await waitFor(() =>
      expect(fake.inputsOf('tunnels.openPort')).toEqual([{ ...place, agentName: null, port: 5173 }]),
    )
    expect(within(screen.getByRole('heading', { name: 'Ports' })).getByText('Ports')).toBeTruthy()
  })
})
