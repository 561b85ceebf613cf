import { act, fireEvent, screen as page } from '@testing-library/react'
import { expect, it, vi } from 'vitest'
import { failure } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId } from '../../testing/wire-samples.ts'
import { useToasts } from '../../ui/toast-store.ts'
import { ChatDesktop } from './chat-desktop.tsx'

const chat = { deploymentId: 'local', chatId: sampleId(3) }

function show() {
  const fake = createQuietBridge()
  const connected = vi.fn()
  function Desktop() {
    connected()
    return <p>The desktop</p>
  }
  renderPage(
    <ChatDesktop {...chat}>
      <Desktop />
    </ChatDesktop>,
    fake,
  )
  return { fake, connected }
}
const button = (name: string) => page.getByRole('button', { name })

it('shows the desktop here, and not twice while it has a window of its own', async () => {
  const { fake } = show()
  expect(await page.findByText('The desktop')).toBeDefined()
  act(() => fake.push('desktopWindows.watch', { open: [{ ...chat, chatId: sampleId(4) }] }))
  expect(page.getByText('The desktop')).toBeDefined()
  act(() => fake.push('desktopWindows.watch', { open: [chat] }))
  expect(page.queryByText('The desktop')).toBeNull()
  expect(page.getByRole('status').textContent).toContain('Shown in its own window')
})

it('is not connected before it is known where it shows', () => {
  const fake = createQuietBridge()
  fake.feed('desktopWindows.watch', () => undefined)
  renderPage(<ChatDesktop {...chat}>The desktop</ChatDesktop>, fake)
  expect(page.queryByText('The desktop')).toBeNull()
})

it('is brought back by closing the window, and the focus goes on with it', async () => {
  const { fake } = show()
  await page.findByText('The desktop')
  act(() => fake.push('desktopWindows.watch', { open: [chat] }))
  fake.answer('desktopWindows.close', () => {
    fake.push('desktopWindows.watch', { open: [] })
    return null
  })
  button('Bring back').focus()
  fireEvent.click(button('Bring back'))
  expect(await page.findByText('The desktop')).toBeDefined()
  expect(document.activeElement?.textContent).toBe('The desktop')
})

it('shows that window again, and says when it cannot', async () => {
  const { fake } = show()
  await page.findByText('The desktop')
  act(() => fake.push('desktopWindows.watch', { open: [chat] }))
  fake.answer('desktopWindows.show', () => null)
  fireEvent.click(button('Show that window'))
  await vi.waitFor(() =>
    expect(fake.calls).toContainEqual(
      expect.objectContaining({ procedure: 'desktopWindows.show', input: chat }),
    ),
  )
  fake.answer('desktopWindows.show', () => {
    throw failure<'desktopWindows.show'>('too_many', 'Close one first.')
  })
  fireEvent.click(button('Show that window'))
  await vi.waitFor(() =>
    expect(useToasts.getState().toasts.at(-1)).toMatchObject({ tone: 'bad', detail: 'Close one first.' }),
  )
})
