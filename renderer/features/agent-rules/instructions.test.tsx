import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AgentInstructions } from '#ipc/agent-rules'
import { failure } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { planModeDrafts, systemPromptDrafts } from './instruction-drafts.ts'
import { Instructions } from './instructions.tsx'

const deploymentId = 'local'
const defaultText = 'You are a software engineer.'
const blank = { text: '', includesDefault: true }

function show(saved: Partial<AgentInstructions> = {}) {
  const fake = createQuietBridge()
  const scene: { instructions: AgentInstructions } = {
    instructions: { systemPrompt: { ...blank, defaultText }, planMode: '', ...saved },
  }
  fake.answer('agentRules.instructions', () => scene.instructions)
  fake.answer('agentRules.setSystemPrompt', ({ wished }) => {
    scene.instructions = { ...scene.instructions, systemPrompt: { ...wished, defaultText } }
    return null
  })
  fake.answer('agentRules.setPlanMode', ({ wished }) => {
    scene.instructions = { ...scene.instructions, planMode: wished }
    return null
  })
  return { fake, scene, ...renderPage(<Instructions deploymentId={deploymentId} />, fake) }
}
const field = (name = 'For every chat') => screen.findByLabelText<HTMLTextAreaElement>(name)
const write = async (value: string, name?: string) =>
  fireEvent.change(await field(name), { target: { value } })
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }))

beforeEach(() =>
  act(() => {
    systemPromptDrafts.setState({}, true)
    planModeDrafts.setState({}, true)
  }),
)

describe('the instructions of all agents', () => {
  it('are written, saved and then no draft any more', async () => {
    const { fake } = show()
    await write('Be brief.')
    fireEvent.click(await screen.findByText('Begin with the default instructions'))
    await press('Save instructions')
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save instructions' })).toBeNull())
    expect(fake.inputsOf('agentRules.setSystemPrompt')).toEqual([
      { deploymentId, seen: blank, wished: { text: 'Be brief.', includesDefault: false } },
    ])
    expect(systemPromptDrafts.getState()).toEqual({})
    await screen.findByText('Models are told only what is written above.')
  })

  it('show those that come with the deployment, to read', async () => {
    show()
    await press('Default instructions')
    await screen.findByText(defaultText)
  })

  it('for planning are saved by themselves', async () => {
    const { fake } = show()
    await write('Be brief.')
    await write('Three parts.', 'While planning')
    await press('Save planning')
    await waitFor(() =>
      expect(fake.inputsOf('agentRules.setPlanMode')).toEqual([
        { deploymentId, seen: '', wished: 'Three parts.' },
      ]),
    )
    expect((await field()).value).toBe('Be brief.')
  })

  it('that are typed survive a look at another page, and are discarded by a press', async () => {
    const { unmount } = show()
    await write('Half a sent')
    unmount()
    show()
    expect((await field()).value).toBe('Half a sent')
    await press('Discard changes')
    expect((await field()).value).toBe('')
  })

  it('stay typed when they cannot be saved', async () => {
    const { fake } = show()
    fake.answer('agentRules.setSystemPrompt', () => {
      throw failure('unreachable', 'acme does not answer.')
    })
    await write('Be brief.')
    await press('Save instructions')
    await screen.findByText('acme does not answer.')
    expect((await field()).value).toBe('Be brief.')
    await press('Discard changes')
    expect(screen.queryByText('acme does not answer.')).toBeNull()
  })

  it('stay in sight when a later look fails', async () => {
    const { fake, api } = show()
    await write('Half a sent')
    fake.answer('agentRules.instructions', () => {
      throw failure('unreachable', 'acme does not answer.')
    })
    await act(() => api.queryClient.invalidateQueries())
    expect((await field()).value).toBe('Half a sent')
  })

  it('are counted in bytes, and not sent when they are too long', async () => {
    const { fake } = show()
    await write('ä'.repeat(40 * 1024))
    await screen.findByText('80 of 128 KiB')
    await write('ä'.repeat(64 * 1024 + 1))
    await screen.findByText(/2 bytes too long/)
    expect(
      (await screen.findByRole<HTMLButtonElement>('button', { name: 'Save instructions' })).disabled,
    ).toBe(true)
    expect(fake.inputsOf('agentRules.setSystemPrompt')).toEqual([])
  })
})

describe('instructions that somebody else changed meanwhile', () => {
  const theirs = { text: 'Theirs.', includesDefault: false }

  async function collide() {
    const shown = show()
    await write('Mine.')
    let isFirst = true
    shown.fake.answer('agentRules.setSystemPrompt', ({ wished }) => {
      const saved = isFirst ? theirs : wished
      shown.scene.instructions = { ...shown.scene.instructions, systemPrompt: { ...saved, defaultText } }
      if (!isFirst) return null
      isFirst = false
      throw failure<'agentRules.setSystemPrompt'>('changed_meanwhile', 'Somebody else was faster.')
    })
    await press('Save instructions')
    await screen.findByText('Somebody else has changed this meanwhile')
    return shown
  }

  it('are shown, and neither is lost', async () => {
    await collide()
    expect((await field()).value).toBe('Mine.')
    await press('What is saved now')
    await screen.findByText('Theirs.')
    await screen.findByText(/Without the default instructions/)
    await press('Take theirs')
    expect((await field()).value).toBe('Theirs.')
    expect(screen.queryByText(/Somebody else/)).toBeNull()
  })

  it('are written over only once their author has seen them', async () => {
    const { fake } = await collide()
    await press('Go on with mine')
    await press('Save instructions')
    await waitFor(() =>
      expect(fake.inputsOf('agentRules.setSystemPrompt').at(-1)).toEqual({
        deploymentId,
        seen: theirs,
        wished: { text: 'Mine.', includesDefault: true },
      }),
    )
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save instructions' })).toBeNull())
    expect((await field()).value).toBe('Mine.')
  })

  it('are simply shown to who has typed nothing', async () => {
    const { scene, api } = show()
    await write('x')
    await write('')
    scene.instructions = { systemPrompt: { ...theirs, defaultText }, planMode: '' }
    await act(() => api.queryClient.invalidateQueries())
    await waitFor(async () => expect((await field()).value).toBe('Theirs.'))
  })
})

describe('a deployment', () => {
  it('without instructions, or that does not tell, has no such part', async () => {
    const { fake, container } = show({ systemPrompt: null, planMode: null })
    await waitFor(() => expect(fake.inputsOf('agentRules.instructions')).toHaveLength(1))
    await waitFor(() => expect(container.textContent).toBe(''))
  })

  it('that does not answer is asked again by a press', async () => {
    const { fake } = show()
    let isAway = true
    fake.answer('agentRules.instructions', () => {
      if (isAway) throw failure('unreachable', 'acme does not answer.')
      return { systemPrompt: null, planMode: 'Three parts.' }
    })
    await screen.findByText('acme does not answer.')
    isAway = false
    await press('Try again')
    expect((await field('While planning')).value).toBe('Three parts.')
    expect(screen.queryByLabelText('For every chat')).toBeNull()
  })
})
