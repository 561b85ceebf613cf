/**
 * What a terminal shows, kept beside the window: a screen without a picture, fed with the same bytes, from which a
 * window that comes anew gets screen, scrollback and modes. It works off output in the pauses between it, so that a
 * flood reaches the window at full speed. When it lags by more than it may hold, it goes on with the newest bytes, in
 * the modes that hold there.
 */
import { SerializeAddon } from '@xterm/addon-serialize'
import headless from '@xterm/headless'
import { ignoreEndlessCounts } from '../contract/endless-counts.ts'
import { EscapeScanner } from '../lib/escape-scanner.ts'
import type { Clock } from '../lib/clock.ts'
import { createKeptOutput } from './kept-output.ts'
import { createZeroWidthLimit } from './zero-width-limit.ts'

/** Lines above the screen. 120 columns wide they take about 35 MB when full. */
const scrollbackLines = 5000
/** Fewer lines than that where they are longer than 200 columns. */
const scrollbackCells = 1_000_000
/** Text, colours and marks of all cells may be more than that: then the oldest lines stay away. */
const defaultRestoreMaxChars = 16 * 1024 * 1024
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
  /** Cells of screen and scrollback, which is what the memory goes by. */
  readonly cells: number
  /** Forgets the lines above the screen. */
  dropScrollback(): void
  dispose(): void
}

export interface KeptScreenOptions {
  /** Called after output was read. */
  readonly onGrown?: () => void
  readonly restoreMaxChars?: number
}

export function createKeptScreen(
  clock: Clock,
  size: { readonly cols: number; readonly rows: number },
  { onGrown, restoreMaxChars = defaultRestoreMaxChars }: KeptScreenOptions = {},
): KeptScreen {
  const terminal = new headless.Terminal({
    ...size,
    scrollback: linesFor(size.cols),
    allowProposedApi: true,
    // It writes to the console what it cannot read, and a program may print anything.
    logLevel: 'off',
  })
  const writer = new SerializeAddon()
  terminal.loadAddon(writer)
  ignoreEndlessCounts(terminal)
  const limitZeroWidth = createZeroWidthLimit()
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
    terminal.write(limitZeroWidth(nextSlice()), () => {
      isReading = false
      if (!isDisposed) onGrown?.()
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
  /** `undefined`: not even the screen alone is small enough. */
  const serialized = (): string | undefined => {
    let lines = linesFor(terminal.cols)
    for (;;) {
      const text = writer.serialize({ scrollback: lines })
      if (text.length <= restoreMaxChars) return text + scanner.preambleInPlace
      if (lines === 0) return undefined
      const above = Math.min(lines, terminal.buffer.normal.length - terminal.rows)
      lines = Math.floor((Math.max(0, above) * restoreMaxChars) / text.length / 2)
    }
  }

  return {
    get cells() {
      return terminal.buffer.normal.length * terminal.cols
    },
    dropScrollback: () => {
      terminal.options.scrollback = 0
      terminal.options.scrollback = linesFor(terminal.cols)
    },
    push: (bytes) => {
      kept.push(bytes)
      lastPush = clock.now()
      if (!isReading) wait(restMs)
    },
    resize: (cols, rows) => {
      // Before wider lines come and after: neither may be more than is kept.
      terminal.options.scrollback = Math.min(linesFor(cols), linesFor(terminal.cols))
      terminal.resize(cols, rows)
      terminal.options.scrollback = linesFor(cols)
    },
    restore: async () => {
      if (isReading || read < kept.end) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve)
          readOn()
        })
      }
      if (isDisposed || kept.end === 0) return new Uint8Array()
      return encoder.encode(serialized() ?? scanner.preamble)
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

function linesFor(cols: number): number {
  return Math.min(scrollbackLines, Math.floor(scrollbackCells / cols))
}

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
