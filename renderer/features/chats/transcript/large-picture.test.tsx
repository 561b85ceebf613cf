import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { sampleActions, showRows } from '../../../testing/transcript-samples.tsx'

const open = (width: number, height: number) => {
  showRows(
    [{ type: 'file' as const, name: 'screen.png', media_type: 'image/png', data: 'AAAA' }],
    sampleActions(),
  )
  const opener = screen.getByRole('button', { name: 'Show screen.png large' })
  const small = within(opener).getByRole('img')
  Object.defineProperties(small, { naturalWidth: { value: width }, naturalHeight: { value: height } })
  fireEvent.load(small)
  fireEvent.click(opener)
  return within(screen.getByRole('dialog', { name: 'screen.png' }))
}
const isNative = () => screen.queryByRole('region', { name: 'screen.png, pixel for pixel' }) !== null

beforeEach(() => {
  vi.stubGlobal('innerWidth', 1280)
  vi.stubGlobal('innerHeight', 800)
})
afterEach(() => vi.unstubAllGlobals())

it('shows a picture that the window has room for as it is, without a choice of sizes', () => {
  const dialog = open(1000, 600)
  expect(dialog.queryByRole('group', { name: 'Size of the picture' })).toBeNull()
  fireEvent.keyDown(dialog.getByRole('img'), { code: 'Digit1', ctrlKey: true })
  expect(isNative()).toBe(false)
})

it('shows a larger one pixel for pixel on a click, by a key and by a button, and all of it again', () => {
  const dialog = open(2560, 1600)
  expect(isNative()).toBe(false)
  fireEvent.click(dialog.getByRole('button', { name: 'Show screen.png pixel for pixel' }))
  expect(isNative()).toBe(true)
  fireEvent.click(dialog.getByRole('button', { name: 'Fit screen.png into the window' }))
  expect(isNative()).toBe(false)
  const close = dialog.getByRole('button', { name: 'Close' })
  fireEvent.keyDown(close, { code: 'Digit1', ctrlKey: true })
  expect(isNative()).toBe(true)
  fireEvent.keyDown(close, { code: 'Digit0', ctrlKey: true })
  expect(isNative()).toBe(false)
  fireEvent.click(within(dialog.getByRole('group', { name: 'Size of the picture' })).getByText('100%'))
  expect(isNative()).toBe(true)
})

it('offers more as soon as the window has less room', () => {
  const dialog = open(1000, 600)
  vi.stubGlobal('innerWidth', 900)
  fireEvent(window, new Event('resize'))
  expect(dialog.getByRole('group', { name: 'Size of the picture' })).toBeDefined()
})

it('closes by Escape, and fits when it is opened again', async () => {
  open(2560, 1600)
  fireEvent.keyDown(screen.getByRole('button', { name: 'Close' }), { code: 'Digit1', ctrlKey: true })
  expect(isNative()).toBe(true)
  fireEvent.keyDown(screen.getByRole('dialog'), { key: 'Escape' })
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())
  fireEvent.click(screen.getByRole('button', { name: 'Show screen.png large' }))
  expect(isNative()).toBe(false)
})
