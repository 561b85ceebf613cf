import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import { failure } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId, sampleTemplate } from '../../testing/wire-samples.ts'
import { AllowedTemplates } from './allowed-templates.tsx'
import { templateDrafts } from './template-choice.ts'

const deploymentId = 'local'
const scratch = sampleTemplate()
const data = sampleTemplate({ id: sampleId(31), name: 'python-data', display_name: 'Python data' })
const old = sampleTemplate({ id: sampleId(32), name: 'old', display_name: 'Old', deprecated: true })

function show(saved: readonly string[] | null = []) {
  const fake = createQuietBridge()
  const scene = { saved: saved && [...saved] }
  fake.answer('templates.list', () => [scratch, old, data])
  fake.answer('agentRules.templates', () => scene.saved)
  fake.answer('agentRules.setTemplates', ({ wished }) => {
    scene.saved = wished
    return null
  })
  return { fake, scene, ...renderPage(<AllowedTemplates deploymentId={deploymentId} />, fake) }
}
const press = async (name: string) => fireEvent.click(await screen.findByRole('button', { name }))
const chooseSome = async () => fireEvent.click(await screen.findByText('Only chosen ones'))
const list = () => screen.findByRole('list', { name: 'Templates' })
const toggle = async (name: string) => fireEvent.click(within(await list()).getByText(name))
const save = () => screen.findByRole<HTMLButtonElement>('button', { name: 'Save templates' })

beforeEach(() => act(() => templateDrafts.setState({}, true)))

describe('the templates agents may use', () => {
  it('are all of them, until some are chosen from those that are there', async () => {
    const { fake } = show()
    await chooseSome()
    await screen.findByText(/an empty list would allow all/)
    expect((await save()).disabled).toBe(true)
    fireEvent.change(await screen.findByRole('searchbox', { name: 'Search templates' }), {
      target: { value: 'data PYTHON' },
    })
    expect(within(await list()).getAllByRole('listitem')).toHaveLength(1)
    await toggle('Python data')
    fireEvent.click(await save())
    await waitFor(() =>
      expect(fake.inputsOf('agentRules.setTemplates')).toEqual([
        { deploymentId, seen: [], wished: [data.id] },
      ]),
    )
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Save templates' })).toBeNull())
  })

  it('are all of them again', async () => {
    const { fake } = show([data.id])
    fireEvent.click(await screen.findByText('All templates'))
    fireEvent.click(await save())
    await waitFor(() =>
      expect(fake.inputsOf('agentRules.setTemplates')).toEqual([
        { deploymentId, seen: [data.id], wished: [] },
      ]),
    )
  })

  it('cannot be ones that are deprecated or gone, which are taken off by a press', async () => {
    const { fake } = show([scratch.id, old.id, sampleId(99)])
    await screen.findByText(/2 templates on the list are deleted or deprecated/)
    await press('Take off the list')
    fireEvent.click(await save())
    await waitFor(() =>
      expect(fake.inputsOf('agentRules.setTemplates')).toMatchObject([{ wished: [scratch.id] }]),
    )
    const deprecated = within(await list()).getByRole('checkbox', { name: /^Old/ })
    expect(deprecated.getAttribute('aria-disabled')).toBe('true')
  })

  it('stay chosen over a look at another page and a failure', async () => {
    const { unmount } = show()
    await chooseSome()
    await toggle('Scratch')
    unmount()
    const { fake } = show()
    fake.answer('agentRules.setTemplates', () => {
      throw failure('unreachable', 'acme does not answer.')
    })
    fireEvent.click(await save())
    await screen.findByText('acme does not answer.')
    expect(
      within(await list())
        .getByRole('checkbox', { name: /^Scratch/ })
        .getAttribute('aria-checked'),
    ).toBe('true')
  })

  it('that somebody else chose meanwhile are named', async () => {
    const { fake, scene } = show()
    await chooseSome()
    await toggle('Scratch')
    fake.answer('agentRules.setTemplates', () => {
      scene.saved = [data.id, sampleId(99)]
      throw failure<'agentRules.setTemplates'>('changed_meanwhile', 'Somebody else was faster.')
    })
    fireEvent.click(await save())
    await screen.findByText('These are allowed now: Python data, one that is gone.')
    await press('Take theirs')
    expect(
      within(await list())
        .getByRole('checkbox', { name: /^Python data/ })
        .getAttribute('aria-checked'),
    ).toBe('true')
  })

  it('are not shown where each template says so itself', async () => {
    const { fake, container } = show(null)
    await waitFor(() => expect(fake.inputsOf('agentRules.templates')).toHaveLength(1))
    await waitFor(() => expect(container.textContent).toBe(''))
    expect(fake.inputsOf('templates.list')).toEqual([])
  })

  it('that cannot be read are asked for again by a press', async () => {
    const { fake } = show()
    let isAway = true
    fake.answer('templates.list', () => {
      if (isAway) throw failure('unreachable', 'acme does not answer.')
      return []
    })
    await screen.findByText('acme does not answer.')
    isAway = false
    await press('Try again')
    await chooseSome()
    await screen.findByText('This deployment has no templates.')
  })
})
