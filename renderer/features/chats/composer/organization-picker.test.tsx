import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import {
  composedPlace,
  messageBox,
  resetComposerBeforeEach,
  showComposer,
  writeMessage,
} from '../../../testing/chat-composer.tsx'
import { FakeFailure, type FakeBridge } from '../../../testing/fake-bridge.ts'
import { sampleId, sampleMcpServer, sampleWorkspace } from '../../../testing/wire-samples.ts'
import { lastChoices } from './chat-model.ts'
import { createDraftStore, draftPlace, drafts } from './draft-store.ts'

resetComposerBeforeEach()

const coder = { id: sampleId(70), name: 'Coder', isDefault: true }
const platform = { id: sampleId(71), name: 'Plat\u202Eform', isDefault: false }
const ledger = sampleWorkspace({ id: sampleId(72), name: 'ledger', organization_id: platform.id })
const shop = sampleWorkspace({ id: sampleId(73), name: 'shop', organization_id: coder.id })

const ofBoth = (fake: FakeBridge) => {
  fake.answer('chats.organizations', () => [coder, platform])
  fake.feed('workspaces.watchList', () => ({ workspaces: [shop, ledger], count: 2 }))
}
const showNew = (prepare: (fake: FakeBridge) => void = ofBoth) => showComposer({ isNew: true }, prepare)
const picker = (name: string) => screen.findByRole('button', { name: `Organization: ${name}` })
const choose = async (button: string, option: RegExp) => {
  fireEvent.click(await screen.findByRole('button', { name: button }))
  fireEvent.click(await screen.findByRole('option', { name: option }))
}
const send = async (fake: FakeBridge) => {
  const before = fake.inputsOf('chats.create').length
  fireEvent.keyDown(await writeMessage('Go'), { key: 'Enter' })
  await waitFor(() => expect(fake.inputsOf('chats.create').length).toBe(before + 1))
  return fake.inputsOf('chats.create').at(-1)
}

it('is the default one until another is chosen, which is kept with the draft and for the next chat', async () => {
  const { fake } = showNew()
  await choose('Organization: Coder', /^Platform/)
  await picker('Platform')
  expect(createDraftStore().read(draftPlace('local', undefined)).draft.organizationId).toBe(platform.id)
  expect(lastChoices.get()['local']).toBeUndefined()
  expect(await send(fake)).toMatchObject({ organizationId: platform.id })
  await waitFor(() => expect(lastChoices.get()['local']?.organizationId).toBe(platform.id))
})

it('is the last one for another chat', async () => {
  lastChoices.set({ local: { organizationId: platform.id } })
  showNew()
  await picker('Platform')
})

it('is not shown where there is no choice', async () => {
  const { fake } = showNew((main) => main.answer('chats.organizations', () => [coder]))
  await messageBox()
  await waitFor(() => expect(fake.inputsOf('chats.organizations').length).toBe(1))
  expect(screen.queryByRole('button', { name: /^Organization/ })).toBeNull()
  await writeMessage('/org')
  expect(screen.queryByRole('option', { name: /organization/ })).toBeNull()
})

it('opens by a command', async () => {
  showNew()
  await picker('Coder')
  const field = await writeMessage('/org')
  await screen.findByRole('option', { name: /\/organization/ })
  fireEvent.keyDown(field, { key: 'Enter' })
  await screen.findByRole('listbox', { name: 'Organizations' })
})

it('is the one of the workspace, says so, and takes the workspace away when it is another', async () => {
  const { fake } = showNew()
  await choose('Workspace: No workspace', /ledger/)
  await picker('Platform')
  expect(await send(fake)).toMatchObject({ organizationId: platform.id, workspaceId: ledger.id })
  fireEvent.click(await picker('Platform'))
  await screen.findByText(/ledger is in Platform, and so is an agent that works there/)
  fireEvent.click(await screen.findByRole('option', { name: /^Coder/ }))
  await picker('Coder')
  await screen.findByRole('button', { name: 'Workspace: No workspace' })
  const sent = await send(fake)
  expect(sent).toMatchObject({ organizationId: coder.id })
  expect(sent).not.toHaveProperty('workspaceId')
})

it('stays when the workspace is left', async () => {
  showNew()
  await choose('Workspace: No workspace', /ledger/)
  await choose('Workspace: ledger', /^No workspace/)
  await picker('Platform')
})

it('has its own workspaces before those of others', async () => {
  showNew()
  await choose('Organization: Coder', /^Platform/)
  fireEvent.click(await screen.findByRole('button', { name: 'Workspace: No workspace' }))
  const list = await screen.findByRole('listbox', { name: 'Workspaces' })
  expect(
    within(list)
      .getAllByRole('group')
      .map((group) => group.getAttribute('aria-label')),
  ).toEqual(['', 'Platform', 'Coder'])
})

it('takes the files of the draft along, which lie in organizations, too', async () => {
  const { fake } = showNew((main) => {
    ofBoth(main)
    main.answer('chats.readFile', () => ({ mediaType: 'text/plain', data: btoa('one') }))
    main.answer('chats.uploadFile', ({ organizationId }) => ({
      fileId: organizationId === platform.id ? sampleId(42) : sampleId(41),
    }))
  })
  await picker('Coder')
  const files = [new File(['one'], 'a.txt', { type: 'text/plain' })]
  fireEvent.change(screen.getByLabelText('Files to attach'), { target: { files } })
  const attached = () => drafts.read(draftPlace('local', undefined)).draft.attachments[0]?.fileId
  await waitFor(() => expect(attached()).toBe(sampleId(41)))
  await choose('Organization: Coder', /^Platform/)
  await waitFor(() => expect(attached()).toBe(sampleId(42)))
  expect(fake.inputsOf('chats.readFile')).toEqual([{ deploymentId: 'local', fileId: sampleId(41) }])
  expect(fake.inputsOf('chats.uploadFile').at(-1)).toMatchObject({
    ...{ name: 'a.txt', mediaType: 'text/plain', piece: btoa('one'), organizationId: platform.id },
  })
  expect(await send(fake)).toMatchObject({ content: [{ type: 'text' }, { file_id: sampleId(42) }] })
})

