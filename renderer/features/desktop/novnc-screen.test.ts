// The real viewer, without a picture: what it sends for what its user does.
import { fireEvent } from '@testing-library/react'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { DesktopChannel } from './desktop-channel.ts'
import type { DesktopScreen } from './desktop-screen.ts'
import { createNoVncScreen } from './novnc-screen.ts'

let parent: HTMLElement
let screen: DesktopScreen
let sent: number[][]
const onFailed = vi.fn()

const u16 = (value: number) => [value >> 8, value & 255]
const pixelFormat = [32, 24, 0, 1, ...u16(255), ...u16(255), ...u16(255), 16, 8, 0, 0, 0, 0]
/** What a server without a password says (RFC 6143, 7.1 to 7.3). */
const greetings = [
  [...new TextEncoder().encode('RFB 003.008\n')],
  [1, 1],
  [0, 0, 0, 0],
  [...u16(64), ...u16(48), ...pixelFormat, 0, 0, 0, 1, 0x61],
]
let channel: DesktopChannel

beforeEach(async () => {
  vi.stubGlobal('isSecureContext', true)
  // It draws nowhere.
  const context = new Proxy({}, { get: () => () => undefined, set: () => true })
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue(context as never)
  onFailed.mockReset()
  sent = []
  parent = document.body.appendChild(document.createElement('div'))
  channel = new DesktopChannel({ send: (bytes) => void sent.push([...bytes]), acknowledge: () => undefined })
  const ready = new Promise<void>((resolve) => {
    screen = createNoVncScreen(parent, channel, { onReady: resolve, onFailed })
  })
  for (const bytes of greetings) channel.receive(Uint8Array.from(bytes))
  await ready
  sent = []
})
afterEach(() => {
  screen.dispose()
  parent.remove()
})

const canvas = () => parent.querySelector('canvas')!
/** KeyEvent: down or up, and the X11 name of the key. */
const keys = () =>
  sent.flatMap((bytes) => (bytes[0] === 4 ? [[bytes[1], (bytes[6] ?? 0) * 256 + (bytes[7] ?? 0)]] : []))
/** PointerEvent: the buttons that are down. */
const buttons = () => sent.flatMap((bytes) => (bytes[0] === 5 ? [bytes[1]] : []))

it('lets go of every key and button that is held down when control ends', () => {
  screen.setControl(true)
  fireEvent.keyDown(canvas(), { key: 'Shift', code: 'ShiftLeft' })
  fireEvent.keyDown(canvas(), { key: 'W', code: 'KeyW' })
  fireEvent.mouseDown(canvas(), { buttons: 1 })
  expect([keys(), buttons()]).toEqual([
    [
      [1, 0xffe1],
      [1, 0x57],
    ],
    [1],
  ])
  sent = []
  screen.setControl(false)
  expect([keys(), buttons()]).toEqual([
    [
      [0, 0xffe1],
      [0, 0x57],
    ],
    [0],
  ])
  sent = []
  fireEvent.keyDown(canvas(), { key: 'x', code: 'KeyX' })
  screen.setControl(true)
  screen.setControl(false)
  expect(sent).toEqual([])
})

it('says so when more comes at once than can be kept', async () => {
  // ServerCutText of 2 GiB.
  channel.receive(Uint8Array.of(3, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff))
  for (let part = 0; part < 12; part += 1) channel.receive(new Uint8Array(4 * 1024 * 1024))
  await vi.waitFor(() => expect(onFailed).toHaveBeenCalled())
  expect(onFailed.mock.calls).toEqual([['The desktop sent something that cannot be shown.']])
})

it('lets go of keys once somebody else has the focus', () => {
  screen.setControl(true)
  screen.focus()
  fireEvent.keyDown(canvas(), { key: 'w', code: 'KeyW' })
  fireEvent.focusOut(canvas())
  expect(keys()).toEqual([
    [1, 0x77],
    [0, 0x77],
  ])
})
