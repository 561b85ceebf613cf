/**
 * Follows terminal output just far enough to know two things at any byte: whether a cut here would split an escape
 * sequence, and which private modes are switched away from their default. It interprets nothing else.
 *
 * Grammar: ECMA-48 control sequences and control strings, DEC private modes `CSI ? Pm h/l` as xterm documents them.
 */

const esc = 0x1b
const bel = 0x07
const can = 0x18
const sub = 0x1a

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

type State = 'ground' | 'escape' | 'escape-intermediate' | 'csi' | 'string' | 'string-escape'

export class EscapeScanner {
  #state: State = 'ground'
  #parameters = ''
  #changed = new Map<number, boolean>()

  /** A cut at this point splits no escape sequence. A UTF-8 character may still be split. */
  get atBoundary(): boolean {
    return this.#state === 'ground'
  }

  get alternateScreen(): boolean {
    return alternateScreenModes.some((mode) => this.#changed.get(mode) === true)
  }

  /** The sequences that bring a reset terminal into the modes at this point. */
  get modePreamble(): string {
    return [...this.#changed].map(([mode, on]) => `\u001b[?${mode}${on ? 'h' : 'l'}`).join('')
  }

  clone(): EscapeScanner {
    const copy = new EscapeScanner()
    copy.#state = this.#state
    copy.#parameters = this.#parameters
    copy.#changed = new Map(this.#changed)
    return copy
  }

  push(bytes: Uint8Array, start = 0, end = bytes.length): void {
    let index = start
    while (index < end) {
      if (this.#state === 'ground') {
        // Plain text is nearly everything: skip it at native speed.
        const next = bytes.indexOf(esc, index)
        if (next === -1 || next >= end) return
        this.#state = 'escape'
        index = next + 1
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
        if (byte === esc) this.#state = 'string-escape'
        else if (byte === bel) this.#state = 'ground'
        return
      case 'string-escape':
        // `ESC \` ends the string; any other escape ends it as well and begins its own sequence.
        this.#afterEscape(byte)
    }
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
    } else if (byte >= 0x20 && byte < 0x30) {
      this.#state = 'escape-intermediate'
    } else {
      if (char === 'c') this.#changed.clear()
      this.#state = 'ground'
    }
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
