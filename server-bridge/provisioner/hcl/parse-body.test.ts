import { parse as parseByHashiCorp } from '@cdktn/hcl2json'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Budget } from '../eval/budget.ts'
import { evaluate, type Scope } from '../eval/evaluate.ts'
import { toJson } from '../eval/value.ts'
import { TemplateError } from '../template-error.ts'
import type { Body } from './ast.ts'
import { parseFile } from './parse-body.ts'

const scope: Scope = { budget: new Budget(), functions: new Map(), lookUp: () => undefined }

/** A body of plain values as JSON, in the form of HashiCorp's own converter. */
function toData(body: Body): Record<string, unknown> {
  const data: Record<string, unknown> = {}
  for (const { name, expression } of body.attributes.values()) {
    data[name] = toJson(evaluate(expression, { ...scope, budget: new Budget() }))
  }
  for (const block of body.blocks) {
    const path = [block.type, ...block.labels]
    const last = path.pop() ?? ''
    let place = data
    for (const label of path) place = (place[label] ??= {}) as typeof data
    place[last] = [...((place[last] as unknown[] | undefined) ?? []), toData(block.body)]
  }
  return data
}

/** Text that neither syntax treats as a template, so that both give values. */
const plainText = fc
  .string({ unit: 'binary', maxLength: 20 })
  .filter(
    (text) =>
      !/[$%]\{|[$%]$|\0|\uFEFF/u.test(text) &&
      Buffer.from(text).toString() === text &&
      text.normalize('NFC') === text,
  )

const literal = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    plainText.map((text) =>
      JSON.stringify(text).replaceAll(/\\[bf]/g, (escape) => (escape === '\\b' ? '\\u0008' : '\\u000c')),
    ),
    fc.integer().map(String),
    fc.tuple(fc.nat(9999), fc.nat(99)).map(([whole, part]) => `${whole}.${part}1`),
    fc.constantFrom('true', 'false', 'null'),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(tie('value'), { maxLength: 4 })
      .map((items) => `[\n  # a comment\n  ${items.map((item) => `${item},`).join('\n  ')}\n]`),
    fc
      .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z][a-z0-9_-]{0,6}$/), tie('value')), {
        selector: ([key]) => key,
        maxLength: 4,
      })
      .map((items) => `{\n${items.map(([key, value]) => `  "${key}" = ${value}`).join('\n')}\n}`),
  ),
})).value

test('reads the values HashiCorp’s own parser reads', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(literal, { minLength: 1, maxLength: 5 }), async (values) => {
      const source = values.map((value, index) => `a${index} = ${value}`).join('\n')
      expect(toData(parseFile('main.tf', source))).toEqual(await parseByHashiCorp('main.tf', source))
    }),
    { numRuns: 150 },
  )
})

const heredocLine = fc.stringMatching(/^[ ]{0,6}[a-z "\\]{0,8}$/).filter((line) => line.trim() !== 'EOT')

test('strips a heredoc’s indentation as HashiCorp’s own parser does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(heredocLine, { maxLength: 6 }), fc.boolean(), async (lines, isFlush) => {
      const source = `a = <<${isFlush ? '-' : ''}EOT\n${lines.map((line) => `${line}\n`).join('')}  EOT\nb = 1\n`
      expect(toData(parseFile('main.tf', source))).toEqual(await parseByHashiCorp('main.tf', source))
    }),
    { numRuns: 150 },
  )
})

interface Tree {
  readonly arguments: readonly (readonly [string, string])[]
  readonly blocks: readonly (readonly [string, readonly string[], Tree])[]
}

/** Bodies in bodies; the names of blocks and arguments are apart, as they have to be. */
const tree = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.record({
    arguments: fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-f][a-z_-]{0,4}$/), literal), {
      selector: ([name]) => name,
      maxLength: 3,
    }),
    blocks: fc.array(
      fc.tuple(
        fc.stringMatching(/^[u-z][a-z]{0,2}$/),
        fc.array(fc.stringMatching(/^[a-z][a-z0-9-]{0,4}$/), { maxLength: 2 }),
        fc.oneof({ depthSize: 'small' }, fc.constant({ arguments: [], blocks: [] }), tie('tree')),
      ),
      { maxLength: 3 },
    ),
  }),
})).tree

/** As text, with comments and blank lines wherever they may be. */
function write({ arguments: items, blocks }: Tree, indent = ''): string {
  return [
    ...items.map(([name, value]) => `${indent}${name} = ${value} # said\n`),
    ...blocks.map(
      ([type, labels, body]) =>
        `\n${indent}// next\n${indent}${[type, ...labels.map((label) => `"${label}"`)].join(' ')} {\n${write(body, `${indent}  `)}${indent}}\n`,
    ),
  ].join('')
}

