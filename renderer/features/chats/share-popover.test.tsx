import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ChatUser } from '#bridge/contract/chats-sharing'
import { sampleChat } from '../../testing/chat-samples.ts'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId } from '../../testing/wire-samples.ts'
import { SharePopover } from './share-popover.tsx'

const chat = sampleChat()
const person = (index: number, username: string, name = '') => ({
  id: sampleId(60, index),
  username,
  ...(name === '' ? {} : { name }),
})
const grace = person(1, 'grace', 'Grace Hopper')
const linus = person(2, 'linus')

let fake: FakeBridge
let users: ChatUser[]

beforeEach(() => {
  users = []
  fake = createQuietBridge()
  fake.answer('chatSharing.readers', () => ({ users: [...users], groups: [] }))
  fake.answer('chatSharing.people', ({ text }) =>
    [grace, linus, { id: chat.owner_id, username: 'owner' }].filter(({ username }) =>
      username.includes(text),
    ),
  )
  fake.answer('chatSharing.groups', () => null)
  fake.answer('chatSharing.change', ({ id, reads }) => {
    users = users.filter((user) => user.id !== id)
    const added = [grace, linus].find((one) => one.id === id)
    if (reads && added) users.push({ ...added, role: 'read' })
    return null
  })
})

async function open(shown = chat): Promise<HTMLElement> {
  renderPage(<SharePopover deploymentId="local" chat={shown} />, fake)
  fireEvent.click(screen.getByRole('button', { name: /^Share/ }))
  return screen.findByRole('dialog', { name: 'Let others read along' })
}

