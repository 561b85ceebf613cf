import type { Expression, TemplatePart } from './ast.ts'
import type { Cursor } from './cursor.ts'

/** Expressions inside templates are parsed by whoever parses expressions; the two are mutually recursive. */
export type ParseExpression = (cursor: Cursor) => Expression

interface TemplateRules {
  readonly parseExpression: ParseExpression
  /** Whether the literal text ends here. */
  readonly atEnd: (cursor: Cursor) => boolean
  /** Quoted strings know backslashes, heredocs do not. */
  readonly backslashes: boolean
}

const simpleEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

/** `"…"`, at the opening quote. */
export function parseQuotedTemplate(cursor: Cursor, parseExpression: ParseExpression): Expression {
  const start = cursor.offset
  const at = cursor.position()
  cursor.expect('"', 'before a string')
  const rules: TemplateRules = {
    parseExpression,
    backslashes: true,
    atEnd: (reader) => {
      if (reader.atEnd || reader.startsWith('\n')) {
        reader.fail(
          'This string is not closed: the closing " is missing. Several lines need a heredoc (<<EOT).',
          start,
        )
      }
      return reader.startsWith('"')
    },
  }
  const parts = parseParts(cursor, rules)
  cursor.expect('"', 'after a string')
  return toExpression(parts, at)
}

/** `<<EOT` or `<<-EOT`, at the first `<`. */
export function parseHeredoc(cursor: Cursor, parseExpression: ParseExpression): Expression {
  const start = cursor.offset
  const at = cursor.position()
  cursor.expect('<<', 'before a heredoc')
  const isFlush = cursor.take('-')
  const marker = cursor.identifier()
  if (marker === undefined) return cursor.fail('A heredoc needs a marker after "<<", such as <<EOT.')
  cursor.take('\r')
  if (!cursor.take('\n')) cursor.fail(`The line has to end after the heredoc's marker ${marker}.`)
  const end = findHeredocEnd(cursor, marker)
  if (end === undefined)
    return cursor.fail(`This heredoc is not closed: a line with ${marker} alone is missing.`, start)
  const rules: TemplateRules = {
    parseExpression,
    backslashes: false,
    atEnd: (reader) => reader.offset >= end.text,
  }
  const parts = parseParts(cursor, rules)
  // An expression may not reach over the end: its marker line would be part of it.
  if (cursor.offset !== end.text)
    cursor.fail(`The heredoc's marker ${marker} stands inside an expression.`, start)
  cursor.offset = end.after
  return toExpression(isFlush ? flush(parts) : parts, at)
}

/** A whole text as a template, as `templatefile` reads it. */
export function parseTemplateText(cursor: Cursor, parseExpression: ParseExpression): Expression {
  const at = cursor.position()
  const rules: TemplateRules = { parseExpression, backslashes: false, atEnd: (reader) => reader.atEnd }
  return toExpression(parseParts(cursor, rules), at)
}

function findHeredocEnd(cursor: Cursor, marker: string): { text: number; after: number } | undefined {
  let lineStart = cursor.offset
  while (lineStart <= cursor.text.length) {
    const lineEnd = cursor.text.indexOf('\n', lineStart)
    const line = cursor.text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd)
    // The line end stays: it ends the attribute as well.
    if (line.trim() === marker) return { text: lineStart, after: lineStart + line.trimEnd().length }
    if (lineEnd === -1) return undefined
    lineStart = lineEnd + 1
  }
  return undefined
}

function parseParts(cursor: Cursor, rules: TemplateRules): TemplatePart[] {
  const { parts, stop } = parseUntil(cursor, rules, [])
  if (stop !== undefined) cursor.fail(`%{ ${stop} } has nothing to end here.`)
  return parts
}

/** Reads parts until the template's end or one of the `stops` directives, which is consumed and answered. */
function parseUntil(
  cursor: Cursor,
  rules: TemplateRules,
  stops: readonly string[],
): { parts: TemplatePart[]; stop: string | undefined } {
  const parts: TemplatePart[] = []
  let text = ''
  let trimNext = false

  const flushText = (trimEnd: boolean): void => {
    let literal = trimNext ? text.trimStart() : text
    if (trimEnd) literal = literal.trimEnd()
    if (literal !== '') parts.push({ kind: 'text', text: literal })
    text = ''
    trimNext = false
  }

  while (!rules.atEnd(cursor)) {
    if (cursor.startsWith('$${') || cursor.startsWith('%%{')) {
      text += cursor.text.slice(cursor.offset + 1, cursor.offset + 3)
      cursor.offset += 3
    } else if (cursor.startsWith('${')) {
      const opened = openSequence(cursor)
      flushText(opened)
      const expression = cursor.nested(() => rules.parseExpression(cursor))
      trimNext = closeSequence(cursor)
      parts.push({ kind: 'interpolation', expression })
    } else if (cursor.startsWith('%{')) {
      const directiveStart = cursor.offset
      flushText(openSequence(cursor))
      const directive = cursor.nested(() => parseDirective(cursor, rules, stops, directiveStart))
      if (directive.stop !== undefined) return { parts, stop: directive.stop }
      if (directive.part !== undefined) parts.push(directive.part)
      trimNext = directive.trimAfter
    } else if (rules.backslashes && cursor.startsWith('\\')) {
      text += parseEscape(cursor)
    } else {
      const char = cursor.text[cursor.offset] ?? ''
      text += char
      cursor.offset += 1
      // One part a line, so that a flush heredoc can strip each line's indentation.
      if (char === '\n' && !trimNext) flushText(false)
    }
  }
  flushText(false)
  return { parts, stop: undefined }
}

