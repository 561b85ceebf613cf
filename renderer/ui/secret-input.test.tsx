import { fireEvent, render, screen, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { SecretInput } from './secret-input.tsx'

it('masks what is typed until asked to show it', () => {
  render(<SecretInput aria-label="Token" value="abc" onChange={() => undefined} />)
  const input = screen.getByLabelText<HTMLInputElement>('Token')
  expect(input.type).toBe('password')
  fireEvent.click(screen.getByRole('button', { name: 'Show what you typed' }))
  expect(input.type).toBe('text')
})

it('says that a value is stored without having it', () => {
  render(<SecretInput aria-label="Token" value="" stored onChange={() => undefined} />)
  const input = screen.getByLabelText<HTMLInputElement>('Token')
  expect(input.value).toBe('')
  expect(input.placeholder).toContain('saved')
  expect(screen.queryByRole('button', { name: /Show/ })).toBeNull()
})

it('pastes without the spaces around', async () => {
  const onChange = vi.fn()
  vi.spyOn(navigator.clipboard, 'readText').mockResolvedValue('  secret\n')
  render(<SecretInput aria-label="Token" value="" onChange={onChange} />)
  fireEvent.click(screen.getByRole('button', { name: 'Paste' }))
  await waitFor(() => {
    expect(onChange).toHaveBeenCalledWith('secret')
  })
})

it('says how to paste when the clipboard is refused', async () => {
  vi.spyOn(navigator.clipboard, 'readText').mockRejectedValue(new Error('denied'))
  render(<SecretInput aria-label="Token" value="" onChange={() => undefined} />)
  fireEvent.click(screen.getByRole('button', { name: 'Paste' }))
  expect(await screen.findByText('Press Ctrl V')).toBeTruthy()
})
