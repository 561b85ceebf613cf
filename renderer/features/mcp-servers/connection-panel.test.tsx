import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { failure } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId, sampleMcpServer } from '../../testing/wire-samples.ts'
import { useConnectionTests, type TestReport } from './connection-tests.ts'
import { useHeaderDrafts } from './header-drafts.ts'
import { McpServersSettings } from './mcp-servers-settings.tsx'
import { useSignIns } from './sign-ins.ts'
import type { McpServerEntry, McpServersAnswer } from './use-mcp-servers.ts'

const entryOf = (
  change: Partial<McpServerEntry['config']> = {},
  more: Partial<McpServerEntry> = {},
): McpServerEntry => ({
  config: sampleMcpServer({ auth_type: 'none', custom_headers_user_keys: [], ...change }),
  headers: [],
  leftOver: [],
  ...more,
})
const answerOf = (servers: McpServerEntry[]): McpServersAnswer => ({
  capability: 'user_headers',
  vault: 'ready',
  servers,
})
function show(servers: McpServerEntry[] | (() => McpServerEntry[])) {
  const fake = createQuietBridge()
  fake.answer('mcpServers.list', () => answerOf(typeof servers === 'function' ? servers() : servers))
  fake.answer('mcpServers.addresses', () => ({ byServer: {} }))
  return { fake, ...renderPage(<McpServersSettings />, fake) }
}
const tool = (name: string, access: 'reads' | 'writes' | 'unsaid' = 'unsaid') => ({
  name,
  title: '',
  description: `Does ${name}`,
  access,
})
const ok = (tools = [tool('query', 'reads')]): TestReport => ({
  testedAt: Date.now(),
  address: 'https://mcp.example.com/mcp',
  result: {
    ok: true,
    latencyMs: 212.4,
    protocolVersion: '2025-11-25',
    server: { name: 'weather', title: 'Weather', version: '1.0' },
    tools,
    hasMoreTools: false,
  },
})
const refused: TestReport = {
  testedAt: Date.now(),
  address: 'https://mcp.example.com/mcp',
  result: {
    ok: false,
    kind: 'unauthorized',
    status: 401,
    message: 'mcp.example.com refused your values (401).',
    detail: '<b>No</b>',
  },
}
const target = { deploymentId: 'local', serverId: sampleId(9) }
const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }))

describe('a server that moved', () => {
  it('is tried once the user allows its new address', async () => {
    const { fake } = show([entryOf()])
    const message = 'Weather was at a.example.com, and the deployment says it is at b.example.com now.'
    const address = 'https://b.example.com/mcp'
    fake.answer('mcpServers.testConnection', () => {
      throw failure<'mcpServers.testConnection'>('address_changed', message, { to: address })
    })
    await press('Test connection')
    await screen.findByText(message)
    fake.answer('mcpServers.confirmAddress', () => null)
    fake.answer('mcpServers.testConnection', () => ok())
    await press('Allow the new address')
    await screen.findByText('Last test')
    expect(fake.inputsOf('mcpServers.confirmAddress')).toEqual([{ ...target, address }])
  })
})

beforeEach(() =>
  act(() => {
    useConnectionTests.setState({}, true)
    useSignIns.setState({}, true)
    useHeaderDrafts.setState({}, true)
  }),
)

