import { act, fireEvent, screen as page, within } from '@testing-library/react'
import { Suspense, useState } from 'react'
import { expect, it, vi } from 'vitest'
import type { DesktopState } from '#bridge/contract/desktop-port'
import { createFakeDesktopScreens } from '../../testing/fake-desktop-screen.ts'
import { createFakePort } from '../../testing/fake-port.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId } from '../../testing/wire-samples.ts'
import { createDesktopHost, DesktopProvider } from './desktop-host.tsx'
import { DesktopView } from './desktop-view.tsx'

const desktopId = sampleId(70)
const chatId = sampleId(3)
const onSignIn = vi.fn()

/** A workspace whose agent connects at a click. */
function ReadinessOf({ onStart }: { readonly onStart: (() => void) | undefined }) {
  const [readiness, setReadiness] = useState('connecting')
  return (
    <>
      <button type="button" onClick={() => setReadiness('connected')}>
        Agent connects
      </button>
      <DesktopView
        deploymentId="local"
        chatId={chatId}
        readiness={readiness}
        onStart={onStart}
        onSignIn={onSignIn}
      />
    </>
  )
}

async function show(onStart?: () => void) {
  const port = createFakePort()
  const { create, screens } = createFakeDesktopScreens()
  const host = createDesktopHost({
    port: () => port,
    loadScreens: async () => create,
    newId: () => desktopId,
  })
  const rendered = renderPage(
    <DesktopProvider host={host}>
      <Suspense fallback="loading">
        <ReadinessOf onStart={onStart} />
      </Suspense>
    </DesktopProvider>,
    createQuietBridge(),
  )
  const tell = (state: DesktopState) =>
    act(async () => port.receive({ type: 'desktop-state', desktopId, state }))
  const connect = async (connection = 1) => {
    await tell({ kind: 'connected', connection })
    act(() => screens.at(-1)?.listener.onReady())
    return screens.at(-1)!
  }
  const ofType = (type: string) => port.sent.filter((message) => message.type === type)
  return { port, screens, tell, connect, ofType, ...rendered }
}

const button = (name: string) => page.getByRole('button', { name })

it('says that it connects, and asks the bridge for the desktop of the chat', async () => {
  const { ofType } = await show()
  expect(page.getByRole('status').textContent).toBe('Connecting to the desktop')
  expect(ofType('desktop-open')).toEqual([{ type: 'desktop-open', desktopId, deploymentId: 'local', chatId }])
})

it('is only watched until the user takes control, and given back by a key that the desktop never sees', async () => {
  const { connect } = await show()
  const screen = await connect()
  expect(page.getByText('You only watch.')).toBeDefined()
  expect([screen.isControlled, screen.size]).toEqual([false, 'fit'])
  fireEvent.click(button('Take control'))
  expect(screen.isControlled).toBe(true)
  expect(document.activeElement).toBe(screen.canvas)
  expect(page.getByRole('group', { name: 'Desktop of the workspace' }).dataset['terminalKeys']).toBe('')
  const seen = vi.fn()
  screen.canvas.addEventListener('keydown', seen)
  fireEvent.keyDown(screen.canvas, { key: 'a' })
  fireEvent.keyDown(screen.canvas, { key: 'Escape' })
  expect(seen).toHaveBeenCalledTimes(2)
  fireEvent.keyDown(screen.canvas, { key: 'Escape', shiftKey: true })
  expect(seen).toHaveBeenCalledTimes(2)
  expect(screen.isControlled).toBe(false)
  expect(document.activeElement).toBe(button('Take control'))
})

it('fits, or is shown pixel for pixel, by buttons and by keys', async () => {
  const { connect } = await show()
  const screen = await connect()
  const sizes = within(page.getByRole('group', { name: 'Size of the desktop' }))
  fireEvent.click(sizes.getByRole('button', { name: '100%' }))
  expect(screen.size).toBe('native')
  const seen = vi.fn()
  window.addEventListener('keydown', seen)
  fireEvent.keyDown(screen.canvas, { key: '0', code: 'Digit0', ctrlKey: true })
  expect(screen.size).toBe('fit')
  fireEvent.keyDown(screen.canvas, { key: '1', code: 'Digit1', ctrlKey: true })
  expect([screen.size, seen.mock.calls]).toEqual(['native', []])
  fireEvent.keyDown(screen.canvas, { key: '1', code: 'Digit1', ctrlKey: true, shiftKey: true })
  expect(seen).toHaveBeenCalledOnce()
  window.removeEventListener('keydown', seen)
})

