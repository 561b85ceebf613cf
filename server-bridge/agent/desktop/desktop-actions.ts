import type { Duplex } from 'node:stream'
import {
  type DesktopAction,
  type DesktopActionAnswer,
  maxScreenshotBytes,
  type MouseButton,
  type ScreenPoint,
} from '../../contract/desktop-actions.ts'
import type { Clock } from '../../lib/clock.ts'
import { toError } from '../../lib/to-error.ts'
import { RouteError } from '../route-error.ts'
import { readChords, symbolOfCharacter, UnknownKeyError } from './key-symbols.ts'
import { encodePng } from './png.ts'
import { openRfb, type RfbClient } from './rfb-client.ts'
import { pause, settle } from './settle.ts'

/** What models do on the virtual desktop. */
export interface DesktopActions {
  /**
   * Does one thing, after those that others asked for, and answers how the screen looks then. What it holds down meanwhile
   * is let go when `signal` stops it. @throws {RouteError} in words for the model
   */
  run(action: DesktopAction, signal: AbortSignal): Promise<DesktopActionAnswer>
  close(): void
}

export interface DesktopActionsDeps {
  readonly clock: Clock
  /** A connection to the screen, which starts it. @throws {RouteError} */
  readonly connect: () => Promise<Duplex>
}

const BAD_REQUEST = 400
const FAILED = 500
/** Nobody reads it. */
const GIVEN_UP = 499
const MAX_WAITING = 32
/** A connection that nobody needs is not kept: each costs the display server a picture of the screen. */
const IDLE_MS = 5 * 60_000
/** What a window needs to tell two clicks, and a drag from a click. */
const STEP_MS = 40
const KEYS_AT_ONCE = 40
const DRAG_STEPS = 8
const MAX_CHORDS = 200

const buttonBits: Readonly<Record<MouseButton, number>> = { left: 1, middle: 2, right: 4 }
const wheelBits = { up: 8, down: 16, left: 32, right: 64 } as const

/** A model's hands on one desktop: one thing at a time, whoever asks. */
export function createDesktopActions({ clock, connect }: DesktopActionsDeps): DesktopActions {
  let client: RfbClient | undefined
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  let cancelIdle = (): void => undefined
  const hands: Hands = { at: { x: 0, y: 0 }, buttons: 0, keys: new Set() }

  const open = async (signal: AbortSignal): Promise<RfbClient> => {
    if (client !== undefined && client.ended === undefined) return client
    hands.buttons = 0
    hands.keys.clear()
    client = await openRfb(await connect(), clock, signal)
    return client
  }
  const rest = (): void => {
    cancelIdle = clock.after(IDLE_MS, () => {
      if (client !== undefined) letGo(client, hands)
      client?.close()
      client = undefined
    })
  }
  const act = async (action: DesktopAction, signal: AbortSignal): Promise<DesktopActionAnswer> => {
    signal.throwIfAborted()
    cancelIdle()
    try {
      const opened = await open(signal)
      try {
        await perform(action, { client: opened, hands, clock, signal })
        await settle(opened, { clock, signal, hasActed: !onlyLooks.has(action.type) })
      } catch (error) {
        letGo(opened, hands)
        throw opened.ended ?? error
      }
      return await answerOf(opened, hands)
    } finally {
      rest()
    }
  }

  return {
    async run(action, signal) {
      if (waiting >= MAX_WAITING) throw new RouteError(429, 'Too many actions wait for the desktop already.')
      waiting += 1
      const turn = last.then(() => act(action, signal))
      last = turn.catch(() => undefined)
      try {
        return await turn
      } catch (error) {
        if (error instanceof RouteError) throw error
        if (signal.aborted) throw new RouteError(GIVEN_UP, 'The action was stopped.')
        if (error instanceof UnknownKeyError) throw new RouteError(BAD_REQUEST, error.message)
        throw new RouteError(FAILED, toError(error).message)
      } finally {
        waiting -= 1
      }
    },
    close() {
      cancelIdle()
      client?.close()
    },
  }
}

/** Nothing on the screen has to follow them. */
const onlyLooks: ReadonlySet<DesktopAction['type']> = new Set(['screenshot', 'cursor_position', 'wait'])

/** What is held down, and where. */
interface Hands {
  at: ScreenPoint
  buttons: number
  readonly keys: Set<number>
}

interface Doing {
  readonly client: RfbClient
  readonly hands: Hands
  readonly clock: Clock
  readonly signal: AbortSignal
}

async function answerOf(client: RfbClient, { at }: Hands): Promise<DesktopActionAnswer> {
  const { width, height, pixels } = client
  // A copy: the screen goes on while it is packed.
  const png = await encodePng(Buffer.from(pixels), width, height)
  if (png.length > maxScreenshotBytes) throw new RouteError(FAILED, 'The picture of the screen is too large.')
  return { cursor: at, width, height, screenshot: png.toString('base64') }
}