/** At `${` or `%{`: answers whether the text before it is to be trimmed (`~`). */
function openSequence(cursor: Cursor): boolean {
  cursor.offset += 2
  return cursor.take('~')
}

/** At the end of a sequence: answers whether the text after it is to be trimmed. */
function closeSequence(cursor: Cursor): boolean {
  cursor.skipSpaceAndLines()
  const trims = cursor.take('~')
  cursor.expect('}', 'to end the template sequence')
  return trims
}

interface Directive {
  readonly part?: TemplatePart
  readonly stop?: string
  readonly trimAfter: boolean
}

function parseDirective(
  cursor: Cursor,
  rules: TemplateRules,
  stops: readonly string[],
  start: number,
): Directive {
  cursor.skipSpaceAndLines()
  const word = cursor.identifier() ?? ''
  if (stops.includes(word)) return { stop: word, trimAfter: closeSequence(cursor) }
  if (word === 'if') {
    const condition = rules.parseExpression(cursor)
    closeSequence(cursor)
    const first = parseUntil(cursor, rules, ['else', 'endif'])
    const second =
      first.stop === 'else' ? parseUntil(cursor, rules, ['endif']) : { parts: [], stop: first.stop }
    if (second.stop === undefined) cursor.fail('This %{ if } is not closed: %{ endif } is missing.', start)
    return {
      part: { kind: 'if', condition, whenTrue: first.parts, whenFalse: second.parts },
      trimAfter: false,
    }
  }
  if (word === 'for') {
    const { keyName, valueName } = parseForNames(cursor)
    const collection = rules.parseExpression(cursor)
    closeSequence(cursor)
    const body = parseUntil(cursor, rules, ['endfor'])
    if (body.stop === undefined) cursor.fail('This %{ for } is not closed: %{ endfor } is missing.', start)
    const at = cursor.position(start)
    return { part: { kind: 'for', keyName, valueName, collection, body: body.parts, at }, trimAfter: false }
  }
  return cursor.fail(
    `%{ ${word} } is not a template directive. There are if, else, endif, for and endfor.`,
    start,
  )
}

/** `v in` or `k, v in`. */
export function parseForNames(cursor: Cursor): { keyName: string | undefined; valueName: string } {
  cursor.skipSpaceAndLines()
  const first = cursor.identifier()
  if (first === undefined) return cursor.fail('"for" needs a variable name.')
  cursor.skipSpaceAndLines()
  let second: string | undefined
  if (cursor.take(',')) {
    cursor.skipSpaceAndLines()
    second = cursor.identifier()
    if (second === undefined) return cursor.fail('"for" needs a second variable name after the comma.')
    cursor.skipSpaceAndLines()
  }
  if (!cursor.takeKeyword('in')) cursor.fail('"for" needs "in" after its variable names.')
  return second === undefined
    ? { keyName: undefined, valueName: first }
    : { keyName: first, valueName: second }
}

function parseEscape(cursor: Cursor): string {
  const start = cursor.offset
  const name = cursor.text[start + 1] ?? ''
  const simple = simpleEscapes[name]
  if (simple !== undefined) {
    cursor.offset += 2
    return simple
  }
  const digits = name === 'u' ? 4 : name === 'U' ? 8 : 0
  const hex = cursor.text.slice(start + 2, start + 2 + digits)
  const codePoint = Number.parseInt(hex, 16)
  if (digits === 0 || !/^[0-9a-fA-F]+$/.test(hex) || hex.length !== digits || codePoint > 0x10ffff) {
    return cursor.fail(
      'This backslash escape does not exist. There are \\n, \\r, \\t, \\", \\\\, \\uNNNN and \\UNNNNNNNN.',
      start,
    )
  }
  cursor.offset += 2 + digits
  return String.fromCodePoint(codePoint)
}

/** Strips from every line the indentation all lines share (`<<-`). */
function flush(parts: readonly TemplatePart[]): TemplatePart[] {
  let indent = Number.POSITIVE_INFINITY
  forEachLineStart(parts, (text) => {
    // A line of blanks alone says nothing about the indentation.
    if (text.trim() !== '' || !text.endsWith('\n'))
      indent = Math.min(indent, text.length - text.trimStart().length)
  })
  if (indent === 0 || indent === Number.POSITIVE_INFINITY) return [...parts]
  let atLineStart = true
  return parts.map((part) => {
    const startsLine = atLineStart
    atLineStart = part.kind === 'text' && part.text.endsWith('\n')
    if (!startsLine || part.kind !== 'text') return part
    const blanks = part.text.length - part.text.trimStart().length
    const strip = part.text.trim() === '' ? part.text.replace(/\n$/, '').length : blanks
    return { kind: 'text', text: part.text.slice(Math.min(strip, indent)) }
  })
}

function forEachLineStart(parts: readonly TemplatePart[], visit: (text: string) => void): void {
  let atLineStart = true
  for (const part of parts) {
    if (atLineStart) visit(part.kind === 'text' ? part.text : '')
    atLineStart = part.kind === 'text' && part.text.endsWith('\n')
  }
}

function toExpression(parts: readonly TemplatePart[], at: ReturnType<Cursor['position']>): Expression {
  if (parts.every((part) => part.kind === 'text')) {
    return { kind: 'literal', value: parts.map((part) => part.text).join(''), at }
  }
  // `"${x}"` is x itself, not its text (HCL: template interpolation unwrapping).
  const [only] = parts
  if (parts.length === 1 && only?.kind === 'interpolation') return only.expression
  return { kind: 'template', parts, at }
}
