import { render, screen } from '@testing-library/react'
import { expect, it } from 'vitest'
import { Field } from './field.tsx'
import { Input } from './input.tsx'

it('names and describes its control', () => {
  render(
    <Field label="Port" help="From 1 to 65535.">
      <Input />
    </Field>,
  )
  const input = screen.getByRole('textbox', { name: 'Port' })
  expect(describedBy(input)).toBe('From 1 to 65535.')
  expect(input.getAttribute('aria-invalid')).toBeNull()
})

it('puts an error in place of the help and keeps what was typed', () => {
  render(
    <Field label="Port" help="From 1 to 65535." error="Ports go from 1 to 65535.">
      <Input defaultValue="80800" />
    </Field>,
  )
  const input = screen.getByRole<HTMLInputElement>('textbox', { name: 'Port' })
  expect(screen.queryByText('From 1 to 65535.')).toBeNull()
  expect(describedBy(input)).toBe('Ports go from 1 to 65535.')
  expect(input.getAttribute('aria-invalid')).toBe('true')
  expect(input.value).toBe('80800')
})

function describedBy(element: Element): string {
  const ids = element.getAttribute('aria-describedby')?.split(' ') ?? []
  return ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
}
