import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ToldPreferences } from '#bridge/contract/user-settings'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { ToastHost } from '../../ui/toast-host.tsx'
import { useToasts } from '../../ui/toast-store.ts'
import { useOwnDrafts } from './drafts.ts'
import { PersonalSettings } from './personal-settings.tsx'
import { windowSendKey } from './send-key.ts'
import { writtenTexts } from './written-texts.tsx'

const deploymentId = 'local'
const all: ToldPreferences = {
  thinking_display_mode: 'auto',
  shell_tool_display_mode: 'auto',
  code_diff_display_mode: 'auto',
  agent_chat_send_shortcut: 'enter',
}

interface Scene {
  readonly instructions?: string | null
  readonly preferences?: ToldPreferences | null
  readonly prepare?: (fake: FakeBridge) => void
}

function show({ instructions = null, preferences = null, prepare }: Scene = {}) {
  const fake = createQuietBridge()
  let text = instructions
  let told = preferences
  fake.answer('ownAgents.instructions', () => (text === null ? null : { text }))
  fake.answer('ownAgents.setInstructions', (input) => {
    text = input.text.trim()
    return { text }
  })
  fake.answer('ownAgents.preferences', () => told)
  fake.answer('ownAgents.setPreferences', ({ changes }) => {
    told = { ...told, ...changes }
    return null
  })
  prepare?.(fake)
  const page = (
    <>
      <PersonalSettings deploymentId={deploymentId} />
      <ToastHost />
    </>
  )
  return { fake, ...renderPage(page, fake) }
}
const box = () => screen.findByLabelText<HTMLTextAreaElement>(/should know and do/)
const type = async (text: string) => fireEvent.change(await box(), { target: { value: text } })
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }))
const choose = async (label: string, option: string) => {
  fireEvent.click(await screen.findByRole('combobox', { name: label }))
  const item = await screen.findByRole('option', { name: option })
  // The list takes a click only where the press began.
  fireEvent.pointerDown(item)
  fireEvent.click(item)
  await waitFor(() => expect(screen.queryByRole('option')).toBeNull())
}
const sendKeys = () => screen.findByRole('group', { name: 'Send with' })

beforeEach(() =>
  act(() => {
    useOwnDrafts.setState({}, true)
    writtenTexts.setState({}, true)
    useToasts.setState({ toasts: [] })
    windowSendKey.set('enter')
  }),
)

describe('instructions', () => {
  it('are saved, and shown as the deployment keeps them', async () => {
    const { fake } = show({ instructions: '' })
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull()
    await type('Be brief. ')
    await press('Save')
    await waitFor(async () => expect((await box()).value).toBe('Be brief.'))
    expect(fake.inputsOf('ownAgents.setInstructions')).toEqual([
      { deploymentId, seen: '', text: 'Be brief. ' },
    ])
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull()
  })

  it('stay typed over a look at another page, and are discarded', async () => {
    const first = show({ instructions: 'Be brief.' })
    await type('Be kind.')
    first.unmount()
    show({ instructions: 'Be brief.' })
    expect((await box()).value).toBe('Be kind.')
    await press('Discard')
    expect((await box()).value).toBe('Be brief.')
  })

  it('stay typed when they are refused, with the reason', async () => {
    show({
      instructions: '',
      prepare: (fake) =>
        fake.answer('ownAgents.setInstructions', () => {
          throw failure('deployment_error', 'custom_prompt holds what is not allowed.')
        }),
    })
    await type('Be brief.')
    await press('Save')
    await screen.findByText('custom_prompt holds what is not allowed.')
    expect((await box()).value).toBe('Be brief.')
  })

  it('that were changed elsewhere meanwhile are shown beside what is typed, and asked about', async () => {
    let text = 'Be brief.'
    show({
      prepare: (fake) => {
        fake.answer('ownAgents.instructions', () => ({ text }))
        fake.answer('ownAgents.setInstructions', () => {
          throw failure<'ownAgents.setInstructions'>('changed_meanwhile', 'It has changed.')
        })
      },
    })
    await type('Be kind.')
    text = 'Be exact.'
    await press('Save')
    await screen.findByText('This was changed elsewhere meanwhile')
    expect((await box()).value).toBe('Be kind.')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true)
    await press('Take what is saved')
    await waitFor(async () => expect((await box()).value).toBe('Be exact.'))
    expect(screen.queryByText('This was changed elsewhere meanwhile')).toBeNull()
  })

  it('that are too long are not sent', async () => {
    const { fake } = show({ instructions: '' })
    await type('ä'.repeat(70_000))
    await screen.findByText('Shorten it: a deployment takes 128 KiB.')
    expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Save' })).disabled).toBe(true)
    expect(fake.inputsOf('ownAgents.setInstructions')).toEqual([])
  })

  it('that cannot be read are read again', async () => {
    let fails = true
    show({
      prepare: (fake) =>
        fake.answer('ownAgents.instructions', () => {
          if (fails) throw failure('unreachable', 'acme does not answer.')
          return { text: 'Be brief.' }
        }),
    })
    await screen.findByText('acme does not answer.')
    fails = false
    await press('Try again')
    expect((await box()).value).toBe('Be brief.')
  })
})

