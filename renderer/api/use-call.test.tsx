import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { answerLater } from '../testing/chat-composer.tsx'
import { createFakeBridge, failure } from '../testing/fake-bridge.ts'
import { ApiProvider } from './api-context.tsx'
import { createApi } from './create-api.ts'
import { useChange, type ChangeHandlers } from './use-call.ts'

function Page({ handlers }: { readonly handlers: ChangeHandlers<{ saved: boolean }> }) {
  const save = useChange('app.saveText')
  return (
    <button type="button" onClick={() => save.mutate({ suggestedName: 'a', text: 'b' }, handlers)}>
      {save.isError ? save.error.message : 'Save'}
    </button>
  )
}

function show(handlers: ChangeHandlers<{ saved: boolean }>, answer: () => Promise<{ saved: boolean }>) {
  const fake = createFakeBridge()
  fake.answer('app.saveText', answer)
  const page = render(
    <ApiProvider api={createApi(fake.bridge)}>
      <Page handlers={handlers} />
    </ApiProvider>,
  )
  return { fake, page }
}

const refusal = () => failure<'app.saveText'>('unreachable', 'The disk is full.')

it('tells a failure to who asked for the change, also once the page is left', async () => {
  const onError = vi.fn()
  const later = answerLater<{ saved: boolean }>()
  const { fake, page } = show({ onError }, () => later.answer)
  fireEvent.click(screen.getByRole('button'))
  await waitFor(() => expect(fake.inputsOf('app.saveText').length).toBe(1))
  page.unmount()
  later.reject(refusal())
  await waitFor(() => expect(onError).toHaveBeenCalledTimes(1))
  expect(onError.mock.calls[0]?.[0]).toMatchObject({ message: 'The disk is full.' })
})

it('tells each of several failures, and the page of the last one', async () => {
  const onError = vi.fn()
  show({ onError }, () => Promise.reject(refusal()))
  fireEvent.click(screen.getByRole('button'))
  fireEvent.click(screen.getByRole('button'))
  await waitFor(() => expect(onError).toHaveBeenCalledTimes(2))
  await screen.findByText('The disk is full.')
})

it('leaves alone a page that is left when the change is done', async () => {
  const [onSuccess, onSettled] = [vi.fn(), vi.fn()]
  const later = answerLater<{ saved: boolean }>()
  const first = show({ onSuccess, onSettled }, () => later.answer)
  fireEvent.click(screen.getByRole('button'))
  await waitFor(() => expect(first.fake.inputsOf('app.saveText').length).toBe(1))
  first.page.unmount()
  later.resolve({ saved: true })
  await later.answer
  show({ onSuccess, onSettled }, () => Promise.resolve({ saved: true }))
  fireEvent.click(screen.getByRole('button'))
  await waitFor(() => expect(onSuccess).toHaveBeenCalledTimes(1))
  expect(onSettled).toHaveBeenCalledTimes(1)
})
