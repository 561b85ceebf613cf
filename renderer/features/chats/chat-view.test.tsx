import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import { agentsBridge, resetAgentsBeforeEach, sampleChatId, showAgents } from '../../testing/agents-page.tsx'
import { sampleChat, sampleMessage } from '../../testing/chat-samples.ts'
import { failure } from '../../testing/fake-bridge.ts'
import { sampleId } from '../../testing/wire-samples.ts'
import type { PanelSlots } from './panel/panel-slots.ts'

resetAgentsBeforeEach()

describe('one chat', () => {
  it('shows its title on the page and in the window, and renames in place', async () => {
    const fake = agentsBridge()
    showAgents(fake, sampleChatId(3))
    fireEvent.click(await screen.findByRole('button', { name: 'Done' }))
    expect(document.title).toBe('Done · Outpost')
    const field = screen.getByRole('textbox', { name: 'Title' })
    fireEvent.change(field, { target: { value: 'New name' } })
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(fake.inputsOf('chats.update')).toMatchObject([{ title: 'New name' }]))
  })

  it('of somebody else is read only', async () => {
    showAgents(
      agentsBridge([sampleChat({ id: sampleChatId(4), owner_id: sampleId(99), owner_name: 'Ann' })]),
      sampleChatId(4),
    )
    await screen.findByText(/belongs to Ann/)
    expect(screen.queryByRole('textbox', { name: 'Message' })).toBeNull()
  })

  it('of somebody else is not shared by its readers, and goes when it is not shared any more', async () => {
    const workspace_id = sampleId(2)
    const of = { owner_id: sampleId(99), owner_name: 'Ann', shared: true, workspace_id }
    const fake = agentsBridge([sampleChat({ id: sampleChatId(4), ...of })])
    fake.feed('workspaces.watch', () => {
      throw failure('not_found', 'Resource not found.')
    })
    showAgents(fake, sampleChatId(4))
    await screen.findByText(/belongs to Ann/)
    expect(screen.queryByText('The workspace is gone')).toBeNull()
    expect(screen.queryByRole('button', { name: /^Share/ })).toBeNull()
    fake.fail('chats.watchTranscript', failure('not_found', 'Resource not found.'))
    await screen.findByText('This chat is not there')
    expect(screen.queryByText(/belongs to Ann/)).toBeNull()
  })

  it('of the user is shared from its header, a sub-agent with its root', async () => {
    const root = sampleChat({ id: sampleChatId(4), title: 'Root', shared: true })
    const child = sampleChat({
      id: sampleChatId(5),
      title: 'Child',
      parent_chat_id: sampleChatId(4),
      shared: true,
    })
    const { unmount } = showAgents(agentsBridge([root]), sampleChatId(4))
    await screen.findByRole('button', { name: 'Share: others read this chat' })
    unmount()
    showAgents(agentsBridge([child]), sampleChatId(5))
    await screen.findByRole('button', { name: 'Child' })
    expect(screen.queryByRole('button', { name: /^Share/ })).toBeNull()
  })

  it('in the archive is taken out of it', async () => {
    const fake = agentsBridge([sampleChat({ id: sampleChatId(4), archived: true })])
    showAgents(fake, sampleChatId(4))
    fireEvent.click(await screen.findByRole('button', { name: 'Take out of the archive' }))
    await waitFor(() => expect(fake.inputsOf('chats.update')).toMatchObject([{ archived: false }]))
  })

  it('that is not there leads to a new one', async () => {
    const fake = agentsBridge()
    fake.feed('chats.watchChat', () => {
      throw failure('not_found', 'No such chat.')
    })
    const { actions } = showAgents(fake, sampleChatId(8))
    await screen.findByText('This chat is not there')
    fireEvent.click(screen.getAllByRole('button', { name: 'New agent' })[0]!)
    expect(actions.goToAgents).toHaveBeenCalled()
  })

  it('says when what is shown may be old', async () => {
    const fake = agentsBridge()
    showAgents(fake, sampleChatId(3))
    await screen.findByRole('textbox', { name: 'Message' })
    fake.push('chats.watchTranscript', {
      kind: 'opened',
      messages: [sampleMessage(1, 'Hello')],
      hasMore: false,
      queue: [],
    })
    fake.push('chats.watchTranscript', { kind: 'connection', state: 'waiting', retryAt: Date.now() + 4000 })
    await screen.findByText(/Reconnecting to this chat/)
  })

  it('lets a plan be changed in words', async () => {
    const chat = sampleChat({ id: sampleChatId(3), title: 'Done', plan_mode: 'plan' })
    const fake = agentsBridge([chat])
    const call = { tool_call_id: 'a', tool_name: 'propose_plan', parsed_commands: [] }
    fake.feed('chats.watchTranscript', () => ({
      kind: 'opened',
      messages: [
        sampleMessage(1, '', {
          role: 'assistant',
          content: [{ ...call, type: 'tool-call', args: { path: 'plan.md' } }],
        }),
        sampleMessage(2, '', {
          role: 'tool',
          content: [{ ...call, type: 'tool-result', result: { ok: true, path: 'plan.md' } }],
        }),
      ],
      hasMore: false,
      queue: [],
    }))
    showAgents(fake, sampleChatId(3))
    const changes = await screen.findByText('Ask for changes')
    // The box has the focus from the start; a press takes it away.
    screen.getByLabelText('Message').blur()
    fireEvent.click(changes)
    expect(document.activeElement).toBe(screen.getByLabelText('Message'))
  })

  it('keeps what is typed into a card while another chat is looked at', async () => {
    const call = { tool_call_id: 'q', tool_name: 'ask_user_question', parsed_commands: [] }
    const args = { questions: [{ header: 'How', question: 'How many?', options: [{ label: 'Five' }] }] }
    const asking = [
      sampleMessage(1, '', { role: 'assistant', content: [{ ...call, type: 'tool-call', args }] }),
      sampleMessage(2, '', { role: 'tool', content: [{ ...call, type: 'tool-result', result: {} }] }),
    ]
    // Each visit is a window of its own: nothing is kept but what the page keeps itself.
    const visit = (chatId: string) => {
      const fake = agentsBridge()
      fake.feed('chats.watchTranscript', ({ chatId: asked }) => ({
        kind: 'opened',
        messages: asked === sampleChatId(3) ? asking : [sampleMessage(1, 'Said elsewhere')],
        hasMore: false,
        queue: [],
      }))
      return showAgents(fake, chatId)
    }
    const first = visit(sampleChatId(3))
    fireEvent.change(await screen.findByLabelText('Another answer'), { target: { value: 'seven' } })
    first.unmount()
    const second = visit(sampleChatId(2))
    await screen.findByText('Said elsewhere')
    second.unmount()
    visit(sampleChatId(3))
    expect((await screen.findByLabelText<HTMLInputElement>('Another answer')).value).toBe('seven')
  })

  it('copies itself as Markdown', async () => {
    const fake = agentsBridge()
    fake.feed('chats.watchTranscript', () => ({
      kind: 'opened',
      messages: [sampleMessage(1, 'Hello')],
      hasMore: false,
      queue: [],
    }))
    fake.answer('app.copyText', () => null)
    showAgents(fake, sampleChatId(3))
    await screen.findByText('Hello')
    fireEvent.click(screen.getByRole('button', { name: 'More actions' }))
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Copy as Markdown' }))
    await waitFor(() =>
      expect(fake.inputsOf('app.copyText')).toEqual([{ text: '# Done\n\n## You\n\nHello\n' }]),
    )
  })

  it('has a panel with the tabs that have something for it', async () => {
    const panel: PanelSlots = {
      changes: {
        render: ({ addReference }) => (
          <button
            type="button"
            onClick={() =>
              addReference({ fileName: 'a/b.go', startLine: 3, endLine: 4, content: 'x' }, 'Shorter')
            }
          >
            Comment
          </button>
        ),
      },
      plan: { isFor: () => false, render: () => 'No' },
      cost: { render: () => 'Costs' },
    }
    showAgents(agentsBridge(), sampleChatId(3), panel)
    fireEvent.click(await screen.findByRole('button', { name: 'Open the panel' }))
    expect(screen.getAllByRole('tab').map(({ textContent }) => textContent)).toEqual(['Changes', 'Cost'])
    fireEvent.click(screen.getByRole('button', { name: 'Comment' }))
    await screen.findByText(/b.go:3/)
    fireEvent.click(screen.getByRole('tab', { name: 'Cost' }))
    await screen.findByText('Costs')
    fireEvent.click(screen.getByRole('button', { name: 'Remove b.go' }))
  })

  it('without such tabs has no panel', async () => {
    showAgents(agentsBridge(), sampleChatId(3))
    await screen.findByRole('textbox', { name: 'Message' })
    expect(screen.queryByRole('button', { name: 'Open the panel' })).toBeNull()
  })
})
