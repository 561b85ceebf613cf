import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { failure } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId, sampleMcpServer } from '../../testing/wire-samples.ts'
import { useToasts } from '../../ui/toast-store.ts'
import { useHeaderDrafts } from './header-drafts.ts'
import { McpServersSettings } from './mcp-servers-settings.tsx'
import type { McpServersAnswer } from './use-mcp-servers.ts'

type Headers = McpServersAnswer['servers'][number]['headers']
const header = (change: Partial<Headers[number]> = {}): Headers[number] => ({
  name: 'X-Api-Key',
  description: 'From your profile',
  inVault: false,
  onServer: false,
  savedAt: null,
  isNew: false,
  ...change,
})
const answerOf = (change: Partial<McpServersAnswer> = {}, headers = [header()]): McpServersAnswer => ({
  capability: 'user_headers',
  vault: 'ready',
  servers: [{ config: sampleMcpServer(), headers, leftOver: [] }],
  ...change,
})
const server = { deploymentId: 'local', serverId: sampleId(9) }

function show(answer: McpServersAnswer | (() => McpServersAnswer)) {
  const fake = createQuietBridge()
  fake.answer('mcpServers.list', typeof answer === 'function' ? answer : () => answer)
  return { fake, ...renderPage(<McpServersSettings />, fake) }
}
const field = () => screen.findByLabelText<HTMLInputElement>('X-Api-Key')
const type = async (value: string) => fireEvent.change(await field(), { target: { value } })

beforeEach(() => act(() => useHeaderDrafts.setState({}, true)))

describe('a header of the user', () => {
  it('says when its value was saved, until another is typed', async () => {
    const savedAt = Date.now() - 22 * 24 * 60 * 60_000
    show(answerOf({}, [header({ inVault: true, onServer: true, savedAt })]))
    const said = await screen.findByText(/^saved/)
    expect(said.querySelector('time')?.dateTime).toBe(new Date(savedAt).toISOString())
    await type('another')
    expect(screen.queryByText(/^saved/)).toBeNull()
  })

  it('is marked as new while it is looked at, and not the next time', async () => {
    let isNew = true
    const { fake, unmount } = show(() => answerOf({}, [header(), header({ name: 'X-Tenant', isNew })]))
    fake.answer('mcpServers.headersSeen', () => {
      isNew = false
      return null
    })
    expect((await screen.findByText('New')).parentElement?.textContent).toContain('X-Tenant')
    expect(screen.getAllByText('New')).toHaveLength(1)
    expect(fake.inputsOf('mcpServers.headersSeen')).toEqual([])
    unmount()
    await waitFor(() =>
      expect(fake.inputsOf('mcpServers.headersSeen')).toEqual([{ ...server, names: ['X-Tenant'] }]),
    )
  })

  it('is saved by Enter, and the typed value is gone from the field', async () => {
    let stored = false
    const { fake } = show(() => answerOf({}, [header({ inVault: stored, onServer: stored })]))
    const saved: unknown[] = []
    fake.answer('mcpServers.saveHeaders', (input) => {
      saved.push(input)
      stored = true
      return null
    })
    await type('seeded-secret-typed')
    fireEvent.submit((await field()).form as HTMLFormElement)
    await screen.findByText('In vault')
    expect(saved).toEqual([{ ...server, values: { 'X-Api-Key': 'seeded-secret-typed' } }])
    expect((await field()).value).toBe('')
    expect(screen.getByText('On server')).toBeTruthy()
  })

  it('keeps what was typed while an earlier value was saved', async () => {
    let answer: (value: null) => void = () => undefined
    const { fake } = show(answerOf())
    fake.answer('mcpServers.saveHeaders', () => new Promise((done) => (answer = done)))
    await type('first')
    fireEvent.submit((await field()).form as HTMLFormElement)
    await waitFor(() => expect(fake.inputsOf('mcpServers.saveHeaders')).toHaveLength(1))
    await type('second')
    answer(null)
    await waitFor(() => expect(fake.inputsOf('mcpServers.list').length).toBeGreaterThan(1))
    expect((await field()).value).toBe('second')
  })

  it('that is saved after a look at another page is gone from the field all the same', async () => {
    let answer: (value: null) => void = () => undefined
    const { fake, unmount } = show(answerOf())
    fake.answer('mcpServers.saveHeaders', () => new Promise((done) => (answer = done)))
    await type('typed')
    fireEvent.submit((await field()).form as HTMLFormElement)
    await waitFor(() => expect(fake.inputsOf('mcpServers.saveHeaders')).toHaveLength(1))
    unmount()
    answer(null)
    await waitFor(() => expect(useHeaderDrafts.getState()).toEqual({}))
  })

  it('that is cleared can be taken back after a look at another page', async () => {
    let answer: (value: { undoId: string }) => void = () => undefined
    const { fake, unmount } = show(answerOf({}, [header({ inVault: true })]))
    fake.answer('mcpServers.clearHeaders', () => new Promise((done) => (answer = done)))
    fireEvent.click(await screen.findByRole('button', { name: 'Clear X-Api-Key' }))
    await waitFor(() => expect(fake.inputsOf('mcpServers.clearHeaders')).toHaveLength(1))
    unmount()
    answer({ undoId: sampleId(5) })
    await waitFor(() =>
      expect(useToasts.getState().toasts.at(-1)).toMatchObject({
        title: 'X-Api-Key cleared',
        action: { label: 'Undo' },
      }),
    )
  })

  it('keeps what was typed when saving fails, and says what to do', async () => {
    const { fake } = show(answerOf())
    fake.answer('mcpServers.saveHeaders', () => {
      throw failure<'mcpServers.saveHeaders'>(
        'keychain_locked',
        'GNOME Keyring is locked. Unlock it and try again.',
      )
    })
    await type('a value')
    fireEvent.click(screen.getByRole('button', { name: 'Save' }))
    await screen.findByText('GNOME Keyring is locked. Unlock it and try again.')
    expect((await field()).value).toBe('a value')
  })

  it('keeps what was typed over a look at another page', async () => {
    const first = show(answerOf())
    await type('half a val')
    first.unmount()
    show(answerOf())
    expect((await field()).value).toBe('half a val')
  })

  it('refuses a NUL as it is typed', async () => {
    show(answerOf())
    await type('a\0b')
    await screen.findByText('A header value cannot hold a NUL character.')
  })

  it('is given up by Escape', async () => {
    show(answerOf())
    await type('no')
    fireEvent.keyDown(await field(), { key: 'Escape' })
    expect((await field()).value).toBe('')
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull()
  })

  it('cannot be typed into while the keychain is locked', async () => {
    show(answerOf({ vault: 'locked' }, [header({ onServer: true })]))
    expect((await field()).disabled).toBe(true)
    expect(screen.getByText(/keychain is locked/)).toBeTruthy()
  })
})

