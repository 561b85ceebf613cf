import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import {
  composedChatId,
  messageBox,
  resetComposerBeforeEach,
  showComposer,
  writeMessage,
} from '../../../testing/chat-composer.tsx'
import { failure, type FakeBridge } from '../../../testing/fake-bridge.ts'
import { sampleId } from '../../../testing/wire-samples.ts'

resetComposerBeforeEach()

describe('commands', () => {
  it('are offered after a slash, run, and leave no text', async () => {
    showComposer()
    const field = await writeMessage('/pl')
    await screen.findByRole('option', { name: /\/plan/ })
    fireEvent.keyDown(field, { key: 'Enter' })
    await screen.findByText('Plan first')
    expect(field.value).toBe('')
    fireEvent.click(screen.getByRole('button', { name: 'Do it without a plan' }))
    await waitFor(() => expect(screen.queryByText('Plan first')).toBeNull())
  })

  it('have what was said summed up, or say why that cannot be', async () => {
    const { fake } = showComposer({}, (main) => main.answer('chats.compact', () => null))
    const run = async () => {
      const field = await writeMessage('/com')
      await screen.findByRole('option', { name: /\/compact/ })
      fireEvent.keyDown(field, { key: 'Enter' })
    }
    await run()
    await waitFor(() =>
      expect(fake.inputsOf('chats.compact')).toEqual([{ deploymentId: 'local', chatId: composedChatId }]),
    )
    expect((await messageBox()).value).toBe('')
    fake.answer('chats.compact', () => {
      throw failure<'chats.compact'>('not_now', 'There is nothing to summarise yet.')
    })
    await run()
    await screen.findByText('There is nothing to summarise yet.')
  })

  it('do not sum up while the agent is at work', async () => {
    showComposer({ chat: { status: 'running' } })
    await writeMessage('/')
    await screen.findByRole('option', { name: /\/stop/ })
    expect(screen.queryByRole('option', { name: /\/compact/ })).toBeNull()
  })

  it('have the user’s own skills, before those of the workspace, also where a chat begins', async () => {
    const own = (name: string) => ({
      ...{ id: sampleId(61), name, description: `My ${name}` },
      ...{ created_at: '2026-11-01T10:00:00Z', updated_at: '2026-11-01T10:00:00Z' },
    })
    const ofWorkspace = {
      ...{ source: '.agents/skills/migrate/SKILL.md', kind: 'skill' as const, size_bytes: 10 },
      ...{ skill_name: 'migrate', skill_description: 'Theirs', status: 'ok' as const },
    }
    const prepare = (fake: FakeBridge) =>
      fake.answer('ownAgents.skills', () => [own('migrate'), own('plan'), own('not typable')])
    const context = { dirty: false, resources: [ofWorkspace] }
    const { unmount } = showComposer({ chat: { context } }, prepare)
    await writeMessage('/')
    await screen.findByRole('option', { name: '/migrate My migrate' })
    expect(screen.queryByRole('option', { name: /Theirs|My plan|not typable/ })).toBeNull()
    unmount()
    showComposer({ isNew: true }, prepare)
    await writeMessage('/mig')
    await screen.findByRole('option', { name: '/migrate My migrate' })
  })

  it('have the skills of the workspace, which begin the message', async () => {
    const skill = (name: string, more: object = {}) => ({
      source: `.agents/skills/${name}/SKILL.md`,
      kind: 'skill' as const,
      size_bytes: 10,
      skill_name: name,
      skill_description: `How to\u202E ${name}`,
      status: 'ok' as const,
      ...more,
    })
    const resources = [
      skill('migrate'),
      skill('plan'),
      skill('broken', { status: 'invalid' }),
      skill('two words'),
      skill('notes', { kind: 'instruction_file' }),
    ]
    const { fake } = showComposer({ chat: { context: { dirty: false, resources } } }, (main) =>
      main.answer('chats.send', () => ({ queued: false, warnings: [] })),
    )
    const field = await writeMessage('/')
    await screen.findByRole('option', { name: '/migrate How to migrate' })
    expect(screen.getAllByRole('option', { name: /plan/ })).toHaveLength(1)
    expect(screen.queryByRole('option', { name: /broken|two words|notes/ })).toBeNull()
    await writeMessage('/MIG')
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() => expect(field.value).toBe('/migrate '))
    expect(screen.queryByRole('option')).toBeNull()
    await writeMessage('/migrate the ledger')
    fireEvent.keyDown(field, { key: 'Enter' })
    await waitFor(() =>
      expect(fake.inputsOf('chats.send')).toMatchObject([{ content: [{ text: '/migrate the ledger' }] }]),
    )
  })

  it('are text after Escape', async () => {
    showComposer()
    const field = await writeMessage('/pl')
    await screen.findByRole('option', { name: /\/plan/ })
    fireEvent.keyDown(field, { key: 'Escape' })
    expect(screen.queryByRole('option', { name: /\/plan/ })).toBeNull()
    expect(field.value).toBe('/pl')
  })
})
