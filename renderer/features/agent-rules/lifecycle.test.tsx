import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AgentLifecycle } from '#ipc/agent-rules'
import { failure } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { lifecycleDrafts, readTime, timeDraftOf } from './lifecycle-drafts.ts'
import { Lifecycle } from './lifecycle.tsx'

const deploymentId = 'local'
const hourMs = 3_600_000
const archive = 'Archive unused chats after'
const remove = 'Delete archived chats after'
const stop = 'Stop workspaces of agents after'

function show(saved: Partial<AgentLifecycle> = {}) {
  const fake = createQuietBridge()
  const scene: { lifecycle: AgentLifecycle } = {
    lifecycle: { workspaceTtlMs: 0, retentionDays: 0, autoArchiveDays: 0, ...saved },
  }
  fake.answer('agentRules.lifecycle', () => scene.lifecycle)
  fake.answer('agentRules.setLifecycle', ({ name, wished }) => {
    scene.lifecycle = { ...scene.lifecycle, [name]: wished }
    return null
  })
  return { fake, scene, ...renderPage(<Lifecycle deploymentId={deploymentId} />, fake) }
}
const field = (label: string) => screen.findByLabelText<HTMLInputElement>(label)
const write = async (label: string, value: string) =>
  fireEvent.change(await field(label), { target: { value } })
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }))
const confirm = async (name: string) =>
  fireEvent.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name }))

beforeEach(() =>
  act(() => {
    for (const drafts of Object.values(lifecycleDrafts)) drafts.setState({}, true)
  }),
)

describe('a time limit', () => {
  it('of workspaces is saved at once, since it takes nothing away', async () => {
    const { fake } = show({ workspaceTtlMs: 90 * 60_000 })
    expect((await field(stop)).value).toBe('90')
    await write(stop, '120')
    await press('Save')
    await waitFor(async () => expect((await field(stop)).value).toBe('2'))
    expect(fake.inputsOf('agentRules.setLifecycle')).toEqual([
      { deploymentId, name: 'workspaceTtlMs', seen: 90 * 60_000, wished: 2 * hourMs },
    ])
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull()
  })

  it('that deletes says what follows before it is saved, and can be thought over', async () => {
    const { fake } = show({ autoArchiveDays: 30 })
    await write(remove, '90')
    await press('Save')
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete archived chats after 90 days?' })
    expect(dialog.textContent).toContain('nobody can bring them back')
    expect(dialog.textContent).toContain('archived for being unused are among them')
    await confirm('Cancel')
    expect(fake.inputsOf('agentRules.setLifecycle')).toEqual([])
    expect((await field(remove)).value).toBe('90')
    await press('Save')
    await confirm('Delete archived chats')
    await waitFor(() =>
      expect(fake.inputsOf('agentRules.setLifecycle')).toEqual([
        { deploymentId, name: 'retentionDays', seen: 0, wished: 90 },
      ]),
    )
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull())
  })

  it('that archives says so, with when archived chats are deleted', async () => {
    show({ retentionDays: 7 })
    await write(archive, '1')
    await press('Save')
    const dialog = await screen.findByRole('alertdialog', {
      name: 'Archive chats that nobody uses for a day?',
    })
    expect(dialog.textContent).toContain('deleted, 7 days after their last change')
  })

  it('that is longer than before, or off, is not asked about', async () => {
    const { fake } = show({ retentionDays: 7, autoArchiveDays: 7 })
    await write(remove, '30')
    await press('Save')
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save' })).toBeNull())
    await write(archive, '0')
    await press('Save')
    await waitFor(() => expect(fake.inputsOf('agentRules.setLifecycle')).toHaveLength(2))
  })

  it('that cannot be is not sent', async () => {
    const { fake } = show()
    await write(remove, '3651')
    await screen.findByText('Write a number of days from 0 to 3,650.')
    expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Save' })).disabled).toBe(true)
    await press('Discard changes')
    expect((await field(remove)).value).toBe('0')
    expect(fake.inputsOf('agentRules.setLifecycle')).toEqual([])
  })

  it('stays typed over a look at another page and over a failure', async () => {
    const { unmount } = show()
    await write(archive, '14')
    unmount()
    const { fake } = show()
    fake.answer('agentRules.setLifecycle', () => {
      throw failure('unreachable', 'acme does not answer.')
    })
    await press('Save')
    await confirm('Archive unused chats')
    await screen.findByText('acme does not answer.')
    expect((await field(archive)).value).toBe('14')
  })

  it('that somebody else set meanwhile is told, and not written over by accident', async () => {
    const { fake, scene } = show({ retentionDays: 30 })
    fake.answer('agentRules.setLifecycle', () => {
      scene.lifecycle = { ...scene.lifecycle, retentionDays: 365 }
      throw failure<'agentRules.setLifecycle'>('changed_meanwhile', 'Somebody else was faster.')
    })
    await write(remove, '60')
    await press('Save')
    await screen.findByText('It is 365 days now.')
    expect(screen.queryByText('Somebody else was faster.')).toBeNull()
    await press('Go on with mine')
    await press('Save')
    await screen.findByRole('alertdialog', { name: 'Delete archived chats after 60 days?' })
  })

  it('that the deployment does not have is not shown', async () => {
    show({ workspaceTtlMs: null, retentionDays: null })
    await field(archive)
    expect(screen.queryByLabelText(stop)).toBeNull()
    expect(screen.queryByLabelText(remove)).toBeNull()
  })
})

describe('the time of workspaces', () => {
  it.each([0, 60_000, 90 * 60_000, 8 * hourMs, 36 * hourMs, 30 * 24 * hourMs, 90_500])(
    'of %i ms comes back from its text as it was',
    (value) => expect(readTime('workspaceTtlMs', timeDraftOf('workspaceTtlMs', value))).toEqual({ value }),
  )

  it.each([
    ['', 'hours'],
    ['-1', 'hours'],
    ['1e3', 'minutes'],
    ['0.5', 'minutes'],
    ['31', 'days'],
  ] as const)('is not %j %s', (amount, unit) => {
    expect(readTime('workspaceTtlMs', { amount, unit })).toHaveProperty('problem')
  })
})
