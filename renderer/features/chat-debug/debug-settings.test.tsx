import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { UserChatDebugLoggingSettings } from '#bridge/contract/chats-debug'
import { sampleDebugLogging } from '../../testing/debug-samples.ts'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { useToasts } from '../../ui/toast-store.ts'
import { DebugSettings } from './debug-settings.tsx'
import { useRetentionDrafts } from './retention-draft.ts'

const deploymentId = 'local'

interface Scene {
  readonly logging?: Partial<UserChatDebugLoggingSettings> | null
  readonly isAdmin?: boolean
  readonly prepare?: (fake: FakeBridge) => void
}

function show({ logging = {}, isAdmin = false, prepare }: Scene = {}) {
  const fake = createQuietBridge()
  let shown = logging === null ? null : sampleDebugLogging(logging)
  let rules = { allowUsers: false, isForced: false, retentionDays: 30 }
  fake.answer('chatDebug.logging', () => shown)
  fake.answer('chatDebug.rules', () => (isAdmin ? rules : null))
  fake.answer('chatDebug.setLogging', ({ enabled }) => {
    shown = sampleDebugLogging({ ...logging, debug_logging_enabled: enabled })
    return null
  })
  fake.answer('chatDebug.setRules', ({ allowUsers, retentionDays }) => {
    rules = {
      ...rules,
      ...(allowUsers === undefined ? {} : { allowUsers }),
      ...(retentionDays === undefined ? {} : { retentionDays }),
    }
    return null
  })
  prepare?.(fake)
  const page = <DebugSettings deploymentId={deploymentId} deploymentName="acme" />
  return { fake, ...renderPage(page, fake) }
}
const ownSwitch = () => screen.findByRole('switch', { name: 'Debug logging' })
const days = () => screen.findByLabelText<HTMLInputElement>('Days to keep debug runs')
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }))

beforeEach(() => act(() => useRetentionDrafts.setState({}, true)))

describe('debug logging of one’s own chats', () => {
  it('is switched on and off', async () => {
    const { fake } = show({ logging: { debug_logging_enabled: false } })
    fireEvent.click(await ownSwitch())
    await waitFor(async () => expect((await ownSwitch()).getAttribute('aria-checked')).toBe('true'))
    expect(fake.inputsOf('chatDebug.setLogging')).toEqual([{ deploymentId, enabled: true }])
  })

  it.each([
    [{ forced_by_deployment: true, user_toggle_allowed: false }, /acme has it on for everybody/],
    [{ user_toggle_allowed: false, debug_logging_enabled: false }, /administrator of acme has not allowed/],
  ])('says why it cannot be switched (%o)', async (logging, reason) => {
    show({ logging })
    await screen.findByText(reason)
    expect((await ownSwitch()).getAttribute('aria-disabled')).toBe('true')
  })

  it('stays as it was when it cannot be saved', async () => {
    show({
      logging: { debug_logging_enabled: false },
      prepare: (fake) =>
        fake.answer('chatDebug.setLogging', () => {
          throw failure<'chatDebug.setLogging'>('not_allowed', 'An administrator has not allowed it.')
        }),
    })
    fireEvent.click(await ownSwitch())
    await waitFor(() =>
      expect(useToasts.getState().toasts.at(-1)?.detail).toBe('An administrator has not allowed it.'),
    )
    await waitFor(async () => expect((await ownSwitch()).getAttribute('aria-checked')).toBe('false'))
  })

  it('is not there on every deployment', async () => {
    show({ logging: null })
    await screen.findByText('acme has no debug logging')
  })
})

describe('what holds for everybody', () => {
  it('is for administrators', async () => {
    const { unmount } = show()
    await ownSwitch()
    expect(screen.queryByRole('switch', { name: 'People may switch it on' })).toBeNull()
    unmount()
    const { fake } = show({ isAdmin: true })
    fireEvent.click(await screen.findByRole('switch', { name: 'People may switch it on' }))
    await waitFor(() =>
      expect(fake.inputsOf('chatDebug.setRules')).toEqual([{ deploymentId, allowUsers: true }]),
    )
  })

  it('keeps runs for the days that are typed, which stay typed over a look at another page', async () => {
    const first = show({ isAdmin: true })
    fireEvent.change(await days(), { target: { value: 'a week' } })
    fireEvent.blur(await days())
    await screen.findByText('Write a number of days from 0 to 3650.')
    await press('Save')
    expect(first.fake.inputsOf('chatDebug.setRules')).toEqual([])
    first.unmount()
    const { fake } = show({ isAdmin: true })
    expect((await days()).value).toBe('a week')
    fireEvent.change(await days(), { target: { value: '7' } })
    await press('Save')
    await waitFor(() =>
      expect(fake.inputsOf('chatDebug.setRules')).toEqual([{ deploymentId, retentionDays: 7 }]),
    )
    await waitFor(async () => expect((await days()).value).toBe('7'))
    expect(screen.queryByRole('button', { name: 'Save' })).toBeNull()
  })

  it('stays typed when it is refused', async () => {
    show({
      isAdmin: true,
      prepare: (fake) =>
        fake.answer('chatDebug.setRules', () => {
          throw failure('unreachable', 'acme does not answer.')
        }),
    })
    fireEvent.change(await days(), { target: { value: '9' } })
    await press('Save')
    await screen.findByText('acme does not answer.')
    expect((await days()).value).toBe('9')
  })
})
