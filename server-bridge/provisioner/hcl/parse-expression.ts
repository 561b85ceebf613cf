import type { BinaryOperator, Expression, ObjectItem } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { parseHeredoc, parseQuotedTemplate } from './parse-template.ts'
import { parseForNames } from './template-tokens.ts'

/** Loosest first; within a level from left to right. */
const precedence: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['+', '-'],
  ['*', '/', '%'],
]

const numberPattern = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/** An expression, up to where it cannot go on. */
export function parseExpression(cursor: Cursor): Expression {
  return cursor.nested(() => {
    cursor.skipSpace()
    const at = cursor.position()
    const condition = parseBinary(cursor, 0)
    cursor.skipSpace()
    if (!cursor.take('?')) return condition
    cursor.skipSpace()
    const whenTrue = parseExpression(cursor)
    cursor.skipSpace()
    cursor.expect(':', 'between the two results of "?"')
    const whenFalse = parseExpression(cursor)
    return { kind: 'conditional', condition, whenTrue, whenFalse, at }
  })
}

function parseBinary(cursor: Cursor, level: number): Expression {
  const operators = precedence[level]
  if (operators === undefined) return parseUnary(cursor)
  let left = parseBinary(cursor, level + 1)
  for (;;) {
    cursor.skipSpace()
    const at = cursor.position()
    const operator = operators.find((candidate) => cursor.take(candidate))
    if (operator === undefined) return left
    cursor.skipSpace()
    left = { kind: 'binary', operator, left, right: parseBinary(cursor, level + 1), at }
  }
}

function parseUnary(cursor: Cursor): Expression {
  cursor.skipSpace()
  const at = cursor.position()
  const operator = cursor.take('-')
    ? '-'
    : cursor.startsWith('!=')
      ? undefined
      : cursor.take('!')
        ? '!'
        : undefined
  if (operator === undefined) return parsePostfix(cursor, parsePrimary(cursor))
  return { kind: 'unary', operator, operand: cursor.nested(() => parseUnary(cursor)), at }
}

/** What may follow a value: `.name`, `[key]`, `.0`, `[*]`, `.*`. */
function parsePostfix(cursor: Cursor, start: Expression): Expression {
  let target = start
  for (;;) {
    cursor.skipSpace()
    const at = cursor.position()
    if (cursor.startsWith('...')) return target
    if (cursor.take('.')) {
      cursor.skipSpace()
      if (cursor.take('*')) return cursor.nested(() => parseSplat(cursor, target, true))
      const name = cursor.identifier()
      if (name === undefined) target = { kind: 'index', target, key: parseNumber(cursor), at }
      else target = { kind: 'attribute', target, name, at }
    } else if (cursor.take('[')) {
      const key = cursor.inBrackets(() => parseIndexKey(cursor))
      if (key === undefined) return cursor.nested(() => parseSplat(cursor, target, false))
      target = { kind: 'index', target, key, at }
    } else {
      return target
    }
  }
}

/** The key before `]`, or undefined for `*`. */
function parseIndexKey(cursor: Cursor): Expression | undefined {
  cursor.skipSpace()
  const key = cursor.take('*') ? undefined : parseExpression(cursor)
  cursor.skipSpace()
  cursor.expect(']', 'after an index')
  return key
}

/** `.*` takes only attributes along, `[*]` indexes as well; what comes after applies to the list. */
function parseSplat(cursor: Cursor, target: Expression, attributesOnly: boolean): Expression {
  const at = cursor.position()
  const item: Expression = { kind: 'splat-item', at }
  if (!attributesOnly) return { kind: 'splat', target, each: parsePostfix(cursor, item), at }
  let each: Expression = item
  while (cursor.startsWith('.') && !cursor.startsWith('...')) {
    cursor.take('.')
    const name = cursor.identifier()
    if (name === undefined) return cursor.fail('Only attribute names may follow ".*".')
    each = { kind: 'attribute', target: each, name, at: cursor.position() }
  }
  return parsePostfix(cursor, { kind: 'splat', target, each, at })
}

function parsePrimary(cursor: Cursor): Expression {
  const at = cursor.position()
  if (cursor.startsWith('"')) return parseQuotedTemplate(cursor, parseBracketed)
  if (cursor.startsWith('<<')) return parseHeredoc(cursor, parseBracketed)
  if (cursor.take('(')) {
    return cursor.inBrackets(() => {
      const inner = parseExpression(cursor)
      cursor.skipSpace()
      cursor.expect(')', 'to close the bracket')
      return inner
    })
  }
  if (cursor.take('[')) return cursor.inBrackets(() => parseTuple(cursor, at))
  if (cursor.take('{')) return cursor.inBrackets(() => parseObject(cursor, at))
  if (/\d/.test(cursor.text[cursor.offset] ?? '')) return parseNumber(cursor)
  const name = cursor.identifier()
  if (name === undefined) return cursor.fail(`Expected a value, found ${cursor.describeNext()}.`)
  if (name === 'true' || name === 'false') return { kind: 'literal', value: name === 'true', at }
  if (name === 'null') return { kind: 'literal', value: null, at }
  return parseCallOrVariable(cursor, name, at)
}

