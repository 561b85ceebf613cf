import type { Settings } from '#ipc/settings'
import type { PathLink } from './path-links.ts'
import type { ProgramRequests } from './program-requests.ts'

export interface ScreenSize {
  readonly cols: number
  readonly rows: number
}

export interface FindResult {
  /** −1: there are more than the search counts. */
  readonly index: number
  readonly count: number
}

/** What a terminal session needs of a screen. The real one is xterm; tests have their own. */
export interface TerminalScreen extends ProgramRequests {
  /** Draws bytes; `parsed` is called once they are on the screen, which is when their credit goes back. */
  write(bytes: Uint8Array, parsed: () => void): void
  /** Clears screen and scrollback, in order with what is still being drawn. */
  reset(): void
  /** Keeps what was printed and puts the new shell's output below it, in a clean state. */
  startNewShell(): void
  size(): ScreenSize
  onInput(listener: (text: string) => void): () => void
  onResize(listener: (size: ScreenSize) => void): () => void
  onTitle(listener: (title: string) => void): () => void
  /** The real target of the link under the pointer, or `undefined`. */
  onLinkHover(listener: (url: string | undefined) => void): () => void
  /** The user wants to see a file of the workspace that is named in the output. */
  onPathOpen(listener: (link: PathLink) => void): () => void
  /** The user pasted, by keyboard, menu or middle click: nothing is sent until `paste`. Without text: a picture, perhaps. */
  onPaste(listener: (text: string) => void): () => void
  onFind(listener: () => void): () => void
  /** A selection was made by the user. */
  onSelect(listener: (text: string) => void): () => void
  /** Asks whoever shows the screen for the find field, as its keys do. */
  askFind(): void
  /** Sends text as a paste, bracketed when the program asked for that. */
  paste(text: string): void
  wantsBracketedPaste(): boolean
  selection(): string
  /** Screen and scrollback as text, wrapped lines joined. */
  text(): string
  selectAll(): void
  clearScrollback(): void
  find(text: string, direction: 'next' | 'previous'): FindResult | undefined
  endFind(): void
  focus(): void
  /** Puts the screen into the page; the returned function takes it out again with everything kept. */
  attach(parent: HTMLElement): () => void
  configure(settings: Settings['terminal']): void
  dispose(): void
}

/** What a screen may ask of the app. */
export interface ScreenPorts {
  readonly openLink: (url: string) => void
  readonly copy: (text: string) => void
  readonly readClipboard: () => Promise<string>
  readonly mac: boolean
}

export type CreateScreen = (settings: Settings['terminal']) => TerminalScreen