async function perform(action: DesktopAction, doing: Doing): Promise<void> {
  switch (action.type) {
    case 'screenshot':
    case 'cursor_position':
      return
    case 'wait':
      return pause(doing.clock, action.ms, doing.signal)
    case 'move': {
      moveTo(doing, action.at)
      return
    }
    case 'click':
      return holding(doing, action.held, () => click(doing, action))
    case 'hold_button':
      moveTo(doing, action.at)
      {
        press(doing, buttonBits.left, action.isDown)
        return
      }
    case 'drag':
      return holding(doing, action.held, () => drag(doing, action))
    case 'scroll':
      return holding(doing, action.held, () => scroll(doing, action))
    case 'key':
      return pressChords(doing, readChords(action.keys), action.count)
    case 'hold_key':
      return holding(doing, action.keys, () => pause(doing.clock, action.ms, doing.signal))
    case 'type':
      return typeText(doing, action.text)
  }
}

function moveTo({ client, hands }: Doing, at: ScreenPoint | undefined): void {
  if (at === undefined) return
  const { width, height } = client
  if (at.x >= width || at.y >= height)
    throw new RouteError(
      BAD_REQUEST,
      `(${at.x}, ${at.y}) is not on the screen, which has ${width}x${height} pixels.`,
    )
  hands.at = at
  client.pointer(at, hands.buttons)
}

function press({ client, hands }: Doing, bit: number, isDown: boolean): void {
  hands.buttons = isDown ? hands.buttons | bit : hands.buttons & ~bit
  client.pointer(hands.at, hands.buttons)
}

function keyTo({ client, hands }: Doing, symbol: number, isDown: boolean): void {
  if (isDown) hands.keys.add(symbol)
  else hands.keys.delete(symbol)
  client.key(symbol, isDown)
}

async function click(
  doing: Doing,
  { at, button, count }: Extract<DesktopAction, { type: 'click' }>,
): Promise<void> {
  moveTo(doing, at)
  for (let done = 0; done < count; done += 1) {
    await pause(doing.clock, STEP_MS, doing.signal)
    press(doing, buttonBits[button], true)
    await pause(doing.clock, STEP_MS, doing.signal)
    press(doing, buttonBits[button], false)
  }
}

/** With places on the way, since windows take a jump for none. */
async function drag(doing: Doing, { from, to }: Extract<DesktopAction, { type: 'drag' }>): Promise<void> {
  moveTo(doing, from)
  const start = doing.hands.at
  await pause(doing.clock, STEP_MS, doing.signal)
  press(doing, buttonBits.left, true)
  for (let step = 1; step <= DRAG_STEPS; step += 1) {
    await pause(doing.clock, STEP_MS, doing.signal)
    const part = (begin: number, end: number): number =>
      Math.round(begin + ((end - begin) * step) / DRAG_STEPS)
    moveTo(doing, { x: part(start.x, to.x), y: part(start.y, to.y) })
  }
  await pause(doing.clock, STEP_MS, doing.signal)
  press(doing, buttonBits.left, false)
}

async function scroll(
  doing: Doing,
  { at, direction, steps }: Extract<DesktopAction, { type: 'scroll' }>,
): Promise<void> {
  moveTo(doing, at)
  for (let done = 0; done < steps; done += 1) {
    press(doing, wheelBits[direction], true)
    press(doing, wheelBits[direction], false)
    await pause(doing.clock, STEP_MS / 2, doing.signal)
  }
}

/** Does something while keys are held. */
async function holding(doing: Doing, keys: string | undefined, work: () => Promise<void>): Promise<void> {
  if (keys === undefined) return work()
  const [chord = [], ...more] = readChords(keys)
  if (more.length > 0)
    throw new RouteError(
      BAD_REQUEST,
      `${JSON.stringify(keys)} are several keys after each other; hold one, or join them by +.`,
    )
  for (const symbol of chord) keyTo(doing, symbol, true)
  await work()
  for (const symbol of chord.toReversed()) keyTo(doing, symbol, false)
}

async function pressChords(
  doing: Doing,
  chords: readonly (readonly number[])[],
  count: number,
): Promise<void> {
  if (chords.length * count > MAX_CHORDS)
    throw new RouteError(BAD_REQUEST, `At most ${MAX_CHORDS} keys are pressed at once.`)
  for (let done = 0; done < count; done += 1)
    for (const chord of chords) {
      for (const symbol of chord) keyTo(doing, symbol, true)
      for (const symbol of chord.toReversed()) keyTo(doing, symbol, false)
      await pause(doing.clock, STEP_MS / 4, doing.signal)
    }
}

async function typeText(doing: Doing, text: string): Promise<void> {
  const characters = [...text.replaceAll('\r\n', '\n')]
  // All of it or nothing: half of a command is another command.
  const symbols = characters.map((character) => {
    const symbol = symbolOfCharacter(character)
    if (symbol === undefined)
      throw new RouteError(
        BAD_REQUEST,
        `No key types the character ${JSON.stringify(character)}. Nothing was typed.`,
      )
    return symbol
  })
  for (const [at, symbol] of symbols.entries()) {
    keyTo(doing, symbol, true)
    keyTo(doing, symbol, false)
    if ((at + 1) % KEYS_AT_ONCE === 0) await pause(doing.clock, STEP_MS, doing.signal)
  }
}

function letGo(client: RfbClient, hands: Hands): void {
  for (const symbol of hands.keys) client.key(symbol, false)
  hands.keys.clear()
  if (hands.buttons !== 0) client.pointer(hands.at, 0)
  hands.buttons = 0
}
