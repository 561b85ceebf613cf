import { act, fireEvent, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { sampleActions, sampleCall, showRows } from '../../../../testing/transcript-samples.tsx'
import { planSteps } from './plan-steps.ts'

const args = {
  questions: [
    {
      header: 'Back-off',
      question: 'Which one?',
      options: [
        { label: 'Fixed', description: 'as today' },
        { label: 'Growing', description: '' },
      ],
    },
    {
      header: 'Limit',
      question: 'How many?',
      options: [
        { label: 'Five', description: '' },
        { label: 'Ten', description: '' },
      ],
    },
  ],
}

it('asks one after the other, keeps what was chosen, and answers in words', () => {
  const actions = sampleActions()
  showRows(sampleCall('ask_user_question', args, {}), actions)
  expect(screen.getByText('1 of 2')).toBeDefined()
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Next' }).disabled).toBe(true)
  fireEvent.click(screen.getByRole('radio', { name: /Growing/ }))
  fireEvent.click(screen.getByRole('button', { name: 'Next' }))
  fireEvent.change(screen.getByLabelText('Another answer'), { target: { value: 'seven' } })
  fireEvent.click(screen.getByRole('button', { name: 'Back' }))
  expect(screen.getByRole<HTMLInputElement>('radio', { name: /Growing/ }).checked).toBe(true)
  fireEvent.click(screen.getByRole('button', { name: 'Next' }))
  fireEvent.click(screen.getByRole('button', { name: 'Answer' }))
  expect(actions.onAnswer).toHaveBeenCalledWith('Back-off: Growing\nLimit: seven')
})

it('is not answered by the second click of the one that led to the last question', () => {
  const actions = sampleActions()
  showRows(sampleCall('ask_user_question', args, {}), actions)
  fireEvent.click(screen.getByRole('radio', { name: /Growing/ }))
  fireEvent.click(screen.getByRole('button', { name: 'Next' }), { detail: 1 })
  fireEvent.change(screen.getByLabelText('Another answer'), { target: { value: 'seven' } })
  fireEvent.click(screen.getByRole('button', { name: 'Back' }))
  fireEvent.click(screen.getByRole('button', { name: 'Next' }), { detail: 1 })
  fireEvent.click(screen.getByRole('button', { name: 'Answer' }), { detail: 2 })
  expect(actions.onAnswer).not.toHaveBeenCalled()
  fireEvent.click(screen.getByRole('button', { name: 'Answer' }), { detail: 1 })
  expect(actions.onAnswer).toHaveBeenCalledTimes(1)
})

it('is answered once, and again only when the first answer was not sent', async () => {
  let fail: ((reason: Error) => void) | undefined
  const onAnswer = vi.fn(
    () =>
      new Promise<void>((_, reject) => {
        fail = reject
      }),
  )
  const one = { questions: [{ ...args.questions[0] }] }
  showRows(sampleCall('ask_user_question', one, {}), { ...sampleActions(), onAnswer })
  fireEvent.click(screen.getByRole('radio', { name: /Growing/ }))
  const form = screen.getByRole('form')
  fireEvent.submit(form)
  fireEvent.submit(form)
  expect(onAnswer).toHaveBeenCalledTimes(1)
  await act(async () => fail?.(new Error('lost')))
  fireEvent.submit(form)
  expect(onAnswer).toHaveBeenCalledTimes(2)
})

it('has a plan implemented once, and again only when that was not sent', async () => {
  let fail: ((reason: Error) => void) | undefined
  const onImplementPlan = vi.fn(
    () =>
      new Promise<void>((_, reject) => {
        fail = reject
      }),
  )
  showRows(sampleCall('propose_plan', {}, {}), { ...sampleActions(), onImplementPlan })
  fireEvent.click(screen.getByRole('button', { name: 'Implement' }))
  fireEvent.click(screen.getByRole('button', { name: 'Implement' }))
  expect(onImplementPlan).toHaveBeenCalledTimes(1)
  await act(async () => fail?.(new Error('lost')))
  fireEvent.click(screen.getByRole('button', { name: 'Implement' }))
  expect(onImplementPlan).toHaveBeenCalledTimes(2)
})

it('cannot be answered by somebody who only reads', () => {
  const { container } = showRows(sampleCall('ask_user_question', args, {}), { onOpenLink: vi.fn() })
  expect(container.textContent).toContain('Not answered yet')
  expect(screen.queryByRole('radio')).toBeNull()
})

it('counts the steps of a plan', () => {
  expect(planSteps('# Plan\n- [x] a\n  * [ ] b\n1. [X] c\n- d [x]')).toEqual({ done: 2, total: 3 })
})

it('offers to implement a plan, or to have it changed', async () => {
  const actions = {
    ...sampleActions(),
    loadFile: async () => ({ mediaType: 'text/markdown', data: btoa('- [ ] step one') }),
  }
  showRows(sampleCall('propose_plan', { path: 'p.md' }, { file_id: 'f', path: 'p.md' }), actions)
  expect(await screen.findByText('step one')).toBeDefined()
  fireEvent.click(screen.getByRole('button', { name: 'Ask for changes' }))
  fireEvent.click(screen.getByRole('button', { name: 'Implement' }))
  expect(actions.onImplementPlan).toHaveBeenCalledTimes(1)
  expect(actions.onAskForChanges).toHaveBeenCalledTimes(1)
})

it('says that a plan could not be read, and tries again', async () => {
  const loadFile = vi.fn(async () => {
    throw new Error('gone')
  })
  showRows(sampleCall('propose_plan', {}, { file_id: 'f' }), { onOpenLink: vi.fn(), loadFile })
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }))
  expect(loadFile).toHaveBeenCalledTimes(2)
})
