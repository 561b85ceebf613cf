import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CompactionThreshold, OwnModel } from '#ipc/own-agents'
import { sampleChatModel } from '../../testing/chat-samples.ts'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId } from '../../testing/wire-samples.ts'
import { ToastHost } from '../../ui/toast-host.tsx'
import { useToasts } from '../../ui/toast-store.ts'
import { useOwnDrafts } from './drafts.ts'
import { PersonalSettings } from './personal-settings.tsx'

const deploymentId = 'local'
const small = sampleChatModel({ configId: sampleId(44), displayName: 'Small', isDefault: false })
const models: OwnModel[] = [
  { context: 'root', mode: 'chat_default', modelConfigId: '', isGone: false, deploymentModelId: '' },
  {
    context: 'general',
    mode: 'deployment_default',
    modelConfigId: '',
    isGone: false,
    deploymentModelId: small.configId,
  },
  { context: 'explore', mode: 'model', modelConfigId: sampleId(45), isGone: true, deploymentModelId: '' },
]
const threshold: CompactionThreshold = {
  modelConfigId: small.configId,
  model: 'Small',
  defaultPercent: 70,
}

interface Scene {
  readonly models?: OwnModel[] | null
  readonly thresholds?: CompactionThreshold[] | null
  readonly prepare?: (fake: FakeBridge) => void
}

function show({ models: own = null, thresholds = null, prepare }: Scene = {}) {
  const fake = createQuietBridge()
  let percent = thresholds?.[0]?.ownPercent
  fake.answer('chats.models', () => ({ models: [sampleChatModel(), small], unsupportedProviders: [] }))
  fake.answer('ownAgents.models', () => own)
  fake.answer('ownAgents.setModel', () => null)
  fake.answer('ownAgents.thresholds', () =>
    thresholds === null
      ? null
      : thresholds.map(({ ownPercent: _, ...one }) => ({
          ...one,
          ...(percent === undefined ? {} : { ownPercent: percent }),
        })),
  )
  fake.answer('ownAgents.setThreshold', (input) => {
    percent = input.percent ?? undefined
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
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }))
const choose = async (label: string, option: RegExp) => {
  fireEvent.click(await screen.findByRole('combobox', { name: label }))
  const item = await screen.findByRole('option', { name: option })
  // The list takes a click only where the press began.
  fireEvent.pointerDown(item)
  fireEvent.click(item)
  await waitFor(() => expect(screen.queryByRole('option')).toBeNull())
}
const percentBox = () => screen.findByLabelText<HTMLInputElement>('Percent of the context of Small')

beforeEach(() =>
  act(() => {
    useOwnDrafts.setState({}, true)
    useToasts.setState({ toasts: [] })
  }),
)

describe('models of one’s own', () => {
  it('are chosen for each kind of agent, and taken back by the toast', async () => {
    const { fake } = show({ models })
    await choose('Sub-agents that work', /^Small/)
    await screen.findByText('Sub-agents that work: Small')
    await press('Undo')
    await waitFor(() =>
      expect(fake.inputsOf('ownAgents.setModel')).toEqual([
        { deploymentId, context: 'general', mode: 'model', modelConfigId: small.configId },
        { deploymentId, context: 'general', mode: 'deployment_default', modelConfigId: '' },
      ]),
    )
  })

  it('of new chats cannot be left to what only sub-agents have', async () => {
    show({ models })
    fireEvent.click(await screen.findByRole('combobox', { name: 'New chats' }))
    await screen.findByRole('option', { name: /^The default/ })
    expect(screen.queryByRole('option', { name: /As the deployment has it/ })).toBeNull()
  })

  it('that are gone say so', async () => {
    show({ models })
    await screen.findByText('The chosen model is gone. Choose another.')
  })

  it('stay as they were when they are refused', async () => {
    show({
      models,
      prepare: (fake) =>
        fake.answer('ownAgents.setModel', () => {
          throw failure<'ownAgents.setModel'>('not_allowed', 'An administrator has not allowed it.')
        }),
    })
    await choose('New chats', /^Small/)
    await screen.findByText('An administrator has not allowed it.')
    const shown = screen.getByRole('combobox', { name: 'New chats' })
    await waitFor(() => expect(shown.textContent).toContain('The default'))
  })

  it('are not there where nobody may choose', async () => {
    show({ thresholds: [threshold] })
    await percentBox()
    expect(screen.queryByText('My models')).toBeNull()
  })
})

describe('when chats are summed up', () => {
  it('is typed in percent, stays typed over a look at another page, and is reset', async () => {
    const first = show({ thresholds: [threshold] })
    expect((await percentBox()).value).toBe('70')
    fireEvent.change(await percentBox(), { target: { value: 'half' } })
    await press('Save')
    await screen.findByText('Write 0 to 100.')
    expect(first.fake.inputsOf('ownAgents.setThreshold')).toEqual([])
    first.unmount()
    const { fake } = show({ thresholds: [threshold] })
    expect((await percentBox()).value).toBe('half')
    fireEvent.change(await percentBox(), { target: { value: '100' } })
    await press('Save')
    await screen.findByText('Yours; the model is set up with 70 %')
    await press('Reset Small')
    await screen.findByText('As the model is set up')
    await press('Undo')
    await waitFor(() =>
      expect(fake.inputsOf('ownAgents.setThreshold').map(({ percent }) => percent)).toEqual([100, null, 100]),
    )
  })

  it('stays typed when it is refused', async () => {
    show({
      thresholds: [threshold],
      prepare: (fake) =>
        fake.answer('ownAgents.setThreshold', () => {
          throw failure('unreachable', 'acme does not answer.')
        }),
    })
    fireEvent.change(await percentBox(), { target: { value: '50' } })
    await press('Save')
    await screen.findByText('acme does not answer.')
    expect((await percentBox()).value).toBe('50')
  })

  it('that cannot be read is read again', async () => {
    show({
      prepare: (fake) =>
        fake.answer('ownAgents.thresholds', () => {
          throw failure('unreachable', 'acme does not answer.')
        }),
    })
    await screen.findByText('When chats are summed up cannot be shown')
    await screen.findByRole('button', { name: 'Try again' })
  })
})