/** Inside `${ }` and brackets alike, line ends are blanks. */
function parseBracketed(cursor: Cursor): Expression {
  return cursor.inBrackets(() => parseExpression(cursor))
}

function parseNumber(cursor: Cursor): Expression {
  const at = cursor.position()
  numberPattern.lastIndex = cursor.offset
  const digits = numberPattern.exec(cursor.text)?.[0]
  if (digits === undefined) return cursor.fail(`Expected a name or a number, found ${cursor.describeNext()}.`)
  cursor.offset += digits.length
  return { kind: 'literal', value: Number(digits), at }
}

function parseCallOrVariable(cursor: Cursor, first: string, at: Expression['at']): Expression {
  let name = first
  // Provider functions: `provider::name::function(…)`.
  while (cursor.take('::')) name += `::${cursor.identifier() ?? ''}`
  const afterName = cursor.offset
  cursor.skipSpace()
  if (!cursor.take('(')) {
    cursor.offset = afterName
    return { kind: 'variable', name, at }
  }
  return cursor.inBrackets(() => {
    const args: Expression[] = []
    let expandLast = false
    for (;;) {
      cursor.skipSpace()
      if (cursor.take(')')) break
      if (expandLast) cursor.fail('"..." is only allowed after the last argument.')
      args.push(parseExpression(cursor))
      cursor.skipSpace()
      expandLast = cursor.take('...')
      cursor.skipSpace()
      if (!cursor.take(',') && !cursor.startsWith(')')) {
        cursor.fail(`Expected "," or ")" after an argument of ${name}, found ${cursor.describeNext()}.`)
      }
    }
    return { kind: 'call', name, args, expandLast, at }
  })
}

function parseTuple(cursor: Cursor, at: Expression['at']): Expression {
  cursor.skipSpace()
  if (cursor.takeKeyword('for')) return parseFor(cursor, at, ']')
  const items: Expression[] = []
  for (;;) {
    cursor.skipSpace()
    if (cursor.take(']')) return { kind: 'tuple', items, at }
    items.push(parseExpression(cursor))
    cursor.skipSpace()
    if (!cursor.take(',') && !cursor.startsWith(']')) {
      cursor.fail(`Expected "," or "]" after an item of the list, found ${cursor.describeNext()}.`)
    }
  }
}

function parseObject(cursor: Cursor, at: Expression['at']): Expression {
  const start = cursor.offset
  cursor.skipSpace()
  if (cursor.takeKeyword('for')) {
    cursor.skipSpace()
    // `{ for = 1 }` has a key of that name.
    if (cursor.atIdentifier) return parseFor(cursor, at, '}')
    cursor.offset = start
  }
  const items: ObjectItem[] = []
  for (;;) {
    cursor.skipSpace()
    if (cursor.take('}')) return { kind: 'object', items, at }
    const key = parseObjectKey(cursor)
    cursor.skipSpace()
    if (!cursor.take(':') && !cursor.take('=')) {
      cursor.fail(`Expected "=" after a key, found ${cursor.describeNext()}.`)
    }
    // Items are separated by commas or by line ends, so here a line end does end the value.
    const value = cursor.inBody(() => parseExpression(cursor))
    items.push({ key, value })
    expectItemEnd(cursor)
  }
}

/** A bare word is a key, not a variable; anything else is computed, in brackets or as a template. */
function parseObjectKey(cursor: Cursor): Expression {
  const start = cursor.offset
  const at = cursor.position()
  const name = cursor.identifier()
  cursor.skipSpace()
  if (name !== undefined && (cursor.startsWith('=') || cursor.startsWith(':')) && !cursor.startsWith('==')) {
    return { kind: 'literal', value: name, at }
  }
  cursor.offset = start
  return parseExpression(cursor)
}

function expectItemEnd(cursor: Cursor): void {
  const before = cursor.position().line
  cursor.skipSpace()
  if (cursor.take(',') || cursor.startsWith('}') || cursor.position().line > before) return
  cursor.fail(`Expected "," or a new line after an item of the map, found ${cursor.describeNext()}.`)
}

function parseFor(cursor: Cursor, at: Expression['at'], close: ']' | '}'): Expression {
  const { keyName, valueName } = parseForNames(cursor)
  const collection = parseExpression(cursor)
  cursor.skipSpace()
  cursor.expect(':', 'after the collection of "for"')
  let key: Expression | undefined
  let value = parseExpression(cursor)
  cursor.skipSpace()
  if (close === '}') {
    cursor.expect('=>', 'between key and value of "for"')
    key = value
    value = parseExpression(cursor)
    cursor.skipSpace()
  }
  const grouped = close === '}' && cursor.take('...')
  cursor.skipSpace()
  const condition = cursor.takeKeyword('if') ? parseExpression(cursor) : undefined
  cursor.skipSpace()
  cursor.expect(close, 'to close "for"')
  return { kind: 'for', keyName, valueName, collection, key, value, condition, grouped, at }
}
