import { TemplateError, type SourcePosition } from '../template-error.ts'

/** Deeper nesting is an attack on the stack, not a template. */
const maxDepth = 100

const identifierStart = /[\p{ID_Start}_]/u
const identifierPattern = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy

/** Reads a file from front to back and knows where it stands. */
export class Cursor {
  readonly file: string
  readonly text: string
  offset = 0
  readonly #lineStarts: number[] = [0]
  #depth = 0
  /** Inside brackets a line end separates nothing. */
  #insideBrackets = false

  constructor(file: string, text: string) {
    this.file = file
    this.text = text
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1))
      this.#lineStarts.push(at + 1)
  }

  get atEnd(): boolean {
    return this.offset >= this.text.length
  }

  position(offset = this.offset): SourcePosition {
    let low = 0
    let high = this.#lineStarts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    const lineStart = this.#lineStarts[low] ?? 0
    // Columns count characters, as HCL's own messages do.
    return { file: this.file, line: low + 1, column: [...this.text.slice(lineStart, offset)].length + 1 }
  }

  fail(message: string, offset = this.offset): never {
    throw new TemplateError(message, this.position(offset))
  }

  startsWith(token: string): boolean {
    return this.text.startsWith(token, this.offset)
  }

  /** Takes the token when it comes next. */
  take(token: string): boolean {
    if (!this.startsWith(token)) return false
    this.offset += token.length
    return true
  }

  expect(token: string, where: string): void {
    if (!this.take(token)) this.fail(`Expected "${token}" ${where}, found ${this.describeNext()}.`)
  }

  describeNext(): string {
    if (this.atEnd) return 'the end of the file'
    const char = String.fromCodePoint(this.text.codePointAt(this.offset) ?? 0)
    return char === '\n' ? 'the end of the line' : JSON.stringify(char)
  }

  identifier(): string | undefined {
    identifierPattern.lastIndex = this.offset
    const name = identifierPattern.exec(this.text)?.[0]
    if (name !== undefined) this.offset += name.length
    return name
  }

  get atIdentifier(): boolean {
    return !this.atEnd && identifierStart.test(String.fromCodePoint(this.text.codePointAt(this.offset) ?? 0))
  }

  /** Takes a word that is not the start of a longer one. */
  takeKeyword(word: string): boolean {
    const start = this.offset
    if (this.identifier() === word) return true
    this.offset = start
    return false
  }

  /** Skips blanks and comments, and line ends where they mean nothing. */
  skipSpace(): void {
    this.#skip(this.#insideBrackets)
  }

  skipSpaceAndLines(): void {
    this.#skip(true)
  }

  /** Parses something inside brackets, where line ends are blanks. */
  inBrackets<T>(parse: () => T): T {
    return this.#withLines(true, parse)
  }

  /** Parses a body's attribute, where a line end ends it, whatever stands around the body. */
  inBody<T>(parse: () => T): T {
    return this.#withLines(false, parse)
  }

  nested<T>(parse: () => T): T {
    this.#depth += 1
    if (this.#depth > maxDepth) this.fail(`This is nested more than ${maxDepth} levels deep.`)
    try {
      return parse()
    } finally {
      this.#depth -= 1
    }
  }

  #withLines<T>(insideBrackets: boolean, parse: () => T): T {
    const before = this.#insideBrackets
    this.#insideBrackets = insideBrackets
    try {
      return parse()
    } finally {
      this.#insideBrackets = before
    }
  }

  #skip(lines: boolean): void {
    for (;;) {
      const char = this.text[this.offset]
      if (char === ' ' || char === '\t' || char === '\r' || (lines && char === '\n')) {
        this.offset += 1
      } else if (char === '#' || this.startsWith('//')) {
        const end = this.text.indexOf('\n', this.offset)
        this.offset = end === -1 ? this.text.length : end
      } else if (this.startsWith('/*')) {
        const end = this.text.indexOf('*/', this.offset + 2)
        if (end === -1) this.fail('This comment is not closed: "*/" is missing.')
        this.offset = end + 2
      } else {
        return
      }
    }
  }
}