it('does not take a file that cannot come along, and goes on without the move where it is taken back', async () => {
  const { fake } = showNew((main) => {
    ofBoth(main)
    main.answer('chats.readFile', () => {
      throw new FakeFailure('not_found', 'The file is gone.')
    })
    main.answer('chats.uploadFile', () => ({ fileId: sampleId(41) }))
  })
  await picker('Coder')
  const files = [new File(['one'], 'a.txt', { type: 'text/plain' })]
  fireEvent.change(screen.getByLabelText('Files to attach'), { target: { files } })
  await waitFor(() =>
    expect(drafts.read(draftPlace('local', undefined)).draft.attachments[0]?.fileId).toBe(sampleId(41)),
  )
  await choose('Organization: Coder', /^Platform/)
  await screen.findByText('The file is gone.')
  screen.getByRole('button', { name: 'Remove the file that is not uploaded, or try it again' })
  await choose('Organization: Platform', /^Coder/)
  await waitFor(() => expect(screen.queryByText('The file is gone.')).toBeNull())
  expect(await send(fake)).toMatchObject({ content: [{ type: 'text' }, { file_id: sampleId(41) }] })
})

it('begins with the MCP servers of its own, whatever was left out in another one', async () => {
  const entry = (id: string, organizationId: string) => ({
    config: sampleMcpServer({ id, auth_type: 'none', availability: 'default_on', display_name: id }),
    ...{ headers: [], leftOver: [], organizationIds: [organizationId] },
  })
  const servers = [entry('weather', coder.id), entry('ledger', platform.id)]
  lastChoices.set({ local: { organizationId: coder.id, mcpServerIds: [] } })
  const { fake } = showNew((main) => {
    ofBoth(main)
    main.answer('mcpServers.list', () => ({ capability: 'organization', vault: 'ready', servers }))
  })
  await screen.findByRole('button', { name: 'MCP servers: 0 of 1' })
  await choose('Organization: Coder', /^Platform/)
  await screen.findByRole('button', { name: 'MCP servers: 1 of 1' })
  expect(await send(fake)).toMatchObject({ mcpServerIds: ['ledger'] })
})

it('holds while it is not known which there are, and where that cannot be read', async () => {
  lastChoices.set({ local: { organizationId: platform.id } })
  const { fake } = showNew((main) => {
    main.answer('chats.organizations', () => new Promise(() => undefined))
  })
  await messageBox()
  expect(await send(fake)).toMatchObject({ organizationId: platform.id })
})

it('is not taken back by a workspace that is told later', async () => {
  lastChoices.set({ local: { workspaceId: shop.id } })
  const { fake } = showNew((main) => {
    main.answer('chats.organizations', () => [coder, platform])
    main.feed('workspaces.watchList', () => undefined)
  })
  await choose('Organization: Coder', /^Platform/)
  fake.push('workspaces.watchList', { workspaces: [shop, ledger], count: 2 })
  await picker('Platform')
  expect(lastChoices.get()['local']?.workspaceId).toBeUndefined()
})

it('is forgotten when its user is not in it any more', async () => {
  lastChoices.set({ local: { organizationId: sampleId(79) } })
  showNew()
  await picker('Coder')
})

it('has its own MCP servers, and those of everybody', async () => {
  const entry = (id: string, organizationIds?: string[]) => ({
    config: sampleMcpServer({ id, auth_type: 'none', availability: 'default_on', display_name: id }),
    ...{ headers: [], leftOver: [], ...(organizationIds === undefined ? {} : { organizationIds }) },
  })
  const servers = [entry('all'), entry('shared', [coder.id, platform.id]), entry('ours', [platform.id])]
  const withServers = (fake: FakeBridge) => {
    ofBoth(fake)
    fake.answer('mcpServers.list', () => ({ capability: 'organization', vault: 'ready', servers }))
  }
  const { fake, unmount } = showNew(withServers)
  await screen.findByRole('button', { name: 'MCP servers: 2 of 2' })
  expect(await send(fake)).toMatchObject({ mcpServerIds: ['all', 'shared'] })
  unmount()
  showComposer({ chat: { organization_id: sampleId(79) } }, withServers)
  await screen.findByRole('button', { name: 'MCP servers: 0 of 1' })
})

it('of a chat holds for its files and its workspace', async () => {
  const { fake } = showComposer({ chat: { organization_id: platform.id } }, (main) => {
    ofBoth(main)
    main.answer('chats.uploadFile', () => ({ fileId: sampleId(40) }))
  })
  fireEvent.click(await screen.findByRole('button', { name: 'Workspace: No workspace' }))
  await screen.findByRole('option', { name: /ledger/ })
  expect(screen.queryByRole('option', { name: /shop/ })).toBeNull()
  const files = [new File(['x'], 'a.txt', { type: 'text/plain' })]
  fireEvent.change(screen.getByLabelText('Files to attach'), { target: { files } })
  await waitFor(() =>
    expect(fake.inputsOf('chats.uploadFile')).toMatchObject([{ organizationId: platform.id }]),
  )
  await waitFor(() => expect(drafts.read(composedPlace).draft.attachments[0]?.fileId).toBe(sampleId(40)))
})
