import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { useState } from 'react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import type { Output } from '../../api/procedure-types.ts'
import { failure } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId, sampleMcpServer } from '../../testing/wire-samples.ts'
import { restoreEditors } from './editor-record.ts'
import { keepEditor, openEditor, useEditors, useSaving } from './editor-store.ts'
import { ServerEditor } from './server-editor.tsx'

const SECRET = 'seeded-secret-typed-here'
const stored = (change: Partial<MCPServerConfig> = {}) =>
  sampleMcpServer({ url: 'https://mcp.example.com/mcp', transport: 'streamable_http', ...change })

function Page() {
  const editor = useEditors((editors) => editors['local'])
  if (editor === undefined) return <p>Closed</p>
  return (
    <ServerEditor
      key={editor.base?.id ?? 'new'}
      deploymentId="local"
      editor={editor}
      access={{ mayManage: true, hasUserKeys: true }}
      onSaved={() => undefined}
    />
  )
}

/** A page that can be left and come back to. */
function Pages() {
  const [isElsewhere, setIsElsewhere] = useState(false)
  return (
    <>
      <button type="button" onClick={() => setIsElsewhere(!isElsewhere)}>
        Look elsewhere
      </button>
      {isElsewhere ? null : <Page />}
    </>
  )
}

function show(
  base: MCPServerConfig | null,
  now: { config?: MCPServerConfig; userCount?: number | null } = {},
) {
  const fake = createQuietBridge()
  const server = { config: base ?? stored(), userCount: 0, ...now }
  fake.answer('mcpServerAdmin.get', () => server)
  fake.answer('mcpServerAdmin.create', () => stored())
  fake.answer('mcpServerAdmin.update', () => stored())
  openEditor('local', base)
  return { fake, server, ...renderPage(<Pages />, fake) }
}
const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name, { exact: true })
const type = (name: string, value: string) => fireEvent.change(field(name), { target: { value } })
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }))
const save = () => press('Save')
const preview = () => within(screen.getByRole('region', { name: 'What users will see' }))

beforeEach(() =>
  act(() => {
    keepEditor('local', undefined)
    useSaving.setState({}, true)
  }),
)

async function choose(label: string, option: string) {
  fireEvent.click(screen.getByRole('combobox', { name: label }))
  const item = await screen.findByRole('option', { name: new RegExp(`^${option}`) })
  // The list takes a click only where the press began.
  fireEvent.pointerDown(item)
  fireEvent.click(item)
  await waitFor(() => expect(screen.queryByRole('option')).toBeNull())
}
const chooseSignIn = (option: string) => choose('How the deployment signs in to it', option)

