import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it } from 'vitest'
import type { AgentModels, AgentTaskModel } from '#ipc/agent-rules'
import { failure } from '../../testing/fake-bridge.ts'
import { sampleModel } from '../../testing/model-samples.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId } from '../../testing/wire-samples.ts'
import { useToasts } from '../../ui/toast-store.ts'
import { TaskModels } from './task-models.tsx'

const deploymentId = 'local'
const large = sampleModel()
const small = sampleModel({ id: sampleId(63), display_name: 'Small', model: 'small-1' })
const off = sampleModel({ id: sampleId(64), display_name: 'Off', model: 'off-1', enabled: false })
const titles: AgentTaskModel = { task: 'title_generation', modelConfigId: '', isMalformed: false }
const summaries: AgentTaskModel = { task: 'compaction', modelConfigId: '', isMalformed: false }

function show(saved: AgentModels) {
  const fake = createQuietBridge()
  const scene = { saved }
  fake.answer('agentRules.models', () => scene.saved)
  fake.answer('agentRules.setTaskModel', ({ task, wished }) => {
    const tasks = scene.saved.tasks.map((one) =>
      one.task === task ? { ...one, modelConfigId: wished, isMalformed: false } : one,
    )
    scene.saved = { ...scene.saved, tasks }
    return null
  })
  fake.answer('agentRules.setPersonalModels', ({ allows }) => {
    scene.saved = { ...scene.saved, allowsPersonal: allows }
    return null
  })
  const page = <TaskModels deploymentId={deploymentId} models={[large, small, off]} />
  return { fake, scene, ...renderPage(page, fake) }
}
const choice = (task: string) => screen.findByRole('combobox', { name: `Model: ${task}` })
const choose = async (task: string, name: string) => {
  fireEvent.click(await choice(task))
  const item = await screen.findByRole('option', { name })
  // The list takes a click only where the press began.
  fireEvent.pointerDown(item)
  fireEvent.click(item)
  await waitFor(() => expect(screen.queryByRole('option')).toBeNull())
}

describe('the model for a task', () => {
  it('is chosen, and given back', async () => {
    const { fake } = show({ tasks: [titles, summaries], allowsPersonal: null })
    expect((await choice('Titles')).textContent).toContain('Chosen by the server')
    await choose('Titles', 'Small')
    await waitFor(async () => expect((await choice('Titles')).textContent).toContain('Small'))
    await choose('Titles', 'Chosen by the server')
    await waitFor(() =>
      expect(fake.inputsOf('agentRules.setTaskModel')).toEqual([
        { deploymentId, task: 'title_generation', seen: '', wished: small.id },
        { deploymentId, task: 'title_generation', seen: small.id, wished: '' },
      ]),
    )
    expect(screen.queryByRole('switch')).toBeNull()
  })

  it.each([
    [{ modelConfigId: 'gone', isMalformed: true }, /is gone. Choose another one/],
    [{ modelConfigId: off.id, isMalformed: false }, /cannot be used. Switch it on/],
  ])('that cannot be used says so (%o)', async (state, sentence) => {
    show({ tasks: [{ ...titles, ...state }], allowsPersonal: null })
    await screen.findByText(sentence)
  })

  it('that somebody else chose meanwhile stays, and is shown', async () => {
    const { fake, scene } = show({ tasks: [titles], allowsPersonal: null })
    fake.answer('agentRules.setTaskModel', () => {
      scene.saved = { tasks: [{ ...titles, modelConfigId: large.id }], allowsPersonal: null }
      throw failure<'agentRules.setTaskModel'>('changed_meanwhile', 'Somebody else was faster.')
    })
    await choose('Titles', 'Small')
    await waitFor(async () => expect((await choice('Titles')).textContent).toContain('Large'))
    expect(useToasts.getState().toasts.at(-1)?.detail).toBe('Somebody else was faster.')
  })

  it('may be left to people', async () => {
    const { fake } = show({ tasks: [], allowsPersonal: false })
    fireEvent.click(await screen.findByRole('switch', { name: 'People may choose for themselves' }))
    await waitFor(() =>
      expect(fake.inputsOf('agentRules.setPersonalModels')).toEqual([{ deploymentId, allows: true }]),
    )
    await waitFor(() => expect(screen.getByRole('switch').getAttribute('aria-checked')).toBe('true'))
  })

  it('is no setting of a deployment without any', async () => {
    const { fake, container } = show({ tasks: [], allowsPersonal: null })
    await waitFor(() => expect(fake.inputsOf('agentRules.models')).toHaveLength(1))
    await waitFor(() => expect(container.textContent).toBe(''))
  })
})
