/**
 * Follows terminal output just far enough to know two things at any byte: whether a cut here would split an escape
 * sequence, and what a program has set that its output does not set again: private modes, the window's title, the shape
 * of the cursor, the keypad. It interprets nothing else.
 *
 * Grammar: ECMA-48 control sequences and control strings; DEC private modes `CSI ? Pm h/l`, DECSCUSR, DECKPAM and the
 * title strings `OSC 0` and `OSC 2` as xterm documents them.
 */

const esc = 0x1b
const bel = 0x07
const can = 0x18
const sub = 0x1a
const backslash = 0x5c
const openBracket = 0x5b
const questionMark = 0x3f
/** `q` of DECSCUSR. */
const finalOfCursorShape = 0x71

/** Modes worth restoring for a client that joins late, with their value after a reset. */
const trackedModes: ReadonlyMap<number, boolean> = new Map([
  [1, false], // application cursor keys
  [7, true], // autowrap
  [25, true], // cursor shown
  [47, false], // alternate screen, three spellings
  [1047, false],
  [1049, false],
  [1000, false], // mouse reports and their encodings
  [1002, false],
  [1003, false],
  [1005, false],
  [1006, false],
  [1015, false],
  [1004, false], // focus reports
  [2004, false], // bracketed paste
])
const alternateScreenModes = [47, 1047, 1049]

/** Longer parameters belong to nothing we track. */
const maxParameterBytes = 64
/** A title is shown in one line; what is longer is cut. */
const maxTitleBytes = 512

type State = 'ground' | 'escape' | 'escape-intermediate' | 'csi' | 'string' | 'string-escape'

export class EscapeScanner {
  #state: State = 'ground'
  #parameters = ''
  #changed = new Map<number, boolean>()
  /** The beginning of a control string, when it may be a title. */
  #text: number[] = []
  #isCommand = false
  #title = ''
  /** Parameter of DECSCUSR; empty for the terminal's own shape. */
  #cursor = ''
  #isApplicationKeypad = false

  /** A cut at this point splits no escape sequence. A UTF-8 character may still be split. */
  get atBoundary(): boolean {
    return this.#state === 'ground'
  }

  get alternateScreen(): boolean {
    return alternateScreenModes.some((mode) => this.#changed.get(mode) === true)
  }

  /** The window title at this point; empty when none was set. */
  get title(): string {
    return this.#title
  }

  /** The sequences that bring a reset terminal into the state at this point. */
  get preamble(): string {
    return this.#settings([...this.#changed])
  }

  /** The same for a screen that shows the right one of its two buffers already. */
  get preambleInPlace(): string {
    return this.#settings([...this.#changed].filter(([mode]) => !alternateScreenModes.includes(mode)))
  }

  /** The sequences that undo everything tracked here, whatever came before. */
  static readonly undo: string = [
    '\u001b>\u001b[0 q',
    ...[...trackedModes].map(([mode, on]) =>
      alternateScreenModes.includes(mode) ? '' : `\u001b[?${mode}${on ? 'h' : 'l'}`,
    ),
  ].join('')

  #settings(changed: readonly (readonly [mode: number, on: boolean])[]): string {
    const modes = changed.map(([mode, on]) => `\u001b[?${mode}${on ? 'h' : 'l'}`)
    const title = this.#title === '' ? '' : `\u001b]2;${this.#title}\u0007`
    const cursor = this.#cursor === '' ? '' : `\u001b[${this.#cursor} q`
    return [title, ...modes, this.#isApplicationKeypad ? '\u001b=' : '', cursor].join('')
  }

  clone(): EscapeScanner {
    const copy = new EscapeScanner()
    copy.#state = this.#state
    copy.#parameters = this.#parameters
    copy.#changed = new Map(this.#changed)
    copy.#text = [...this.#text]
    copy.#isCommand = this.#isCommand
    copy.#title = this.#title
    copy.#cursor = this.#cursor
    copy.#isApplicationKeypad = this.#isApplicationKeypad
    return copy
  }

  push(bytes: Uint8Array, start = 0, end = bytes.length): void {
    let index = start
    while (index < end) {
      if (this.#state === 'ground') {
        // Plain text is nearly everything: skip it at native speed.
        const next = bytes.indexOf(esc, index)
        if (next === -1 || next >= end) return
        const after = endOfPlainSequence(bytes, next, end)
        if (after === undefined) this.#state = 'escape'
        index = after ?? next + 1
        continue
      }
      this.#step(bytes[index] ?? 0)
      index += 1
    }
  }

  #step(byte: number): void {
    if (byte === can || byte === sub) {
      this.#state = 'ground'
      return
    }
    switch (this.#state) {
      case 'ground':
        return
      case 'escape':
        this.#afterEscape(byte)
        return
      case 'escape-intermediate':
        if (byte === esc) this.#state = 'escape'
        else if (byte >= 0x30) this.#state = 'ground'
        return
      case 'csi':
        this.#inControlSequence(byte)
        return
      case 'string':
        this.#inString(byte)
        return
      case 'string-escape':
        // `ESC \` ends the string; any other escape ends it as well and begins its own sequence.
        if (byte === backslash) this.#finishString()
        this.#afterEscape(byte)
    }
  }

