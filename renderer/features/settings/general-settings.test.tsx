import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { Settings } from '#ipc/settings'
import { failure } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleSettings } from '../../testing/wire-samples.ts'
import { ToastHost } from '../../ui/toast-host.tsx'
import { GeneralSettings } from './general-settings.tsx'

/** The page over settings that change as main changes them. */
function show(agents: Settings['agents'] = { notify: true, sound: false }) {
  let settings = sampleSettings({ agents })
  const fake = createQuietBridge()
  fake.feed('settings.watch', () => ({ settings, notices: [] }))
  fake.answer('settings.update', (patch) => {
    const { notify = settings.agents.notify, sound = settings.agents.sound } = patch.agents ?? {}
    settings = { ...settings, agents: { notify, sound } }
    fake.push('settings.watch', { settings, notices: [] })
    return settings
  })
  renderPage(
    <>
      <GeneralSettings />
      <ToastHost />
    </>,
    fake,
  )
  const [notify, sound] = ['Notifications of chats', 'Sound at the end'].map((name) =>
    screen.getByRole('switch', { name }),
  )
  if (!notify || !sound) throw new Error('The card of agents is not there.')
  const states = () => [notify, sound].map((one) => one.getAttribute('aria-checked') === 'true')
  return { fake, notify, sound, states }
}

describe('what is told of chats', () => {
  it('shows what was chosen, each by itself', async () => {
    const { states } = show({ notify: false, sound: true })
    await waitFor(() => expect(states()).toEqual([false, true]))
  })

  it('is changed one by one, and leaves the other as it is', async () => {
    const { fake, notify, sound, states } = show({ notify: true, sound: false })
    expect(states()).toEqual([true, false])
    fireEvent.click(sound)
    await waitFor(() => expect(states()).toEqual([true, true]))
    fireEvent.click(notify)
    await waitFor(() => expect(states()).toEqual([false, true]))
    expect(fake.inputsOf('settings.update')).toEqual([
      { agents: { sound: true } },
      { agents: { notify: false } },
    ])
  })

  it('stays as it was where main does not keep it, and says so', async () => {
    const { fake, notify, states } = show()
    fake.answer('settings.update', () => {
      throw failure<'settings.update'>('not_saved', 'The disk is full.')
    })
    fireEvent.click(notify)
    await screen.findByText('The setting is not saved')
    expect(screen.getByText('The disk is full.')).toBeTruthy()
    expect(states()).toEqual([true, false])
  })
})
