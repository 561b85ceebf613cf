import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  agentsBridge,
  chooseForRow,
  resetAgentsBeforeEach,
  sampleChatId,
  sampleChats,
  showAgents,
} from '../../testing/agents-page.tsx'
import { sampleChat } from '../../testing/chat-samples.ts'
import { failure } from '../../testing/fake-bridge.ts'

resetAgentsBeforeEach()

describe('a row', () => {
  it('pins', async () => {
    const fake = agentsBridge()
    showAgents(fake)
    await chooseForRow('Asks', 'Pin')
    await waitFor(() =>
      expect(fake.inputsOf('chats.update')).toMatchObject([{ chatId: sampleChatId(1), pinOrder: 1 }]),
    )
  })

  it('archives, and takes it back', async () => {
    const fake = agentsBridge([sampleChat({ id: sampleChatId(3), title: 'Over' })])
    showAgents(fake)
    await chooseForRow('Over', 'Archive')
    fireEvent.click(await screen.findByRole('button', { name: 'Undo' }))
    await waitFor(() =>
      expect(fake.inputsOf('chats.update').map(({ archived }) => archived)).toEqual([true, false]),
    )
  })

  it('offers to stop an agent at work before it is archived', async () => {
    const fake = agentsBridge()
    fake.answer('chats.update', () => {
      throw failure<'chats.update'>('busy', 'It is at work.')
    })
    fake.answer('chats.interrupt', () => null)
    showAgents(fake)
    await chooseForRow('Runs', 'Archive')
    const dialog = await screen.findByRole('alertdialog', { name: 'Stop the agent of Runs?' })
    fake.answer('chats.update', () => null)
    fireEvent.click(within(dialog).getByRole('button', { name: 'Stop and archive' }))
    await waitFor(() => expect(fake.openSubscriptions('chats.watchChat')).toBe(1))
    fake.push('chats.watchChat', { ...sampleChats[1]!, status: 'waiting' })
    await waitFor(() => expect(fake.inputsOf('chats.update').length).toBe(2))
  })

  it('is renamed, with a title of the model on demand', async () => {
    const fake = agentsBridge([sampleChat({ id: sampleChatId(3), title: 'Over' })])
    fake.answer('chats.proposeTitle', () => ({ title: 'Better' }))
    showAgents(fake)
    await chooseForRow('Over', 'Rename')
    const dialog = await screen.findByRole('dialog', { name: 'Rename the chat' })
    fireEvent.click(within(dialog).getByRole('button', { name: 'Propose' }))
    await within(dialog).findByDisplayValue('Better')
    fireEvent.click(within(dialog).getByRole('button', { name: 'Rename' }))
    await waitFor(() => expect(fake.inputsOf('chats.update')).toMatchObject([{ title: 'Better' }]))
  })
})