/** Their converter merges blocks with labels into maps, where one of few labels hides one of more. */
function hasOneShape({ blocks }: Tree): boolean {
  const counts = new Map<string, number>()
  return blocks.every(([type, labels, body]) => {
    const known = counts.get(type) ?? labels.length
    counts.set(type, labels.length)
    return known === labels.length && hasOneShape(body)
  })
}

test('reads blocks in blocks as HashiCorp’s own parser does', async () => {
  await fc.assert(
    fc.asyncProperty(tree.filter(hasOneShape), async (program) => {
      const source = write(program)
      expect(toData(parseFile('main.tf', source))).toEqual(await parseByHashiCorp('main.tf', source))
    }),
    { numRuns: 100 },
  )
})

test('reads blocks, labels, comments and one-line blocks as HashiCorp’s own parser does', async () => {
  const source = `
# hash
// slashes
/* several
   lines */
terraform {
  required_providers {
    coder = { source = "coder/coder" } // after
  }
}
variable "a" { default = 1 }
variable "b" {}
data "coder_parameter" "x" {
  option {
    name = "one"
    value = "1"
  }
  option {
    name = "two"
    value = "2"
  }
}
resource coder_agent "main" {
  os = "linux"
  env = { A = "1", "B" : "2" }
}
`
  expect(toData(parseFile('main.tf', source))).toEqual(await parseByHashiCorp('main.tf', source))
})

test.each([
  ['resource "x" {', 'main.tf:1:15: This block is not closed: "}" is missing.'],
  ['a = ', 'main.tf:1:5: Expected a value, found the end of the file.'],
  ['a = 1 b = 2', 'main.tf:1:7: Expected a new line after the argument "a", found "b".'],
  [
    'locals {\n  a = "x\n}',
    'main.tf:2:7: This string is not closed: the closing " is missing. Several lines need a heredoc (<<EOT).',
  ],
  ['a = [1 2]', 'main.tf:1:8: Expected "," or "]" after an item of the list, found "2".'],
  ['a = {\n  b = 1 c = 2\n}', 'main.tf:2:9: Expected "," or a new line after an item of the map, found "c".'],
  ['a = <<EOT\nfoo', 'main.tf:1:5: This heredoc is not closed: a line with EOT alone is missing.'],
  [
    'a = "\\q"',
    'main.tf:1:6: This backslash escape does not exist. There are \\n, \\r, \\t, \\", \\\\, \\uNNNN and \\UNNNNNNNN.',
  ],
  ['a = "${1 +}"', 'main.tf:1:11: Expected a value, found "}".'],
  ['a = "%{ if true }x"', 'main.tf:1:6: This %{ if } is not closed: %{ endif } is missing.'],
  ['a = 1\na = 2', 'main.tf:2:1: The argument "a" is set twice; the first time in line 1.'],
  ['/* open', 'main.tf:1:1: This comment is not closed: "*/" is missing.'],
  ['ä = 😀', 'main.tf:1:5: Expected a value, found "😀".'],
])('says where %j is wrong', (source, message) => {
  expect(() => parseFile('main.tf', source)).toThrow(message)
})

test('refuses what HashiCorp’s own parser refuses in small programs of its own tokens', async () => {
  const token = fc.constantFrom(
    'a',
    '=',
    '1',
    '"x"',
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    ',',
    '\n',
    ' ',
    '?',
    ':',
    '+',
    '-',
    '!',
    '.',
    '&&',
    '==',
    '"${',
    '}"',
    'for',
    'in',
    'if',
    '...',
    '*',
    '#',
    '<<E\n',
    '\nE\n',
  )
  await fc.assert(
    fc.asyncProperty(fc.array(token, { maxLength: 12 }), async (tokens) => {
      const source = `a = ${tokens.join('')}\n`
      const theirs = await parseByHashiCorp('main.tf', source).then(
        () => true,
        () => false,
      )
      let ours = true
      try {
        parseFile('main.tf', source)
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError)
        ours = false
      }
      // What they read we must read; leniency in the other direction hurts nobody.
      if (theirs) expect(ours, source).toBe(true)
    }),
    { numRuns: 400 },
  )
})

test('ends on any text with a template error or a tree', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.constantFrom('"', '${', '%{', '}', '{', '<<A\n', '(', '[', '=', '\n', '~', '\\', 'for '),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      try {
        parseFile('main.tf', pieces.join(''))
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError)
      }
    }),
    { numRuns: 1000 },
  )
})

test('refuses nesting that would exhaust the stack', () => {
  for (const [open, close] of [
    ['(', ')'],
    ['[', ']'],
    ['{ a = ', '}'],
    ['"${', '}"'],
    ['-', ''],
    ['true ? 1 : ', ''],
  ] as const) {
    const source = `a = ${open.repeat(50_000)}1${close.repeat(50_000)}`
    expect(() => parseFile('main.tf', source)).toThrow(/nested more than/)
  }
  expect(() => parseFile('main.tf', 'b {\n'.repeat(50_000))).toThrow(/nested more than/)
})