describe('a test of a connection', () => {
  it('shows how long it took and the first tools, and more when asked', async () => {
    const { fake } = show([entryOf()])
    const tools = [
      tool('query', 'reads'),
      tool('add', 'writes'),
      ...['a', 'b', 'c', 'd', 'e'].map((name) => tool(name)),
    ]
    fake.answer('mcpServers.testConnection', () => ok(tools))
    await press('Test connection')
    await screen.findByText('Answered in 212 ms')
    const list = within(screen.getByRole('list', { name: 'Tools' }))
    expect(list.getAllByRole('listitem')).toHaveLength(5)
    expect([list.getByText('Read'), list.getByText('Writes')]).toHaveLength(2)
    await press('Show 2 more tools')
    expect(list.getAllByRole('listitem')).toHaveLength(7)
    expect(screen.getByText('Connected · 7 tools')).toBeTruthy()
    expect(fake.inputsOf('mcpServers.testConnection')).toEqual([target])
  })

  it('that fails says why, in the list too, and shows what the server said as text', async () => {
    const { fake, container } = show([entryOf()])
    fake.answer('mcpServers.testConnection', () => refused)
    await press('Test connection')
    await screen.findByText('mcp.example.com refused your values (401).')
    expect(screen.getByText('The server said: <b>No</b>')).toBeTruthy()
    expect(container.querySelector('p b')).toBeNull()
    const list = within(screen.getByRole('list', { name: 'MCP servers' }))
    expect([list.getByText('Refused the values'), list.getByText('401')]).toHaveLength(2)
  })

  it('can be cancelled, and then leaves what was known before', async () => {
    const { fake } = show([entryOf()])
    fake.answer('mcpServers.testConnection', () => ok())
    await press('Test connection')
    await screen.findByText('Answered in 212 ms')
    fake.answer('mcpServers.testConnection', () => new Promise(() => undefined))
    await press('Test connection')
    await screen.findByText('Connecting from this computer')
    await press('Cancel')
    await screen.findByText('Answered in 212 ms')
  })

  it('that cannot be made says what is missing', async () => {
    const { fake } = show([entryOf()])
    fake.answer('mcpServers.testConnection', () => {
      throw failure<'mcpServers.testConnection'>('values_missing', 'Weather needs your value for X-Api-Key.')
    })
    await press('Test connection')
    await screen.findByText('Weather needs your value for X-Api-Key.')
  })

  it('is not offered for what only the deployment can sign in to', async () => {
    show([entryOf({ auth_type: 'api_key' })])
    await screen.findByRole('heading', { name: 'Weather' })
    expect(screen.queryByRole('button', { name: 'Test connection' })).toBeNull()
  })

  it('is made of all servers at once', async () => {
    const ids = [sampleId(9), sampleId(9, 2), sampleId(9, 3)]
    const { fake } = show(ids.map((id, at) => entryOf({ id, display_name: `S${at}` })))
    fake.answer('mcpServers.testConnection', () => ok())
    await press('Test all')
    await waitFor(() => expect(screen.getAllByText('Connected · 1 tool')).toHaveLength(3))
    expect(fake.inputsOf('mcpServers.testConnection')).toEqual(
      ids.map((serverId) => ({ deploymentId: 'local', serverId })),
    )
  })
})

it('a user who is not told the address gives one, and sees why it is refused', async () => {
  const { fake } = show([entryOf({ url: '' })])
  fake.answer('mcpServers.setAddress', () => {
    throw failure<'mcpServers.setAddress'>(
      'invalid_address',
      'The address of an MCP server starts with https://.',
    )
  })
  const field = await screen.findByLabelText<HTMLInputElement>('Address of the server')
  fireEvent.change(field, { target: { value: 'ftp://mcp' } })
  await press('Save')
  await screen.findByText('The address of an MCP server starts with https://.')
  expect(field.value).toBe('ftp://mcp')
  expect(fake.inputsOf('mcpServers.setAddress')).toEqual([
    { ...target, address: { url: 'ftp://mcp', transport: 'streamable_http' } },
  ])
})

describe('a server with a sign-in', () => {
  it('waits for the browser, and then is signed in', async () => {
    let connected = false
    let finish: () => void = () => undefined
    const { fake } = show(() => [entryOf({ auth_type: 'oauth2', auth_connected: connected })])
    fake.answer(
      'mcpServers.signIn',
      () =>
        new Promise<null>((resolve) => {
          finish = () => resolve(null)
        }),
    )
    await press('Sign in')
    await screen.findByText('Waiting for the browser')
    connected = true
    finish()
    await screen.findByText('You are signed in')
    fake.answer('mcpServers.signOut', () => {
      connected = false
      return null
    })
    await press('Sign out')
    await screen.findByRole('button', { name: 'Sign in' })
  })

  it('says why it did not work, and can be tried again', async () => {
    const { fake } = show([entryOf({ auth_type: 'oauth2' })])
    fake.answer('mcpServers.signIn', () => {
      throw failure<'mcpServers.signIn'>('sign_in_late', 'The browser did not finish.')
    })
    await press('Sign in')
    await screen.findByText('The browser did not finish.')
    expect(screen.getByRole('button', { name: 'Sign in' })).toBeTruthy()
  })
})

const header = (name: string, inVault = false) => ({
  name,
  description: '',
  inVault,
  onServer: false,
  savedAt: null,
  isNew: false,
})
const withHeaders = (at: number, headers: McpServerEntry['headers']) =>
  entryOf({ id: sampleId(9, at), display_name: `S${at}`, auth_type: 'custom_headers' }, { headers })

