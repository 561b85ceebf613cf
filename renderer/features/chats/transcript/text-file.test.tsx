import { fireEvent, screen, waitFor } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { sampleActions, showRows } from '../../../testing/transcript-samples.tsx'

const file = (mediaType: string) => [
  { type: 'file' as const, file_id: 'f', media_type: mediaType, name: 'notes.txt' },
]
const bytes = (text: string) => Buffer.from(text).toString('base64')

it('shows a text as it is, with what cannot be seen, and not as a page', async () => {
  const text = '<img src=x onerror=alert(1)>\n# No heading\n\u202egnp.exe'
  const loadFile = vi.fn(() => Promise.resolve({ mediaType: 'text/markdown', data: bytes(text) }))
  showRows(file('text/markdown; charset=utf-8'), { ...sampleActions(), loadFile })
  expect(loadFile).not.toHaveBeenCalled()
  fireEvent.click(screen.getByRole('button', { name: 'Show notes.txt' }))
  const shown = await screen.findByText(/No heading/)
  expect(loadFile).toHaveBeenCalledTimes(1)
  expect(shown.textContent).toContain('<img src=x onerror=alert(1)>')
  expect(shown.textContent).not.toContain('\u202e')
  expect(document.querySelector('img')).toBeNull()
})

it('draws only so much of a long one, and says so', async () => {
  const loadFile = () => Promise.resolve({ mediaType: 'text/plain', data: bytes('x'.repeat(400_000)) })
  showRows(file('text/plain'), { ...sampleActions(), loadFile })
  fireEvent.click(screen.getByRole('button', { name: 'Show notes.txt' }))
  await screen.findByText('Shown in part: save the file for all of it.')
  expect(document.querySelector('pre')?.textContent.length).toBeLessThan(310_000)
})

it('says why one cannot be read, and reads it again', async () => {
  const loadFile = vi.fn(() => Promise.reject(new Error('Away.')))
  showRows(file('application/json'), { ...sampleActions(), loadFile })
  fireEvent.click(screen.getByRole('button', { name: 'Show notes.txt' }))
  fireEvent.click(await screen.findByRole('button', { name: 'Try again' }))
  await waitFor(() => expect(loadFile).toHaveBeenCalledTimes(2))
})

it('shows nothing else', () => {
  showRows(file('text/html'), { ...sampleActions(), loadFile: vi.fn() })
  expect(screen.queryByRole('button', { name: 'Show notes.txt' })).toBeNull()
})
