import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseFile } from '../hcl/parse-body.ts'
import { Budget } from './budget.ts'
import { evaluate, type Scope } from './evaluate.ts'
import { createFunctions, functionNames } from './functions.ts'
import { toJson } from './value.ts'

const files = new Map([['hello.txt', Buffer.from('hello\n')]])
const scope: Scope = {
  budget: new Budget(),
  functions: createFunctions(
    (path) => files.get(path),
    () => scope,
  ),
  lookUp: () => undefined,
}

function run(source: string): unknown {
  const attribute = parseFile('main.tf', `x = ${source}\n`).attributes.get('x')
  if (attribute === undefined) throw new Error('The test has no expression.')
  return toJson(evaluate(attribute.expression, { ...scope, budget: new Budget() }))
}

// Results as the documentation of Terraform's functions has them.
const examples: readonly (readonly [string, unknown])[] = [
  ['abs(-12.4)', 12.4],
  ['alltrue(["true", true])', true],
  ['alltrue([])', true],
  ['anytrue([true, false])', true],
  ['anytrue([])', false],
  ['base64decode("SGVsbG8gV29ybGQ=")', 'Hello World'],
  ['base64encode("Hello World")', 'SGVsbG8gV29ybGQ='],
  ['base64sha256("hello world")', 'uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek='],
  ['base64sha512("hello world")', createHash('sha512').update('hello world').digest('base64')],
  ['basename("foo/bar/baz.txt")', 'baz.txt'],
  ['can("a")', true],
  ['ceil(5.1)', 6],
  ['chomp("hello\\n\\n")', 'hello'],
  ['chunklist(["a", "b", "c", "d", "e"], 2)', [['a', 'b'], ['c', 'd'], ['e']]],
  ['chunklist([], 0)', []],
  ['coalesce("", "b")', 'b'],
  ['coalescelist([], ["c"])', ['c']],
  ['compact(["a", "", "b", null])', ['a', 'b']],
  ['concat(["a", ""], ["b"])', ['a', '', 'b']],
  ['contains(["a", "b"], "b")', true],
  [
    'csvdecode("a,b,c\\n1,2,3\\n4,\\"5,\\"\\"x\\"\\"\\",6\\n")',
    [
      { a: '1', b: '2', c: '3' },
      { a: '4', b: '5,"x"', c: '6' },
    ],
  ],
  ['csvdecode("a,b\\r\\n1,\\r\\n")', [{ a: '1', b: '' }]],
  ['csvdecode("a,b\\n1,")', [{ a: '1', b: '' }]],
  ['dirname("foo/bar/baz.txt")', 'foo/bar'],
  ['distinct(["a", "b", "a"])', ['a', 'b']],
  ['element(["a", "b", "c"], 3)', 'a'],
  ['endswith("hello world", "world")', true],
  ['file("hello.txt")', 'hello\n'],
  ['filebase64("hello.txt")', 'aGVsbG8K'],
  ['filebase64sha256("hello.txt")', createHash('sha256').update('hello\n').digest('base64')],
  ['filebase64sha512("hello.txt")', createHash('sha512').update('hello\n').digest('base64')],
  ['fileexists("hello.txt")', true],
  ['filemd5("hello.txt")', 'b1946ac92492d2347c6235b4d2611184'],
  ['filesha1("hello.txt")', createHash('sha1').update('hello\n').digest('hex')],
  ['filesha256("./hello.txt")', createHash('sha256').update('hello\n').digest('hex')],
  ['filesha512("hello.txt")', createHash('sha512').update('hello\n').digest('hex')],
  ['flatten([["a", "b"], [], ["c"]])', ['a', 'b', 'c']],
  ['floor(4.9)', 4],
  ['format("%s-%02d", "a", 7)', 'a-07'],
  ['formatlist("Hello, %s!", ["A", "B"])', ['Hello, A!', 'Hello, B!']],
  ['formatlist("%s %s", "Hi", ["A", "B"])', ['Hi A', 'Hi B']],
  ['formatlist("one")', ['one']],
  ['indent(2, "a\\nb")', 'a\n  b'],
  ['index(["a", "b", "c"], "b")', 1],
  ['join(", ", ["foo", "bar"])', 'foo, bar'],
  ['jsondecode("{\\"a\\": [1]}")', { a: [1] }],
  ['jsonencode({ a = "<" })', '{"a":"\\u003c"}'],
  ['keys({ b = 1, a = 2 })', ['a', 'b']],
  ['length("👾🕹️")', 2],
  ['log(16, 2)', 4],
  ['lookup({ a = "ay" }, "c", "what?")', 'what?'],
  ['lower("ÄB")', 'äb'],
  [
    'matchkeys(["i-123", "i-abc", "i-def"], ["us-west", "us-east", "us-east"], ["us-east"])',
    ['i-abc', 'i-def'],
  ],
  ['max(5, 12, 9)', 12],
  ['md5("hello world")', '5eb63bbbe01eeed093cb22bb8f5acdc3'],
  ['merge({ a = 1 }, { a = 2, b = 3 })', { a: 2, b: 3 }],
  ['min(12, 54, 3)', 3],
  ['nonsensitive("a")', 'a'],
  ['one(["a"])', 'a'],
  ['one([])', null],
  ['parseint("FF", 16)', 255],
  ['pow(3, 2)', 9],
  ['range(3)', [0, 1, 2]],
  ['range(4, 1)', [4, 3, 2]],
  ['regex("[a-z]+", "53453453.345345aaabbbccc23454")', 'aaabbbccc'],
  ['regexall("[a-z]+", "1234abcd5678efgh9")', ['abcd', 'efgh']],
  ['replace("1 + 2 + 3", "+", "-")', '1 - 2 - 3'],
  ['reverse([1, 2, 3])', [3, 2, 1]],
  ['sensitive("a")', 'a'],
  ['setintersection(["a", "b"], ["b", "c"], ["b", "d"])', ['b']],
  [
    'setproduct(["a", "b"], [1, 2])',
    [
      ['a', 1],
      ['a', 2],
      ['b', 1],
      ['b', 2],
    ],
  ],
  ['setproduct(["a"], [])', []],
  ['setsubtract(["a", "b", "c"], ["a", "c"])', ['b']],
  ['setunion(["a", "b"], ["b", "c"], ["d"])', ['a', 'b', 'c', 'd']],
  ['sha1("hello world")', '2aae6c35c94fcfb415dbe95f408b9ce91ee846ed'],
  ['sha256("hello world")', 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9'],
  ['sha512("hello world")', createHash('sha512').update('hello world').digest('hex')],
  ['signum(-13)', -1],
  ['slice(["a", "b", "c", "d"], 1, 3)', ['b', 'c']],
  ['sort(["e", "d", "a", "x"])', ['a', 'd', 'e', 'x']],
  ['split(",", "")', ['']],
  ['startswith("hello world", "hello")', true],
  ['strcontains("hello world", "wor")', true],
  ['strrev("hello")', 'olleh'],
  ['substr("hello world", -5, -1)', 'world'],
  ['sum([10, 13, 6, 4.5])', 33.5],
  ['templatefile("hello.txt", {})', 'hello\n'],
  ['title("hello world")', 'Hello World'],
  ['tobool("true")', true],
  ['tolist(["a"])', ['a']],
  ['tomap({ a = 1 })', { a: 1 }],
  ['tonumber("1")', 1],
  ['toset(["c", "b", "b"])', ['b', 'c']],
  ['tostring(1)', '1'],
  ['transpose({ a = ["1", "2"], b = ["2", "3"] })', { 1: ['a'], 2: ['a', 'b'], 3: ['b'] }],
  ['trim("?!hello?!", "!?")', 'hello'],
  ['trimprefix("helloworld", "hello")', 'world'],
  ['trimspace("  hello\\n\\n")', 'hello'],
  ['trimsuffix("helloworld", "world")', 'hello'],
  ['try(jsondecode("{"), "x")', 'x'],
  ['upper("hello")', 'HELLO'],
  ['urldecode("Hello+World%21")', 'Hello World!'],
  ['urlencode("Hello World!")', 'Hello+World%21'],
  ['uuidv5("dns", "www.terraform.io")', 'a5008fae-b28c-5ba5-96cd-82b4c53552d6'],
  [
    'uuidv5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.terraform.io")',
    'a5008fae-b28c-5ba5-96cd-82b4c53552d6',
  ],
  ['values({ b = 1, a = 2 })', [2, 1]],
  ['zipmap(["a", "b"], [1, 2])', { a: 1, b: 2 }],
]

test.each(examples)('%s', (source, expected) => {
  expect(run(source)).toEqual(expected)
})

test('every function has an example', () => {
  const called = new Set(examples.map(([source]) => /^\w+/.exec(source)?.[0] ?? ''))
  expect([...functionNames].filter((name) => !called.has(name))).toEqual([])
})

test.each([
  ['chunklist([1], -1)', 'chunklist(): the size has to be a whole number from 0.'],
  ['csvdecode("")', 'csvdecode(): the text has no line with the names of its columns.'],
  ['csvdecode("a,b\\n1\\n")', 'csvdecode(): a line has another number of columns than the first.'],
  ['csvdecode("a\\"b\\n")', 'csvdecode(): the text is not CSV: a quote is in a wrong place.'],
  ['filesha256("../../etc/passwd")', 'filesha256(): there is no file "../../etc/passwd" in the template.'],
  ['formatlist("%s %s", ["a"], ["b", "c"])', 'formatlist(): needs lists of the same length.'],
  ['log(0, 2)', 'log(): the result is not a number that can be written.'],
  ['matchkeys(["a"], [], [])', 'matchkeys(): there are not as many values as keys.'],
  ['setproduct(["a"])', 'setproduct(): takes at least 2 arguments, not 1.'],
  [
    'setproduct(range(1000), range(1000))',
    'setproduct(): the template takes too many steps to evaluate. Simplify it.',
  ],
  ['urldecode("%zz")', 'urldecode(): the text is not URL-encoded.'],
  ['uuidv5("here", "x")', 'uuidv5(): the namespace has to be "dns", "url", "oid", "x500" or a UUID.'],
  ['timestamp()', 'The function timestamp() is not known to the built-in provisioner.'],
])('%s is refused in words', (source, message) => {
  expect(() => run(source)).toThrow(message)
})