describe('sharing a chat', () => {
  it('lets people read who are found by their names, and takes it away again', async () => {
    const popover = await open()
    await within(popover).findByText('Nobody else reads it.')
    fireEvent.change(within(popover).getByRole('searchbox', { name: 'Find people by name' }), {
      target: { value: 'gra' },
    })
    await waitFor(() => expect(fake.inputsOf('chatSharing.people').at(-1)?.text).toBe('gra'))
    fireEvent.click(await within(popover).findByRole('button', { name: 'Let grace read' }))
    const readers = await within(popover).findByRole('list', { name: 'Who reads this chat' })
    expect(readers.textContent).toContain('graceGrace Hoppercan read')
    expect(screen.getByRole('button', { name: 'Share: others read this chat' })).toBeTruthy()
    await waitFor(() => expect(within(popover).queryByRole('button', { name: 'Let grace read' })).toBeNull())
    expect(within(popover).getByRole('status').textContent).toBe('Everybody who fits reads it already.')

    fireEvent.click(within(readers).getByRole('button', { name: 'Stop sharing with grace' }))
    await within(popover).findByText('Nobody else reads it.')
    expect(fake.inputsOf('chatSharing.change')).toEqual([
      { deploymentId: 'local', chatId: chat.id, kind: 'user', id: grace.id, reads: true },
      { deploymentId: 'local', chatId: chat.id, kind: 'user', id: grace.id, reads: false },
    ])
  })

  it('shares with a group where the deployment has groups, and takes it away again', async () => {
    const payments = { id: sampleId(61), name: 'Payments \u202eteam', members: 12 }
    const everybody = { id: sampleId(61, 2), name: 'Everyone', members: 1 }
    let groups: (typeof payments)[] = []
    fake.answer('chatSharing.groups', () => [payments, everybody])
    fake.answer('chatSharing.readers', () => ({ users: [...users], groups: [...groups] }))
    fake.answer('chatSharing.change', ({ id, reads }) => {
      groups = reads ? [payments, everybody].filter((group) => group.id === id) : []
      return null
    })
    const popover = await open()
    const field = await within(popover).findByRole('searchbox', { name: 'Find people and groups by name' })
    fireEvent.change(field, { target: { value: 'pay' } })
    const found = await within(popover).findByRole('list', { name: 'People and groups' })
    await waitFor(() => expect(found.textContent).toBe('Payments teamGroup of 12'))
    fireEvent.click(within(found).getByRole('button', { name: 'Let the group Payments team read' }))
    const readers = await within(popover).findByRole('list', { name: 'Who reads this chat' })
    expect(readers.textContent).toContain('Payments teamGroup of 12can read')
    await within(popover).findByText('Everybody who fits reads it already.')
    fireEvent.click(within(readers).getByRole('button', { name: 'Stop sharing with Payments team' }))
    await within(popover).findByText('Nobody else reads it.')
    expect(fake.inputsOf('chatSharing.change')).toEqual([
      { deploymentId: 'local', chatId: chat.id, kind: 'group', id: payments.id, reads: true },
      { deploymentId: 'local', chatId: chat.id, kind: 'group', id: payments.id, reads: false },
    ])
  })

  it('offers groups where people may not be looked for', async () => {
    fake.answer('chatSharing.people', () => null)
    fake.answer('chatSharing.groups', () => [{ id: sampleId(61), name: 'Payments', members: 1 }])
    const popover = await open()
    await within(popover).findByRole('button', { name: 'Let the group Payments read' })
  })

  it.each([[null], [[]]])('says nothing of groups where there are none: %s', async (none) => {
    fake.answer('chatSharing.groups', () => none)
    const popover = await open()
    await within(popover).findByRole('button', { name: 'Let grace read' })
    expect(popover.textContent).not.toMatch(/group/i)
    expect(within(popover).getByRole('searchbox').getAttribute('placeholder')).not.toMatch(/group/i)
  })

  it('offers neither its owner nor who reads it already', async () => {
    users = [{ ...linus, role: 'read' }]
    const popover = await open()
    await within(popover).findByRole('button', { name: 'Let grace read' })
    expect(within(popover).queryByRole('button', { name: 'Let owner read' })).toBeNull()
    expect(within(popover).queryByRole('button', { name: 'Let linus read' })).toBeNull()
  })

  it('shows hostile names as text of one line', async () => {
    users = [{ id: sampleId(61), username: 'eve', name: 'Admin\u202Enimda\n<b>x</b>', role: 'read' }]
    const popover = await open()
    const readers = await within(popover).findByRole('list', { name: 'Who reads this chat' })
    expect(readers.textContent).not.toMatch(/[\u202E\n]/)
    expect(readers.textContent).toContain('<b>x</b>')
    expect(readers.querySelector('b')).toBeNull()
  })

  it('shows groups of other deployments, which can be taken off', async () => {
    const group = { id: sampleId(62), name: 'platform', members: 3 }
    fake.answer('chatSharing.readers', () => ({ users: [], groups: [group] }))
    const popover = await open()
    await within(popover).findByText('Group of 3')
    fireEvent.click(within(popover).getByRole('button', { name: 'Stop sharing with platform' }))
    await waitFor(() =>
      expect(fake.inputsOf('chatSharing.change')).toMatchObject([{ kind: 'group', reads: false }]),
    )
  })

  it('says that it looks for who reads it, until that is known', async () => {
    let answer = (): void => undefined
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    fake.answer('chatSharing.readers', async () => {
      await asked
      return { users: [], groups: [] }
    })
    const popover = await open()
    expect(within(popover).getByRole('status', { name: 'Loading who reads this chat' })).toBeTruthy()
    answer()
    await within(popover).findByText('Nobody else reads it.')
    expect(within(popover).queryByRole('status', { name: 'Loading who reads this chat' })).toBeNull()
  })

  it('says why it is not possible', async () => {
    fake.answer('chatSharing.readers', () => {
      throw failure('forbidden', 'Chat sharing is disabled for this deployment.')
    })
    const popover = await open()
    expect((await within(popover).findByRole('alert')).textContent).toContain('Chat sharing is disabled')
    expect(within(popover).queryByRole('searchbox')).toBeNull()
  })

  it('says when people cannot be looked for, and still takes readers off', async () => {
    users = [{ ...grace, role: 'read' }]
    fake.answer('chatSharing.people', () => null)
    const popover = await open()
    await within(popover).findByText(/does not let you look for people/)
    expect(within(popover).getByRole('button', { name: 'Stop sharing with grace' })).toBeTruthy()
  })

  it('tells what the deployment refuses', async () => {
    fake.answer('chatSharing.change', () => {
      throw failure<'chatSharing.change'>('refused', 'There is no such user.')
    })
    const popover = await open()
    fireEvent.click(await within(popover).findByRole('button', { name: 'Let linus read' }))
    expect((await within(popover).findByRole('alert')).textContent).toContain('There is no such user.')
  })
})