describe('a new server', () => {
  it('is sent with every field, trimmed, and shown as users will see it while it is typed', async () => {
    const { fake } = show(null)
    type('Name', ' Weather ')
    type('Description', 'Forecasts')
    type('Address', 'https://mcp.example.com/mcp')
    await chooseSignIn('Custom headers')
    press('Add header')
    type('Header 1', 'X-Tenant')
    type('Value of X-Tenant', SECRET)
    press('Add user header')
    type('User header 1', 'X-Api-Key')
    type('Description of X-Api-Key', 'From your profile')
    expect(preview().getByText('From your profile')).toBeTruthy()
    expect(preview().getByText('0 of 1 value set')).toBeTruthy()
    expect(preview().queryByText(/mcp\.example\.com|X-Tenant/)).toBeNull()
    press('Add server')
    await screen.findByText('Closed')
    expect(fake.inputsOf('mcpServerAdmin.create')).toMatchObject([
      {
        deploymentId: 'local',
        server: {
          display_name: 'Weather',
          slug: 'weather',
          description: 'Forecasts',
          url: 'https://mcp.example.com/mcp',
          auth_type: 'custom_headers',
          custom_headers: { 'X-Tenant': SECRET },
          custom_headers_user_keys: ['X-Api-Key'],
          custom_headers_user_key_descriptions: { 'X-Api-Key': 'From your profile' },
          enabled: true,
        },
      },
    ])
  })

  it('is sent once, and its form is closed, though the user looked at another page meanwhile', async () => {
    let answer: (config: MCPServerConfig) => void = () => undefined
    const { fake } = show(null)
    fake.answer('mcpServerAdmin.create', () => new Promise((done) => (answer = done)))
    type('Name', 'Weather')
    type('Address', 'https://mcp.example.com/mcp')
    press('Add server')
    await waitFor(() => expect(fake.inputsOf('mcpServerAdmin.create')).toHaveLength(1))
    press('Look elsewhere')
    press('Look elsewhere')
    fireEvent.submit(screen.getByRole('form', { name: 'New MCP server' }))
    act(() => answer(stored()))
    await screen.findByText('Closed')
    expect(fake.inputsOf('mcpServerAdmin.create')).toHaveLength(1)
  })

  it('keeps what was typed while it was sent, in the form of the server that it became', async () => {
    let answer: (config: MCPServerConfig) => void = () => undefined
    const { fake } = show(null)
    fake.answer('mcpServerAdmin.create', () => new Promise((done) => (answer = done)))
    type('Name', 'Weather')
    type('Address', 'https://mcp.example.com/mcp')
    press('Add server')
    await waitFor(() => expect(fake.inputsOf('mcpServerAdmin.create')).toHaveLength(1))
    type('Description', 'Typed late')
    act(() => answer(stored()))
    await screen.findByRole('button', { name: 'Save' })
    expect(field('Description').value).toBe('Typed late')
    expect(screen.queryByText(/[Ss]omebody else/)).toBeNull()
  })

  it('is not sent with problems, which are told at their fields', async () => {
    const { fake } = show(null)
    await chooseSignIn('Custom headers')
    press('Add user header')
    press('Add user header')
    type('User header 1', 'X-Key')
    type('User header 2', 'x-key')
    press('Add server')
    await screen.findByText('A server needs a name.')
    expect(screen.getByText(/The user key "x-key" is there twice/)).toBeTruthy()
    expect(screen.getByText('4 fields need you')).toBeTruthy()
    expect(field('User header 2').getAttribute('aria-invalid')).toBe('true')
    expect(fake.inputsOf('mcpServerAdmin.create')).toEqual([])
  })

  it('whose slug is taken says so at the slug, and keeps everything', async () => {
    const { fake } = show(null)
    fake.answer('mcpServerAdmin.create', () => {
      throw failure<'mcpServerAdmin.create'>('slug_taken', 'An MCP server with this slug already exists.')
    })
    type('Name', 'Weather')
    type('Address', 'https://mcp.example.com')
    press('Add server')
    await screen.findByText('Another server has this slug. Choose a different one.')
    type('Slug', 'weather-2')
    expect(screen.queryByText(/Another server has this slug/)).toBeNull()
    expect(field('Name').value).toBe('Weather')
  })

  it('that the deployment refuses shows its words at the field', async () => {
    const { fake } = show(null)
    fake.answer('mcpServerAdmin.create', () => {
      throw failure('deployment_error', 'OAuth2 discovery failed.', {
        validations: [{ field: 'url', detail: 'The MCP server does not say who signs its users in.' }],
      })
    })
    type('Name', 'Weather')
    type('Address', 'https://mcp.example.com')
    await chooseSignIn('OAuth2')
    press('Add server')
    await screen.findByText('The MCP server does not say who signs its users in.')
  })

  it('asks before it is thrown away, and stays when it is kept', async () => {
    show(null)
    type('Name', 'Weather')
    press('Cancel')
    fireEvent.click(await screen.findByRole('button', { name: 'Keep editing' }))
    expect(field('Name').value).toBe('Weather')
    fireEvent.keyDown(field('Name'), { key: 'Escape' })
    fireEvent.click(await screen.findByRole('button', { name: 'Discard' }))
    await screen.findByText('Closed')
  })

  it('outlives a reload without its secrets, which it says', async () => {
    show(null)
    type('Name', 'Weather')
    await chooseSignIn('API key')
    type('Value', SECRET)
    expect(localStorage.getItem('outpost.mcp-editor.local')).toContain('Weather')
    expect(localStorage.getItem('outpost.mcp-editor.local')).not.toContain(SECRET)
    const restored = restoreEditors(localStorage)
    expect(restored['local']).toMatchObject({ draft: { display_name: 'Weather' }, lostSecrets: true })
    act(() => useEditors.setState(restored, true))
    await screen.findByText(/secrets you had typed were kept in memory alone/)
    expect(field('Value').value).toBe('')
  })
})

it('a change of a server outlives a reload, too', () => {
  const base = stored({ auth_type: 'none', custom_headers_user_keys: [] })
  show(base)
  type('Description', 'Half a thou')
  expect(restoreEditors(localStorage)['local']).toMatchObject({
    base,
    draft: { description: 'Half a thou' },
    lostSecrets: false,
  })
})

