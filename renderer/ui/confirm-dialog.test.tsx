import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { ConfirmDialog, type ConfirmDialogProps } from './confirm-dialog.tsx'

function show(props: Partial<ConfirmDialogProps> = {}) {
  const onConfirm = vi.fn(props.onConfirm ?? (() => undefined))
  const onOpenChange = vi.fn()
  render(
    <ConfirmDialog
      open
      title="Delete docs-site?"
      confirmLabel="Delete workspace"
      typedName="docs-site"
      {...props}
      onOpenChange={onOpenChange}
      onConfirm={onConfirm}
    />,
  )
  return { onConfirm, onOpenChange }
}

const button = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Delete workspace' })
const type = (text: string) => fireEvent.change(screen.getByRole('textbox'), { target: { value: text } })

it('works only once the name is typed', async () => {
  const { onConfirm, onOpenChange } = show()
  expect(button().disabled).toBe(true)
  type('docs')
  expect(button().disabled).toBe(true)
  type('docs-site')
  fireEvent.click(button())
  await waitFor(() => {
    expect(onOpenChange).toHaveBeenCalledWith(false)
  })
  expect(onConfirm).toHaveBeenCalledOnce()
})

it('does nothing on Enter while the name is not complete', () => {
  const { onConfirm } = show()
  type('docs')
  fireEvent.submit(screen.getByRole('textbox'))
  expect(onConfirm).not.toHaveBeenCalled()
})

it('stays open with the reason when it fails, and keeps what was typed', async () => {
  const { onOpenChange } = show({
    onConfirm: () => Promise.reject(new Error('The server does not answer.')),
  })
  type('docs-site')
  fireEvent.click(button())
  expect(await screen.findByText('The server does not answer.')).toBeTruthy()
  expect(onOpenChange).not.toHaveBeenCalled()
  expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('docs-site')
  expect(button().disabled).toBe(false)
})

it('asks without typing where nothing is lost for good', async () => {
  const { onConfirm } = show({ typedName: undefined })
  expect(screen.queryByRole('textbox')).toBeNull()
  fireEvent.click(button())
  await waitFor(() => {
    expect(onConfirm).toHaveBeenCalledOnce()
  })
})

it('keeps its answer from the form it was opened in', async () => {
  const onSubmit = vi.fn()
  const onConfirm = vi.fn()
  render(
    <form onSubmit={onSubmit}>
      <ConfirmDialog
        open
        onOpenChange={() => undefined}
        title="Work without it?"
        confirmLabel="Go on"
        onConfirm={onConfirm}
      />
    </form>,
  )
  fireEvent.click(await screen.findByRole('button', { name: 'Go on' }))
  await waitFor(() => {
    expect(onConfirm).toHaveBeenCalledOnce()
  })
  expect(onSubmit).not.toHaveBeenCalled()
})