it('carries bytes of this connection alone, both ways', async () => {
  const { connect, port, ofType, tell } = await show()
  const screen = await connect(1)
  const heard: number[] = []
  screen.channel.onmessage = ({ data }) => void heard.push(...new Uint8Array(data))
  const receive = (connection: number, byte: number) =>
    port.receive({ type: 'desktop-data', desktopId, connection, bytes: Uint8Array.of(byte) })
  await act(async () => receive(1, 1))
  receive(2, 2)
  screen.channel.send(Uint8Array.of(5))
  expect([heard, ofType('desktop-input')]).toMatchObject([[1], [{ connection: 1, bytes: Uint8Array.of(5) }]])
  await tell({ kind: 'waiting', attempt: 1, retryAt: Date.now() + 5000, reason: 'It was lost.' })
  expect(screen.isDisposed).toBe(true)
  // The viewer lost its channel by this, which is no reason to give up.
  expect(page.getByText(/It was lost\./)).toBeDefined()
  expect(ofType('desktop-close')).toEqual([])
  const next = await connect(2)
  expect(next.channel).not.toBe(screen.channel)
  expect(next.isControlled).toBe(false)
})

it.each([
  { state: { kind: 'failed', code: 'refused', reason: 'The chat has no workspace.' }, words: 'no workspace' },
  { state: { kind: 'failed', code: 'unsupported', reason: '404' }, words: 'does not show desktops' },
  { state: { kind: 'waiting', attempt: 1, retryAt: 0, reason: 'It was lost.' }, words: 'It was lost.' },
] as const)('says why there is none, and tries again: $words', async ({ state, words }) => {
  const { tell, ofType } = await show()
  await tell(state)
  expect(page.getByText(new RegExp(words))).toBeDefined()
  fireEvent.click(button('Try again'))
  expect(ofType('desktop-retry')).toHaveLength(1)
})

it('starts the workspace where that is what it needs', async () => {
  const onStart = vi.fn()
  const { tell } = await show(onStart)
  await tell({ kind: 'failed', code: 'refused', reason: 'The workspace is not running.' })
  fireEvent.click(button('Start the workspace'))
  expect(onStart).toHaveBeenCalledOnce()
})

it('tries again by itself once the agent is another, or in another state', async () => {
  const { tell, ofType } = await show()
  await tell({ kind: 'failed', code: 'refused', reason: 'The agent is not connected.' })
  expect(ofType('desktop-retry')).toEqual([])
  fireEvent.click(button('Agent connects'))
  expect(ofType('desktop-retry')).toHaveLength(1)
})

it('starts a new one after it has ended, and signs in where that is what it needs', async () => {
  const { tell, ofType } = await show()
  await tell({ kind: 'ended' })
  fireEvent.click(button('Start a new desktop'))
  expect(ofType('desktop-retry')).toHaveLength(1)
  await tell({ kind: 'failed', code: 'signed_out', reason: 'You are signed out.' })
  fireEvent.click(button('Sign in again'))
  expect(onSignIn).toHaveBeenCalledOnce()
})

it('that cannot be shown says so, and is connected anew on request', async () => {
  const { connect, ofType } = await show()
  const screen = await connect()
  act(() => screen.listener.onFailed('It asks for a password.'))
  expect(page.getByRole('alert').textContent).toContain('It asks for a password.')
  expect(ofType('desktop-close')).toHaveLength(1)
  fireEvent.click(button('Try again'))
  expect(ofType('desktop-open')).toHaveLength(2)
})

it('opens again for a bridge that was restarted, and closes with its view', async () => {
  const { connect, port, ofType, unmount } = await show()
  await connect()
  act(() => port.disconnect())
  expect(page.getByText(/service is starting/)).toBeDefined()
  act(() => port.connect())
  expect(ofType('desktop-open')).toHaveLength(2)
  unmount()
  expect(ofType('desktop-close')).toHaveLength(1)
})