it.each(['', '{', '{"base":null,"draft":{}}', '{"base":{"id":1},"draft":null}', '[]'])(
  'what is written down wrongly (%j) is not opened',
  (text) => {
    localStorage.setItem('outpost.mcp-editor.other', text)
    expect(restoreEditors(localStorage)).not.toHaveProperty('other')
    localStorage.removeItem('outpost.mcp-editor.other')
  },
)

describe('a change', () => {
  it('sends only what was changed', async () => {
    const base = stored({ has_custom_headers: true })
    const { fake } = show(base)
    type('Description', 'Other words')
    save()
    await screen.findByText('Closed')
    expect(fake.inputsOf('mcpServerAdmin.update')).toEqual([
      {
        deploymentId: 'local',
        serverId: base.id,
        expectedUpdatedAt: base.updated_at,
        changes: { description: 'Other words' },
      },
    ])
  })

  it('of the keys says whose values it clears, and asks before it does', async () => {
    const { fake } = show(stored(), { userCount: 12 })
    type('User header 1', 'X-Token')
    expect(await screen.findByText('This clears the values of 12 users.')).toBeTruthy()
    save()
    await screen.findByRole('alertdialog', { name: 'Clear the values of 12 users?' })
    fireEvent.click(within(screen.getByRole('alertdialog')).getByRole('button', { name: 'Cancel' }))
    expect(fake.inputsOf('mcpServerAdmin.update')).toEqual([])
    save()
    fireEvent.click(await screen.findByRole('button', { name: 'Save and clear' }))
    await screen.findByText('Closed')
    expect(fake.inputsOf('mcpServerAdmin.update')).toMatchObject([
      { changes: { custom_headers_user_keys: ['X-Token'] } },
    ])
  })

  it('of the keys names no number where the deployment tells none', async () => {
    show(stored(), { userCount: null })
    type('User header 1', 'X-Token')
    expect(await screen.findByText('This clears every user’s values.')).toBeTruthy()
  })

  it('of the order keeps the values', async () => {
    const base = stored({ custom_headers_user_keys: ['X-A', 'X-B'] })
    const { fake } = show(base, { userCount: 3 })
    press('Move X-B up')
    expect(screen.queryByText(/This clears/)).toBeNull()
    save()
    await screen.findByText('Closed')
    expect(fake.inputsOf('mcpServerAdmin.update')).toMatchObject([
      { changes: { custom_headers_user_keys: ['X-B', 'X-A'] } },
    ])
  })

  it('of stored headers replaces all or leaves all', async () => {
    const { fake } = show(stored({ has_custom_headers: true }))
    press('Replace')
    type('Header 1', 'X-Tenant')
    type('Value of X-Tenant', SECRET)
    press('Keep the stored ones')
    press('Remove')
    save()
    await screen.findByText('Closed')
    expect(fake.inputsOf('mcpServerAdmin.update')).toMatchObject([{ changes: { custom_headers: {} } }])
  })

  it('of an OAuth2 secret replaces or removes it', async () => {
    const base = stored({
      auth_type: 'oauth2',
      custom_headers_user_keys: [],
      has_oauth2_secret: true,
      oauth2_client_id: 'client',
      oauth2_auth_url: 'https://a.example/a',
      oauth2_token_url: 'https://a.example/t',
    })
    const { fake } = show(base)
    press('Remove')
    expect(screen.getByText('The stored one is removed when you save.')).toBeTruthy()
    save()
    await screen.findByText('Closed')
    expect(fake.inputsOf('mcpServerAdmin.update')).toMatchObject([{ changes: { oauth2_client_secret: '' } }])
  })

  it('with an allow list says that the deny list is without effect', () => {
    show(stored({ tool_allow_list: ['read'], tool_deny_list: ['drop'] }))
    expect(screen.getByText(/Without effect/)).toBeTruthy()
    expect(preview().getByText('read')).toBeTruthy()
    expect(preview().queryByText('drop')).toBeNull()
    press('Add drop to Only these')
    expect(preview().getByText('drop')).toBeTruthy()
  })
})

