import type { SourcePosition } from '../template-error.ts'
import type { Expression } from './ast.ts'
import type { Cursor } from './cursor.ts'

/** Expressions inside templates are parsed by whoever parses expressions; the two are mutually recursive. */
export type ParseExpression = (cursor: Cursor) => Expression

export interface TemplateRules {
  readonly parseExpression: ParseExpression
  /** Whether the literal text ends here. */
  readonly atEnd: (cursor: Cursor) => boolean
  /** Quoted strings know backslashes, heredocs do not. */
  readonly backslashes: boolean
}

/** A template before its directives are matched: one text token a line, as in HCL, since trimming goes by tokens. */
export type TemplateToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'interpolation'; readonly expression: Expression }
  | { readonly kind: 'if'; readonly condition: Expression; readonly at: SourcePosition }
  | {
      readonly kind: 'for'
      readonly keyName: string | undefined
      readonly valueName: string
      readonly collection: Expression
      readonly at: SourcePosition
    }
  | { readonly kind: 'else' | 'endif' | 'endfor'; readonly at: SourcePosition }

const simpleEscapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

/** Reads a template's tokens; `~` marks are applied. */
export function readTemplateTokens(cursor: Cursor, rules: TemplateRules): TemplateToken[] {
  const tokens: TemplateToken[] = []
  let text = ''
  let trimNext = false

  const endText = (): void => {
    const literal = trimNext ? text.trimStart() : text
    if (literal !== '') tokens.push({ kind: 'text', text: literal })
    text = ''
    trimNext = false
  }
  const trimPrevious = (): void => {
    const last = tokens.at(-1)
    if (last?.kind === 'text') tokens.splice(-1, 1, { kind: 'text', text: last.text.trimEnd() })
  }

  while (!rules.atEnd(cursor)) {
    if (cursor.startsWith('$${') || cursor.startsWith('%%{')) {
      text += cursor.text.slice(cursor.offset + 1, cursor.offset + 3)
      cursor.offset += 3
    } else if (cursor.startsWith('${') || cursor.startsWith('%{')) {
      endText()
      const isDirective = cursor.startsWith('%')
      const at = cursor.position()
      cursor.offset += 2
      if (cursor.take('~')) trimPrevious()
      tokens.push(cursor.nested(() => readSequence(cursor, rules, isDirective ? at : undefined)))
      trimNext = endSequence(cursor)
    } else if (rules.backslashes && cursor.startsWith('\\')) {
      text += readEscape(cursor)
    } else {
      const char = cursor.text[cursor.offset] ?? ''
      text += char
      cursor.offset += 1
      if (char === '\n') endText()
    }
  }
  endText()
  return tokens
}

/** What stands between `${` or `%{` and `}`. */
function readSequence(
  cursor: Cursor,
  rules: TemplateRules,
  directiveAt: SourcePosition | undefined,
): TemplateToken {
  if (directiveAt === undefined) return { kind: 'interpolation', expression: rules.parseExpression(cursor) }
  cursor.skipSpaceAndLines()
  const start = cursor.offset
  const word = cursor.identifier() ?? ''
  switch (word) {
    case 'if':
      return { kind: 'if', condition: rules.parseExpression(cursor), at: directiveAt }
    case 'for': {
      const names = parseForNames(cursor)
      return { kind: 'for', ...names, collection: rules.parseExpression(cursor), at: directiveAt }
    }
    case 'else':
    case 'endif':
    case 'endfor':
      return { kind: word, at: directiveAt }
    default:
      return cursor.fail(
        'This is not a template directive. There are if, else, endif, for and endfor.',
        start,
      )
  }
}

/** At the end of a sequence: answers whether the text after it is to be trimmed. */
function endSequence(cursor: Cursor): boolean {
  cursor.skipSpaceAndLines()
  const trims = cursor.take('~')
  cursor.expect('}', 'to end the template sequence')
  return trims
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

function readEscape(cursor: Cursor): string {
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

/** Strips from every line the indentation all lines share (`<<-`). A line of blanks alone has no say and keeps them. */
export function stripIndentation(tokens: readonly TemplateToken[]): TemplateToken[] {
  const lineStarts = new Set<number>()
  let atLineStart = true
  tokens.forEach((token, index) => {
    if (atLineStart && !isBlankLine(token)) lineStarts.add(index)
    atLineStart = token.kind === 'text' && token.text.endsWith('\n')
  })
  const indents = [...lineStarts].map((index) => {
    const token = tokens[index]
    return token?.kind === 'text' ? token.text.length - token.text.trimStart().length : 0
  })
  const indent = Math.min(...indents)
  return tokens.map((token, index) =>
    token.kind === 'text' && lineStarts.has(index) ? { kind: 'text', text: token.text.slice(indent) } : token,
  )
}

function isBlankLine(token: TemplateToken): boolean {
  return token.kind === 'text' && token.text.endsWith('\n') && token.text.trim() === ''
}
