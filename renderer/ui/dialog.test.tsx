import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { Dialog } from './dialog.tsx'

function show(dirty: boolean) {
  const onOpenChange = vi.fn()
  render(
    <Dialog open onOpenChange={onOpenChange} title="Rename" dirty={dirty}>
      <input aria-label="Name" />
    </Dialog>,
  )
  return onOpenChange
}

it('closes at once while nothing would be lost', async () => {
  const onOpenChange = show(false)
  fireEvent.click(screen.getByRole('button', { name: 'Close' }))
  await waitFor(() => {
    expect(onOpenChange).toHaveBeenCalledWith(false)
  })
})

it('asks before it throws typed input away', async () => {
  const onOpenChange = show(true)
  fireEvent.click(screen.getByRole('button', { name: 'Close' }))
  fireEvent.click(await screen.findByRole('button', { name: 'Discard' }))
  await waitFor(() => {
    expect(onOpenChange).toHaveBeenCalledWith(false)
  })
})

it('goes on where it was when the person keeps editing', async () => {
  const onOpenChange = show(true)
  fireEvent.click(screen.getByRole('button', { name: 'Close' }))
  fireEvent.click(await screen.findByRole('button', { name: 'Keep editing' }))
  await waitFor(() => {
    expect(screen.queryByRole('button', { name: 'Keep editing' })).toBeNull()
  })
  expect(onOpenChange).not.toHaveBeenCalled()
})
