import { fireEvent, render, screen } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { expectConsole } from '../../../scripts/vitest/expected-console.ts'
import { describeFailure, ErrorBoundary } from './error-boundary.tsx'

let broken = true
function Page() {
  if (broken) throw new Error('no such list')
  return <p>the page</p>
}

function show() {
  broken = true
  const onReload = vi.fn()
  const onError = vi.fn()
  const view = (resetKey: string) => (
    <ErrorBoundary resetKey={resetKey} onReload={onReload} onError={onError}>
      <Page />
    </ErrorBoundary>
  )
  const { rerender } = render(view('a'))
  return {
    onReload,
    onError,
    go: (key: string) => {
      rerender(view(key))
    },
  }
}

it('says what happened, offers a way on and tells the log', () => {
  expectConsole('error', /no such list/)
  const { onReload, onError } = show()
  expect(screen.getByRole('alert').textContent).toContain('This page stopped because of a mistake in the app')
  fireEvent.click(screen.getByRole('button', { name: 'Reload the window' }))
  expect(onReload).toHaveBeenCalledOnce()
  expect(onError).toHaveBeenCalledOnce()
})

it('shows the page again once it works', () => {
  expectConsole('error', /no such list/)
  show()
  broken = false
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
  expect(screen.getByText('the page')).toBeTruthy()
})

it('lets another page through', () => {
  expectConsole('error', /no such list/)
  const { go } = show()
  broken = false
  go('b')
  expect(screen.getByText('the page')).toBeTruthy()
})

it('puts the error and the component into the details', () => {
  const text = describeFailure(new Error('no such list'), '\n    at Page')
  expect(text).toContain('no such list')
  expect(text).toContain('at Page')
  expect(describeFailure('a thrown text', '')).toBe('a thrown text')
})
