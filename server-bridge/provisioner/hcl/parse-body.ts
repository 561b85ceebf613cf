import type { Attribute, Block, Body } from './ast.ts'
import { Cursor } from './cursor.ts'
import { parseExpression } from './parse-expression.ts'
import { parseTemplateText } from './parse-template.ts'
import type { Expression } from './ast.ts'

/** A file of HCL. @throws {TemplateError} at the place where it is not. */
export function parseFile(file: string, text: string): Body {
  // Files saved on Windows may begin with a byte-order mark.
  const cursor = new Cursor(file, text.replace(/^\uFEFF/, ''))
  return parseBody(cursor, true)
}

/** A text with `${}` and `%{}` sequences, as `templatefile` reads it. */
export function parseTemplateFile(file: string, text: string): Expression {
  const cursor = new Cursor(file, text)
  return parseTemplateText(cursor, (reader) => reader.inBrackets(() => parseExpression(reader)))
}

function parseBody(cursor: Cursor, isFile: boolean): Body {
  const attributes = new Map<string, Attribute>()
  const blocks: Block[] = []
  const start = cursor.offset
  for (;;) {
    cursor.skipSpaceAndLines()
    if (cursor.atEnd) {
      if (isFile) return { attributes, blocks }
      return cursor.fail('This block is not closed: "}" is missing.', start)
    }
    if (!isFile && cursor.take('}')) return { attributes, blocks }
    parseItem(cursor, attributes, blocks)
  }
}

function parseItem(cursor: Cursor, attributes: Map<string, Attribute>, blocks: Block[]): void {
  const at = cursor.position()
  const start = cursor.offset
  const name = cursor.identifier()
  if (name === undefined) cursor.fail(`Expected an argument or a block, found ${cursor.describeNext()}.`)
  cursor.skipSpace()
  if (cursor.startsWith('=') && !cursor.startsWith('==')) {
    cursor.take('=')
    const previous = attributes.get(name)
    if (previous !== undefined) {
      cursor.fail(`The argument "${name}" is set twice; the first time in line ${previous.at.line}.`, start)
    }
    const expression = cursor.inBody(() => parseExpression(cursor))
    attributes.set(name, { name, expression, at })
    expectLineEnd(cursor, `after the argument "${name}"`)
    return
  }
  blocks.push(parseBlock(cursor, name, at))
  expectLineEnd(cursor, `after the block "${name}"`)
}

function parseBlock(cursor: Cursor, type: string, at: Block['at']): Block {
  const labels: string[] = []
  for (;;) {
    cursor.skipSpace()
    if (cursor.take('{')) break
    const label = parseLabel(cursor)
    if (label === undefined) {
      cursor.fail(`Expected "=" or "{" after "${type}", found ${cursor.describeNext()}.`)
    }
    labels.push(label)
  }
  const body = cursor.nested(() => parseBody(cursor, false))
  return { type, labels, body, at }
}

function parseLabel(cursor: Cursor): string | undefined {
  if (!cursor.startsWith('"')) return cursor.identifier()
  const label = parseExpression(cursor)
  if (label.kind === 'literal' && typeof label.value === 'string') return label.value
  return cursor.fail('A block label has to be plain text.')
}

function expectLineEnd(cursor: Cursor, where: string): void {
  cursor.skipSpace()
  // `{ a = 1 }` on one line is HCL's short form.
  if (cursor.atEnd || cursor.startsWith('\n') || cursor.startsWith('}')) return
  cursor.fail(`Expected a new line ${where}, found ${cursor.describeNext()}.`)
}