describe('how conversations look', () => {
  it('is chosen, and taken back by the toast', async () => {
    const { fake } = show({ preferences: all })
    await choose('What a model thought', 'First lines')
    await screen.findByText('What a model thought: first lines')
    await press('Undo')
    await waitFor(() =>
      expect(fake.inputsOf('ownAgents.setPreferences').map(({ changes }) => changes)).toEqual([
        { thinking_display_mode: 'preview' },
        { thinking_display_mode: 'auto' },
      ]),
    )
  })

  it('stays as it was when it cannot be saved', async () => {
    show({
      preferences: all,
      prepare: (fake) =>
        fake.answer('ownAgents.setPreferences', () => {
          throw failure('unreachable', 'acme does not answer.')
        }),
    })
    await choose('Commands and their output', 'Always folded')
    await screen.findByText('acme does not answer.')
    const shown = screen.getByRole('combobox', { name: 'Commands and their output' })
    await waitFor(() => expect(shown.textContent).toContain('Automatic'))
  })

  it('is offered as far as the deployment keeps it', async () => {
    show({ preferences: { thinking_display_mode: 'sideways' } })
    const shown = await screen.findByRole('combobox', { name: 'What a model thought' })
    expect(shown.textContent).toContain('Another choice')
    expect(screen.queryByRole('combobox', { name: 'Changes of files' })).toBeNull()
  })

  it('is not there where the deployment keeps no preferences', async () => {
    show()
    await sendKeys()
    expect(screen.queryByText('Conversations')).toBeNull()
    expect(screen.queryByText('Instructions')).toBeNull()
  })
})

describe('the key that sends', () => {
  const pressed = async (name: string) =>
    within(await sendKeys())
      .getByRole('button', { name })
      .getAttribute('aria-pressed')

  it('is the deployment’s, and goes there', async () => {
    windowSendKey.set('enter')
    const { fake } = show({ preferences: { ...all, agent_chat_send_shortcut: 'modifier_enter' } })
    await waitFor(async () => expect(await pressed('Ctrl Enter')).toBe('true'))
    fireEvent.click(within(await sendKeys()).getByRole('button', { name: 'Enter' }))
    await waitFor(() =>
      expect(fake.inputsOf('ownAgents.setPreferences')).toEqual([
        { deploymentId, changes: { agent_chat_send_shortcut: 'enter' } },
      ]),
    )
  })

  it('is the window’s where the deployment keeps none', async () => {
    const { fake } = show()
    await screen.findByText(/kept on this computer/)
    fireEvent.click(within(await sendKeys()).getByRole('button', { name: 'Ctrl Enter' }))
    await waitFor(() => expect(windowSendKey.get()).toBe('mod-enter'))
    expect(fake.inputsOf('ownAgents.setPreferences')).toEqual([])
  })
})
