import { TemplateError, type SourcePosition } from '../template-error.ts'
import type { Expression, TemplatePart } from './ast.ts'
import type { Cursor } from './cursor.ts'
import {
  readTemplateTokens,
  stripIndentation,
  type ParseExpression,
  type TemplateRules,
  type TemplateToken,
} from './template-tokens.ts'

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
  const tokens = readTemplateTokens(cursor, rules)
  cursor.expect('"', 'after a string')
  return toExpression(cursor, tokens, at)
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
  const tokens = readTemplateTokens(cursor, rules)
  // An expression may not reach over the end: its marker line would be part of it.
  if (cursor.offset !== end.text)
    cursor.fail(`The heredoc's marker ${marker} stands inside an expression.`, start)
  cursor.offset = end.after
  return toExpression(cursor, isFlush ? stripIndentation(tokens) : tokens, at)
}

/** A whole text as a template, as `templatefile` reads it. */
export function parseTemplateText(cursor: Cursor, parseExpression: ParseExpression): Expression {
  const at = cursor.position()
  const rules: TemplateRules = { parseExpression, backslashes: false, atEnd: (reader) => reader.atEnd }
  return toExpression(cursor, readTemplateTokens(cursor, rules), at)
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

/** Matches the directives of a flat list of tokens. */
class PartBuilder {
  readonly #cursor: Cursor
  readonly #tokens: readonly TemplateToken[]
  #next = 0

  constructor(cursor: Cursor, tokens: readonly TemplateToken[]) {
    this.#cursor = cursor
    this.#tokens = tokens
  }

  build(): TemplatePart[] {
    const { parts, stop } = this.#until([])
    if (stop !== undefined) this.#fail(`%{ ${stop.kind} } has nothing to end here.`, stop.at)
    return parts
  }

  /** Parts up to one of the `stops`, which is consumed and answered, or any other end, which is for others to judge. */
  #until(stops: readonly string[]): { parts: TemplatePart[]; stop: StopToken | undefined } {
    const parts: TemplatePart[] = []
    for (;;) {
      const token = this.#tokens[this.#next]
      if (token === undefined) return { parts, stop: undefined }
      this.#next += 1
      if (token.kind === 'text' || token.kind === 'interpolation') parts.push(token)
      else if (token.kind === 'if') parts.push(this.#cursor.nested(() => this.#condition(token)))
      else if (token.kind === 'for') parts.push(this.#cursor.nested(() => this.#loop(token)))
      else if (stops.length === 0 || stops.includes(token.kind)) return { parts, stop: token }
      else this.#fail(`%{ ${token.kind} } has nothing to end here.`, token.at)
    }
  }

  #condition(token: Extract<TemplateToken, { kind: 'if' }>): TemplatePart {
    const first = this.#until(['else', 'endif'])
    const second = first.stop?.kind === 'else' ? this.#until(['endif']) : { parts: [], stop: first.stop }
    if (second.stop === undefined) this.#fail('This %{ if } is not closed: %{ endif } is missing.', token.at)
    return { kind: 'if', condition: token.condition, whenTrue: first.parts, whenFalse: second.parts }
  }

  #loop(token: Extract<TemplateToken, { kind: 'for' }>): TemplatePart {
    const body = this.#until(['endfor'])
    if (body.stop === undefined) this.#fail('This %{ for } is not closed: %{ endfor } is missing.', token.at)
    return { ...token, body: body.parts }
  }

  #fail(message: string, at: SourcePosition): never {
    throw new TemplateError(message, at)
  }
}

type StopToken = Extract<TemplateToken, { kind: 'else' | 'endif' | 'endfor' }>

function toExpression(cursor: Cursor, tokens: readonly TemplateToken[], at: SourcePosition): Expression {
  const parts = new PartBuilder(cursor, tokens).build()
  if (parts.every((part) => part.kind === 'text')) {
    return { kind: 'literal', value: parts.map((part) => part.text).join(''), at }
  }
  // `"${x}"` is x itself, not its text (HCL: template interpolation unwrapping).
  const [only] = parts
  if (parts.length === 1 && only?.kind === 'interpolation') return only.expression
  return { kind: 'template', parts, at }
}
