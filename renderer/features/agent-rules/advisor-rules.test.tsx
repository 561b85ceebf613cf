import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AgentAdvisor } from '#ipc/agent-rules'
import { failure } from '../../testing/fake-bridge.ts'
import { sampleModel } from '../../testing/model-samples.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId } from '../../testing/wire-samples.ts'
import { advisorDrafts } from './advisor-draft.ts'
import { AdvisorRules } from './advisor-rules.tsx'

const deploymentId = 'local'
const large = sampleModel()
const thinker = sampleModel({
  ...{ id: sampleId(63), display_name: 'Thinker', model: 'thinker-1' },
  reasoning_efforts: ['low', 'high'],
})
const off = sampleModel({ id: sampleId(64), display_name: 'Off', model: 'off-1', enabled: false })
const settings = { enabled: true, maxUses: 3, maxTokens: 16_384, modelConfigId: '', effort: '' }

function show(saved: Partial<AgentAdvisor> | null = {}) {
  const fake = createQuietBridge()
  const scene: { advisor: AgentAdvisor | null } = {
    advisor: saved && { ...settings, maySwitch: false, ...saved },
  }
  fake.answer('agentRules.advisor', () => scene.advisor)
  fake.answer('agentRules.setAdvisor', ({ wished }) => {
    scene.advisor = scene.advisor && { ...scene.advisor, ...wished }
    return null
  })
  const page = <AdvisorRules deploymentId={deploymentId} models={[large, thinker, off]} />
  return { fake, scene, ...renderPage(page, fake) }
}
const uses = () => screen.findByLabelText<HTMLInputElement>('Uses in a turn')
const write = async (value: string) => fireEvent.change(await uses(), { target: { value } })
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }))
const choose = async (choice: string, name: string) => {
  fireEvent.click(await screen.findByRole('combobox', { name: choice }))
  const item = await screen.findByRole('option', { name })
  // The list takes a click only where the press began.
  fireEvent.pointerDown(item)
  fireEvent.click(item)
  await waitFor(() => expect(screen.queryByRole('option')).toBeNull())
}

beforeEach(() => act(() => advisorDrafts.setState({}, true)))

describe('the advisor', () => {
  it('has a model, how hard that thinks, and bounds, which are saved together', async () => {
    const { fake } = show()
    await screen.findByText('On')
    expect(screen.queryByRole('combobox', { name: 'Reasoning effort' })).toBeNull()
    await choose('Model of the advisor', 'Thinker')
    await choose('Reasoning effort', 'High')
    await write('1')
    fireEvent.change(await screen.findByLabelText('Longest advice'), { target: { value: '0' } })
    await press('Save advisor')
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save advisor' })).toBeNull())
    const wished = { enabled: true, maxUses: 1, maxTokens: 0, modelConfigId: thinker.id, effort: 'high' }
    expect(fake.inputsOf('agentRules.setAdvisor')).toEqual([{ deploymentId, seen: settings, wished }])
    // Another model does not take over what was meant for this one.
    await choose('Model of the advisor', 'The chat’s own model')
    expect(screen.queryByRole('combobox', { name: 'Reasoning effort' })).toBeNull()
    await press('Save advisor')
    await waitFor(() =>
      expect(fake.inputsOf('agentRules.setAdvisor').at(-1)?.wished).toMatchObject({
        modelConfigId: '',
        effort: '',
      }),
    )
  })

  it.each(['', '-1', '1.5', '1201', 'many'])('is not used %j times', async (typed) => {
    const { fake } = show()
    await write(typed)
    await screen.findByText('Write a whole number from 0 to 1,200.')
    expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Save advisor' })).disabled).toBe(
      true,
    )
    await press('Discard changes')
    expect((await uses()).value).toBe('3')
    expect(fake.inputsOf('agentRules.setAdvisor')).toEqual([])
  })

  it('stays typed over a look at another page, and over a failure', async () => {
    const { unmount } = show()
    await write('7')
    unmount()
    const { fake } = show()
    fake.answer('agentRules.setAdvisor', () => {
      throw failure('unreachable', 'acme does not answer.')
    })
    await press('Save advisor')
    await screen.findByText('acme does not answer.')
    expect((await uses()).value).toBe('7')
  })

  it('that somebody else changed meanwhile is told, and not written over by accident', async () => {
    const { fake, scene } = show()
    fake.answer('agentRules.setAdvisor', () => {
      scene.advisor = scene.advisor && { ...scene.advisor, maxUses: 5, modelConfigId: large.id }
      throw failure<'agentRules.setAdvisor'>('changed_meanwhile', 'Somebody else was faster.')
    })
    await write('2')
    await press('Save advisor')
    await screen.findByText(/The model is “Large” now\. Uses in a turn: 5\./)
    expect(screen.queryByText('Somebody else was faster.')).toBeNull()
    await press('Take theirs')
    expect((await uses()).value).toBe('5')
  })

  it('says when nobody can ask it', async () => {
    show({ enabled: false })
    await screen.findByText('Off')
    await screen.findByText(/No agent can ask it now/)
    expect(screen.queryByRole('switch')).toBeNull()
  })

  it('is switched on where that is a setting', async () => {
    const { fake } = show({ enabled: false, maySwitch: true })
    expect(screen.queryByText(/No agent can ask it now/)).toBeNull()
    fireEvent.click(await screen.findByRole('switch', { name: 'Agents may ask it' }))
    await press('Save advisor')
    await waitFor(() =>
      expect(fake.inputsOf('agentRules.setAdvisor').at(-1)?.wished).toMatchObject({ enabled: true }),
    )
  })

  it.each([
    [off.id, 'The chosen model is switched off.'],
    [sampleId(70), 'The model that was chosen is gone.'],
  ])('says that its model cannot be asked (%s)', async (modelConfigId, sentence) => {
    show({ modelConfigId })
    await screen.findByText(new RegExp(`^${sentence}`))
  })

  it('has no model to choose where that is kept elsewhere', async () => {
    show({ modelConfigId: null })
    await uses()
    expect(screen.queryByRole('combobox')).toBeNull()
  })

  it('is no setting of a deployment without one', async () => {
    const { fake, container } = show(null)
    await waitFor(() => expect(fake.inputsOf('agentRules.advisor')).toHaveLength(1))
    await waitFor(() => expect(container.textContent).toBe(''))
  })
})