it('what the server lost is sent again by one press', async () => {
  let lost = true
  const { fake } = show(() => answerOf({}, [header({ inVault: true, onServer: !lost })]))
  fake.answer('mcpServers.pushHeaders', (input) => {
    expect(input).toEqual(server)
    lost = false
    return { pushed: 1 }
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Send it again' }))
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Send it again' })).toBeNull())
})

it('what nobody asks for any more is told and can be removed', async () => {
  const answer = answerOf()
  const [entry] = answer.servers
  const { fake } = show({ ...answer, servers: entry ? [{ ...entry, leftOver: ['X-Old'] }] : [] })
  const cleared: unknown[] = []
  fake.answer('mcpServers.clearHeaders', (input) => {
    cleared.push(input)
    return { undoId: null }
  })
  await screen.findByText('X-Old is not asked for any more')
  fireEvent.click(screen.getByRole('button', { name: 'Remove from the vault' }))
  await waitFor(() => expect(cleared).toEqual([{ ...server, names: ['X-Old'] }]))
})

it('servers are listed with their state, and shown one at a time', async () => {
  show(
    answerOf({
      servers: [
        { config: sampleMcpServer(), headers: [header()], leftOver: [] },
        {
          config: sampleMcpServer({ id: sampleId(9, 2), display_name: 'Docs', auth_type: 'none' }),
          headers: [],
          leftOver: [],
        },
      ],
    }),
  )
  const list = within(await screen.findByRole('list', { name: 'MCP servers' }))
  expect(list.getByText('0 of 1 value set')).toBeTruthy()
  fireEvent.click(list.getByRole('button', { name: /Docs/ }))
  await screen.findByRole('heading', { name: 'Docs' })
  expect(screen.getByText(/nothing for you to set/)).toBeTruthy()
})

it('servers of organizations have no gateway, since nothing can be set', async () => {
  show(answerOf({ capability: 'organization' }))
  await screen.findByRole('heading', { name: 'Weather' })
  expect(screen.queryByText('Header gateway')).toBeNull()
})

it.each([
  ['user_headers', 'No MCP servers yet'],
  ['organization', /keeps MCP servers in its organizations/],
  ['none', /has no MCP servers/],
] as const)('without servers, a deployment of the kind %s says so', async (capability, words) => {
  show({ capability, vault: 'ready', servers: [] })
  await screen.findByRole('heading', { name: words })
})

it('a description with markup in it is shown as text', async () => {
  const hostile = '<img src=x onerror=alert(1)> [click](javascript:alert(1))'
  const { container } = show(answerOf({}, [header({ description: hostile })]))
  await screen.findByText(hostile)
  expect(container.querySelector('img')).toBeNull()
})

it('a description of any length is cut until it is asked for, and turns no words around', async () => {
  const hostile = `exe.\u202Egnp ${'long '.repeat(20_000)}`
  const { container } = show(answerOf({}, [header({ description: hostile })]))
  await screen.findByText(/^exe\.gnp long/)
  expect(container.textContent.length).toBeLessThan(2000)
  fireEvent.click(screen.getByRole('button', { name: 'Show all' }))
  expect(container.textContent.length).toBeGreaterThan(100_000)
  fireEvent.click(screen.getByRole('button', { name: 'Show less' }))
  expect(container.textContent.length).toBeLessThan(2000)
})

it('of a thousand lost values five are named', async () => {
  show(
    answerOf(
      {},
      Array.from({ length: 1000 }, (_, at) => header({ name: `X-${at}`, inVault: true, onServer: false })),
    ),
  )
  await screen.findByText(/^X-0, X-1, X-2, X-3, X-4,? and 995 more are in your vault/)
})

describe('managing servers', () => {
  const allow = (fake: ReturnType<typeof createQuietBridge>, mayManage: boolean) =>
    fake.answer('mcpServerAdmin.access', () => ({ mayManage, hasUserKeys: true }))

  it('is offered to who may, and opens the form in place of the list', async () => {
    const { fake } = show(answerOf())
    allow(fake, true)
    fake.answer('mcpServerAdmin.get', () => ({ config: sampleMcpServer(), userCount: 3 }))
    fireEvent.click(await screen.findByRole('button', { name: 'Delete Weather' }))
    await screen.findByText(/deletes the values of 3 users with it/)
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    fireEvent.click(screen.getByRole('button', { name: 'Edit' }))
    await screen.findByRole('form', { name: 'Weather' })
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    fireEvent.click(await screen.findByRole('button', { name: 'Add server' }))
    await screen.findByRole('form', { name: 'New MCP server' })
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    await screen.findByRole('list', { name: 'MCP servers' })
  })

  it('deletes a server once its slug is typed', async () => {
    const { fake } = show(answerOf())
    allow(fake, true)
    fake.answer('mcpServerAdmin.get', () => ({ config: sampleMcpServer(), userCount: null }))
    fake.answer('mcpServerAdmin.delete', () => null)
    fireEvent.click(await screen.findByRole('button', { name: 'Delete Weather' }))
    fireEvent.change(await screen.findByLabelText(/^Type/), { target: { value: 'weather' } })
    fireEvent.click(screen.getByRole('button', { name: 'Delete server' }))
    await waitFor(() => expect(fake.inputsOf('mcpServerAdmin.delete')).toEqual([server]))
  })

  it('is not offered to anybody else', async () => {
    const { fake } = show(answerOf())
    allow(fake, false)
    await field()
    await waitFor(() => expect(fake.inputsOf('mcpServerAdmin.access')).not.toEqual([]))
    expect(screen.queryByRole('button', { name: /^(Edit|Add server|Delete Weather)$/ })).toBeNull()
  })
})

describe('tools of servers', () => {
  it.each([
    ['ready', false, true],
    ['ready', true, false],
    ['none', false, false],
  ] as const)('say that nobody is asked (chats: %s, approvals: %s): %s', async (chats, approvals, isSaid) => {
    const { fake } = show(answerOf())
    fake.answer('chats.support', () => ({ chats, approvals, desktop: false }))
    await field()
    await waitFor(() => expect(fake.inputsOf('chats.support').length).toBeGreaterThan(0))
    const said = 'Agents on This machine run the tools of these servers without asking you.'
    if (isSaid) await screen.findByText(said)
    else expect(screen.queryByText(said)).toBeNull()
  })
})