  #inString(byte: number): void {
    if (byte === esc) {
      this.#state = 'string-escape'
    } else if (byte === bel) {
      this.#finishString()
      this.#state = 'ground'
    } else if (this.#isCommand && this.#text.length < maxTitleBytes) {
      this.#text.push(byte)
    }
  }

  #finishString(): void {
    const match = this.#isCommand ? /^[02];(.*)$/s.exec(Buffer.from(this.#text).toString('utf8')) : null
    // Replayed as it is, so nothing in it may end the string early. A character cut at the limit is left out.
    if (match !== null) this.#title = (match[1] ?? '').replaceAll(/[\u0000-\u001f\u007f-\u009f\ufffd]/g, '')
    this.#text = []
  }

  #afterEscape(byte: number): void {
    const char = String.fromCharCode(byte)
    if (byte === esc) {
      this.#state = 'escape'
    } else if (char === '[') {
      this.#state = 'csi'
      this.#parameters = ''
    } else if (']P_^X'.includes(char)) {
      this.#state = 'string'
      this.#isCommand = char === ']'
      this.#text = []
    } else if (byte >= 0x20 && byte < 0x30) {
      this.#state = 'escape-intermediate'
    } else {
      if (char === 'c') this.#reset()
      if (char === '=' || char === '>') this.#isApplicationKeypad = char === '='
      this.#state = 'ground'
    }
  }

  #reset(): void {
    this.#changed.clear()
    this.#cursor = ''
    this.#isApplicationKeypad = false
  }

  #inControlSequence(byte: number): void {
    if (byte === esc) {
      this.#state = 'escape'
      return
    }
    if (byte >= 0x40 && byte <= 0x7e) {
      this.#finishControlSequence(String.fromCharCode(byte))
      this.#state = 'ground'
      return
    }
    if (this.#parameters.length < maxParameterBytes) this.#parameters += String.fromCharCode(byte)
  }

  #finishControlSequence(final: string): void {
    const shape = final === 'q' ? /^([0-6]?) $/.exec(this.#parameters)?.[1] : undefined
    if (shape !== undefined) this.#cursor = shape === '0' ? '' : shape
    if (!this.#parameters.startsWith('?') || (final !== 'h' && final !== 'l')) return
    for (const parameter of this.#parameters.slice(1).split(';')) {
      const mode = Number(parameter)
      const initial = trackedModes.get(mode)
      if (initial === undefined) continue
      const on = final === 'h'
      // Re-inserted, so the preamble keeps the order in which the program set them.
      this.#changed.delete(mode)
      if (on !== initial) this.#changed.set(mode, on)
    }
  }
}

/**
 * Where a control sequence ends that says nothing of what is followed here, as colours do: most of a colourful output is
 * made of them. `undefined`: it may say something, or is not complete, and is taken step by step.
 */
function endOfPlainSequence(bytes: Uint8Array, start: number, end: number): number | undefined {
  if (bytes[start + 1] !== openBracket || bytes[start + 2] === questionMark) return undefined
  const limit = Math.min(end, start + maxParameterBytes)
  for (let at = start + 2; at < limit; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte < 0x20 || byte > 0x7e) return undefined
    if (byte >= 0x40) return byte === finalOfCursorShape ? undefined : at + 1
  }
  return undefined
}
