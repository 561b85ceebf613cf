import type { CommandEnd } from '../features/terminal/command-marks.ts'
import type { PathLink } from '../features/terminal/path-links.ts'
import type { ScreenSize, TerminalScreen } from '../features/terminal/screen.ts'

export interface FakeScreen extends TerminalScreen {
  /** What was drawn, with marks for resets and new shells. */
  readonly drawn: string[]
  /** Answers all writes that wait to be parsed. */
  parse(): void
  type(text: string): void
  resizeTo(size: ScreenSize): void
  offerPaste(text: string): void
  openPath(link: PathLink): void
  bracketed: boolean
  readonly pasted: string[]
  readonly isDisposed: () => boolean
  /** What a program asks of the window. */
  readonly program: {
    readonly ring: () => void
    readonly writeClipboard: (text: string) => void
    readonly enterDirectory: (path: string) => void
    readonly endCommand: (end: CommandEnd) => void
  }
}

/** A screen that draws into an array and parses when told. */
export function createFakeScreen(): FakeScreen {
  const drawn: string[] = []
  const pasted: string[] = []
  const waiting: (() => void)[] = []
  const inputs = new Set<(text: string) => void>()
  const resizes = new Set<(size: ScreenSize) => void>()
  const pastes = new Set<(text: string) => void>()
  const finds = new Set<() => void>()
  const paths = new Set<(link: PathLink) => void>()
  const bells = new Set<() => void>()
  const clipboards = new Set<(text: string) => void>()
  const directories = new Set<(path: string) => void>()
  const commandEnds = new Set<(end: CommandEnd) => void>()
  let size = { cols: 80, rows: 24 }
  let disposed = false
  const added = <T>(set: Set<T>, listener: T): (() => void) => {
    set.add(listener)
    return () => void set.delete(listener)
  }
  return {
    drawn,
    pasted,
    bracketed: false,
    parse: () => waiting.splice(0).forEach((run) => run()),
    type: (text) => inputs.forEach((listener) => listener(text)),
    resizeTo: (next) => {
      size = next
      resizes.forEach((listener) => listener(next))
    },
    offerPaste: (text) => pastes.forEach((listener) => listener(text)),
    openPath: (link) => paths.forEach((listener) => listener(link)),
    isDisposed: () => disposed,
    write: (bytes, parsed) => {
      drawn.push(new TextDecoder().decode(bytes))
      waiting.push(parsed)
    },
    reset: () => void drawn.push('[reset]'),
    startNewShell: () => void drawn.push('[new shell]'),
    size: () => size,
    onInput: (listener) => added(inputs, listener),
    onResize: (listener) => added(resizes, listener),
    onTitle: () => () => undefined,
    onLinkHover: () => () => undefined,
    onPathOpen: (listener) => added(paths, listener),
    onPaste: (listener) => added(pastes, listener),
    onFind: (listener) => added(finds, listener),
    askFind: () => finds.forEach((listener) => listener()),
    paste: (text) => void pasted.push(text),
    wantsBracketedPaste() {
      return this.bracketed
    },
    selection: () => '',
    text: () => drawn.join(''),
    selectAll: () => undefined,
    clearScrollback: () => undefined,
    find: () => undefined,
    endFind: () => undefined,
    onSelect: () => () => undefined,
    onBell: (listener) => added(bells, listener),
    onClipboardWrite: (listener) => added(clipboards, listener),
    onDirectory: (listener) => added(directories, listener),
    onCommandEnd: (listener) => added(commandEnds, listener),
    jumpToPrompt: () => false,
    selectLastOutput: () => false,
    program: {
      ring: () => bells.forEach((listener) => listener()),
      writeClipboard: (text) => clipboards.forEach((listener) => listener(text)),
      enterDirectory: (path) => directories.forEach((listener) => listener(path)),
      endCommand: (end) => commandEnds.forEach((listener) => listener(end)),
    },
    focus: () => undefined,
    attach: () => () => undefined,
    configure: () => undefined,
    dispose: () => {
      disposed = true
    },
  }
}
