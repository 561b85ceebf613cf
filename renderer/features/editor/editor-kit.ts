/** What the editor's documents and views need of a text editor. The real one is Monaco; tests have their own. */

/** A text that is being edited, with its undo history. Lines end with `\n`. */
export interface TextBuffer {
  text(): string
  /** Puts another text in its place, as one step that can be undone. */
  replace(text: string): void
  /** A number for the text as it is: undoing leads back to the same one. */
  version(): number
  onChange(listener: () => void): () => void
  language(): string
  setLanguage(id: string): void
  dispose(): void
}

export interface PaneOptions {
  readonly isReadOnly: boolean
  /** Its name for screen readers. */
  readonly label: string
}

export interface CursorPlace {
  /** Both from 1. */
  readonly line: number
  readonly column: number
}

/** An editor on the page. */
export interface EditorPane {
  focus(): void
  /** Scrolls there and puts the cursor there. */
  reveal(place: CursorPlace): void
  onCursor(listener: (place: CursorPlace) => void): () => void
  dispose(): void
}

export interface ComparedTexts {
  readonly original: string
  readonly modified: string
  readonly language: string
  readonly label: string
}

export interface EditorKit {
  /** `language` is found by the name of the file where it is not given. */
  createBuffer(text: string, source: { readonly path: string; readonly language?: string }): TextBuffer
  languages(): readonly { readonly id: string; readonly label: string }[]
  mount(parent: HTMLElement, buffer: TextBuffer, options: PaneOptions): EditorPane
  /** Two texts with their differences, read only. */
  mountComparison(parent: HTMLElement, texts: ComparedTexts): { dispose(): void }
}