describe('the tools', () => {
  const tested = (result: Output<'mcpServers.testConnection'>['result']) => ({
    testedAt: 0,
    address: 'https://mcp.example.com/mcp',
    result,
  })

  it('are chosen from what the server lists; a name it does not list stays', async () => {
    const { fake } = show(stored({ tool_deny_list: ['gone'] }))
    fake.answer('mcpServers.testConnection', () =>
      tested({
        ok: true,
        latencyMs: 5,
        protocolVersion: '2025-06-18',
        server: { name: 's', title: '', version: '1' },
        tools: [{ name: 'query', title: '', description: 'Runs a query', access: 'reads' }],
        hasMoreTools: false,
      }),
    )
    press('Ask the server')
    const input = await screen.findByRole('combobox', { name: 'Only these' })
    const [open] = screen.getAllByLabelText('Show the choices')
    if (open) fireEvent.click(open)
    const tool = await screen.findByRole('option', { name: /query/ })
    fireEvent.pointerDown(tool)
    fireEvent.click(tool)
    // It closes the list, and not the form.
    fireEvent.keyDown(input, { key: 'Escape' })
    await waitFor(() => expect(screen.queryByRole('option')).toBeNull())
    expect(screen.queryByRole('alertdialog')).toBeNull()
    expect(preview().getByText('query')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Remove gone' })).toBeTruthy()
  })

  it('are typed when the server cannot be asked, which says why', async () => {
    const { fake } = show(stored())
    fake.answer('mcpServers.testConnection', () =>
      tested({ ok: false, kind: 'refused', status: null, message: 'Nothing listens there.', detail: '' }),
    )
    press('Ask the server')
    await screen.findByText(/Nothing listens there\. Type their names instead/)
    const list = field('Only these')
    fireEvent.change(list, { target: { value: 'query' } })
    fireEvent.keyDown(list, { key: 'Enter' })
    expect(preview().getByText('query')).toBeTruthy()
  })
})

describe('somebody else', () => {
  const theirs = stored({ description: 'Theirs', enabled: false, updated_at: '2026-11-23T12:00:00Z' })

  it('who changed the server is told of, and what was typed stays', async () => {
    const base = stored()
    const { fake, server } = show(base)
    await waitFor(() => expect(fake.inputsOf('mcpServerAdmin.get')).toHaveLength(1))
    type('Description', 'Mine')
    server.config = theirs
    save()
    await screen.findByText('Somebody else has changed this server meanwhile')
    const list = within(screen.getByRole('list', { name: 'What they changed' }))
    expect(list.getByText('Theirs')).toBeTruthy()
    expect(list.getByText('You changed it too')).toBeTruthy()
    press('Go on with mine')
    expect(field('Description').value).toBe('Mine')
    expect(screen.getByRole('checkbox', { name: /Switched on/ }).ariaChecked).not.toBe('true')
    save()
    await screen.findByText('Closed')
    expect(fake.inputsOf('mcpServerAdmin.update')).toMatchObject([
      { expectedUpdatedAt: theirs.updated_at, changes: { description: 'Mine' } },
    ])
  })

  it('who was faster by a moment is told of, too', async () => {
    const { fake, server } = show(stored())
    fake.answer('mcpServerAdmin.update', () => {
      server.config = theirs
      throw failure<'mcpServerAdmin.update'>('changed_meanwhile', 'Somebody else has changed this server.')
    })
    type('Description', 'Mine')
    save()
    await screen.findByText('Somebody else has changed this server meanwhile')
    press('Take theirs')
    await waitFor(() => expect(field('Description').value).toBe('Theirs'))
  })

  it('who changed it before anything was typed is simply shown', async () => {
    show(stored(), { config: theirs })
    await waitFor(() => expect(field('Description').value).toBe('Theirs'))
    expect(screen.queryByText(/Somebody else/)).toBeNull()
  })

  it('who deleted it leaves what was typed, for a new server', async () => {
    const { fake } = show(stored())
    await waitFor(() => expect(fake.inputsOf('mcpServerAdmin.get')).toHaveLength(1))
    fake.answer('mcpServerAdmin.get', () => {
      throw failure('not_found', 'Resource not found.')
    })
    type('Description', 'Mine')
    save()
    await screen.findByText('Somebody else has deleted this server meanwhile')
    press('Make a new one of it')
    press('Add server')
    await screen.findByText('Closed')
    expect(fake.inputsOf('mcpServerAdmin.create')).toMatchObject([
      { server: { description: 'Mine', custom_headers_user_keys: ['X-Api-Key'] } },
    ])
  })
})

it('text of others is shown as text', () => {
  const hostile = '<img src=x onerror=alert(1)>'
  const { container } = show(
    stored({ id: sampleId(9, 4), display_name: hostile, icon_url: 'https://evil.example/x.png' }),
  )
  expect(preview().getByText(hostile)).toBeTruthy()
  expect(container.querySelector('img')).toBeNull()
})