it('a server of an organization is shown, and signed in to where it wants that', async () => {
  const fake = createQuietBridge()
  const servers = [
    entryOf({ tool_deny_list: ['drop'] }),
    entryOf({ id: sampleId(9, 2), auth_type: 'oauth2' }),
  ]
  fake.answer('mcpServers.list', () => ({ capability: 'organization', vault: 'ready', servers }))
  renderPage(<McpServersSettings />, fake)
  await screen.findByText(/keeps MCP servers in its organizations/)
  expect(screen.getByText('drop')).toBeTruthy()
  expect(screen.queryByRole('button', { name: /Test|Sign in/ })).toBeNull()
  fake.answer('mcpServers.signIn', () => null)
  fireEvent.click(screen.getByRole('button', { name: /Needs you to sign in/ }))
  await press('Sign in')
  expect(screen.queryByRole('button', { name: /Test/ })).toBeNull()
  expect(fake.inputsOf('mcpServers.signIn')).toEqual([{ deploymentId: 'local', serverId: sampleId(9, 2) }])
})

it('what several servers lost is sent again after a question that names where and what', async () => {
  let lost = true
  const { fake } = show(() =>
    [1, 2].map((at) => withHeaders(at, [{ ...header(`X-${at}`, true), onServer: !lost }])),
  )
  fake.answer('mcpServers.pushHeaders', () => {
    lost = false
    return { pushed: 2 }
  })
  await press('Send all lost values again')
  const dialog = within(await screen.findByRole('alertdialog'))
  expect(fake.inputsOf('mcpServers.pushHeaders')).toEqual([])
  expect(dialog.getByText(/go from your vault to 127.0.0.1/)).toBeTruthy()
  expect(dialog.getByText('X-1').parentElement?.textContent).toBe('S1: X-1')
  expect(dialog.getByText('X-2').parentElement?.textContent).toBe('S2: X-2')
  fireEvent.click(dialog.getByRole('button', { name: 'Send' }))
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Send all lost values again' })).toBeNull())
  expect(fake.inputsOf('mcpServers.pushHeaders')).toEqual([{ deploymentId: 'local', serverId: null }])
})

it('several typed values are saved at once', async () => {
  const { fake } = show([withHeaders(1, [header('X-A'), header('X-B')])])
  fake.answer('mcpServers.saveHeaders', () => null)
  for (const name of ['X-A', 'X-B'])
    fireEvent.change(await screen.findByLabelText(name), { target: { value: `of ${name}` } })
  await press('Save 2 values')
  await waitFor(() =>
    expect(fake.inputsOf('mcpServers.saveHeaders')).toEqual([
      { deploymentId: 'local', serverId: sampleId(9, 1), values: { 'X-A': 'of X-A', 'X-B': 'of X-B' } },
    ]),
  )
  await waitFor(() => expect(screen.getByLabelText<HTMLInputElement>('X-A').value).toBe(''))
})

it('a thousand headers are shown a part at a time, and found by name', async () => {
  show([
    withHeaders(
      1,
      Array.from({ length: 1000 }, (_, at) => header(`X-Key-${at}`)),
    ),
  ])
  await screen.findByLabelText('X-Key-0')
  expect(screen.queryByLabelText('X-Key-50')).toBeNull()
  fireEvent.change(screen.getByPlaceholderText('Search 1000 headers'), { target: { value: 'key-999' } })
  await screen.findByLabelText('X-Key-999')
  expect(screen.queryByLabelText('X-Key-0')).toBeNull()
})

it('a server that is deleted while somebody types is named, and what was typed is kept', async () => {
  let servers = [withHeaders(1, [header('X-A')]), withHeaders(2, [header('X-B')])]
  const { api } = show(() => servers)
  fireEvent.change(await screen.findByLabelText('X-A'), { target: { value: 'half a val' } })
  const all = servers
  servers = servers.slice(1)
  await act(() => api.queryClient.invalidateQueries())
  await screen.findByText('S1 is not there any more')
  servers = all
  await act(() => api.queryClient.invalidateQueries())
  expect((await screen.findByLabelText<HTMLInputElement>('X-A')).value).toBe('half a val')
  expect(screen.queryByText('S1 is not there any more')).toBeNull()
})
