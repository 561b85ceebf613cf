/**
 * What a terminal shows, kept beside the window: a screen without a picture, fed with the same bytes, from which a
 * window that comes anew gets screen, scrollback and modes. It works off output in the pauses between it, so that a
 * flood reaches the window at full speed. When it lags by more than it may hold, it goes on with the newest bytes, in
 * the modes that hold there.
 */
import { SerializeAddon } from '@xterm/addon-serialize'
import headless from '@xterm/headless'
import { EscapeScanner } from '../lib/escape-scanner.ts'
import type { Clock } from '../lib/clock.ts'
import { createKeptOutput } from './kept-output.ts'

/** Lines above the screen. 120 columns wide they take about 35 MB when full. */
const scrollbackLines = 5000
/** Unread output that is held, which is also what a replay is compared with. More than the rings of servers hold. */
const keptBytes = 1024 * 1024
const sliceBytes = 32 * 1024
/** Output is left alone for this long: the echo of a key goes first. */
const restMs = 50
/** In a flood that it cannot follow anyway. */
const floodRestMs = 250
/** While output goes on, this many times as long as it took to read a slice is left to others. */
const shareOfOthers = 9
/** How far behind a gap a line's beginning is looked for. */
const lineSearchBytes = 8 * 1024
const lineFeed = 0x0a
/** What a program may keep in it at will, and what would ask the window for something, is nothing for this screen. */
const ignoredCommands = [0, 1, 2, 7, 8, 9, 52, 133, 777, 1337]

export interface KeptScreen {
  push(bytes: Uint8Array): void
  resize(cols: number, rows: number): void
  /** What brings a reset screen of this size into the present state. Nothing may be pushed until it is there. */
  restore(): Promise<Uint8Array>
  /** The newest output as it came, since the shell was joined last or `forgetHistory`. */
  history(): Buffer
  /** What comes from now on is another shell's. */
  forgetHistory(): void
  dispose(): void
}

export function createKeptScreen(
  clock: Clock,
  size: { readonly cols: number; readonly rows: number },
): KeptScreen {
  const terminal = new headless.Terminal({
    ...size,
    scrollback: scrollbackLines,
    allowProposedApi: true,
    // It writes to the console what it cannot read, and a program may print anything.
    logLevel: 'off',
  })
  const writer = new SerializeAddon()
  terminal.loadAddon(writer)
  for (const command of ignoredCommands) terminal.parser.registerOscHandler(command, () => true)

  // Follows every byte exactly once: those that the screen reads, and those that fall out unread.
  const scanner = new EscapeScanner()
  let read = 0
  let hasGap = false
  let historyStart = 0
  const kept = createKeptOutput(keptBytes, (bytes, position) => {
    if (position + bytes.length <= read) return
    scanner.push(bytes, Math.max(0, read - position))
    read = position + bytes.length
    hasGap = true
  })

  let lastPush = 0
  let isReading = false
  let isDisposed = false
  let cancelWait: (() => void) | undefined
  let waiting: (() => void)[] = []

  const wait = (ms: number): void => {
    cancelWait ??= clock.after(ms, () => {
      cancelWait = undefined
      readOn()
    })
  }
  const readOn = (): void => {
    if (isReading || isDisposed) return
    if (read >= kept.end) {
      for (const done of waiting.splice(0)) done()
      return
    }
    const isFlooded = waiting.length === 0 && kept.end - read > keptBytes / 2
    if (isFlooded && clock.now() - lastPush <= restMs) {
      // It would fall out of the scrollback before anybody sees it.
      wait(floodRestMs)
      return
    }
    isReading = true
    const started = clock.now()
    terminal.write(nextSlice(), () => {
      isReading = false
      const isHurried = waiting.length > 0 || clock.now() - lastPush > restMs
      if (isHurried || read >= kept.end) readOn()
      else wait(Math.max(restMs, (clock.now() - started) * shareOfOthers))
    })
  }
  const nextSlice = (): Uint8Array => {
    let lead = new Uint8Array()
    if (hasGap) {
      hasGap = false
      read += skipToStart(kept.read(read, lineSearchBytes), scanner)
      lead = encoder.encode(crossing(terminal.buffer.active.type === 'alternate', scanner))
    }
    const bytes = kept.read(read, sliceBytes)
    read += bytes.length
    scanner.push(bytes)
    return lead.length === 0 ? bytes : Buffer.concat([lead, bytes])
  }

  return {
    push: (bytes) => {
      kept.push(bytes)
      lastPush = clock.now()
      if (!isReading) wait(restMs)
    },
    resize: (cols, rows) => {
      terminal.resize(cols, rows)
    },
    restore: async () => {
      if (isReading || read < kept.end) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
          readOn()
        })
      }
      if (isDisposed || kept.end === 0) return new Uint8Array()
      return encoder.encode(writer.serialize({ scrollback: scrollbackLines }) + scanner.preambleInPlace)
    },
    history: () => {
      const from = Math.max(kept.start, historyStart)
      return Buffer.from(kept.read(from, kept.end - from))
    },
    forgetHistory: () => {
      historyStart = kept.end
    },
    dispose: () => {
      isDisposed = true
      cancelWait?.()
      for (const done of waiting.splice(0)) done()
      waiting = []
      terminal.dispose()
    },
  }
}

const encoder = new TextEncoder()

/** Moves the scanner to the first place where text can begin, best a line's beginning; answers how far that is. */
function skipToStart(bytes: Uint8Array, scanner: EscapeScanner): number {
  const probe = scanner.clone()
  let start: number | undefined
  for (let at = 0; at < bytes.length; at += 1) {
    const isContinuation = ((bytes[at] ?? 0) & 0xc0) === 0x80
    if (probe.atBoundary && !isContinuation) {
      start ??= at
      if (at > 0 && bytes[at - 1] === lineFeed) {
        start = at
        break
      }
    }
    probe.push(bytes, at, at + 1)
  }
  const end = start ?? bytes.length
  scanner.push(bytes, 0, end)
  return end
}

/** From the state before a gap into the modes behind it. */
function crossing(isAlternate: boolean, scanner: EscapeScanner): string {
  const leave = isAlternate && !scanner.alternateScreen ? '\u001b[?1049l' : ''
  const enter = scanner.alternateScreen && !isAlternate ? '\u001b[?1049h' : ''
  // CAN ends a sequence that was cut; DECSTR takes back colours, margins and character sets.
  return `\u0018${leave}${enter}\u001b[!p${EscapeScanner.undo}${scanner.preambleInPlace}`
}
