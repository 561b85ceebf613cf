import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseFile } from '../hcl/parse-body.ts'
import { TemplateError } from '../template-error.ts'
import { Budget } from './budget.ts'
import { evaluate, type Scope } from './evaluate.ts'
import { createFunctions } from './functions.ts'
import { fromJson, toJson, type Value } from './value.ts'

const files = new Map([
  ['hello.txt', Buffer.from('hello\n')],
  ['greet.tftpl', Buffer.from('%{ for name in names ~}\nHi ${name}!\n%{ endfor ~}\n')],
])

const names: Readonly<Record<string, Value>> = {
  list: fromJson(['a', 'b', 'c']),
  map: fromJson({ one: 1, two: 2 }),
  people: fromJson([{ name: 'Ada' }, { name: 'Alan' }]),
  empty: null,
  yes: 'true',
}

const scope: Scope = {
  budget: new Budget(),
  functions: createFunctions(
    (path) => files.get(path),
    () => scope,
  ),
  lookUp: (name) => {
    const value = Object.hasOwn(names, name) ? names[name] : undefined
    return value === undefined ? undefined : { namespace: false, value }
  },
}

function run(source: string): unknown {
  const attribute = parseFile('main.tf', `x = ${source}\n`).attributes.get('x')
  if (attribute === undefined) throw new Error('The test has no expression.')
  return toJson(evaluate(attribute.expression, { ...scope, budget: new Budget() }))
}

test.each([
  // Operators, with Terraform's conversions.
  ['1 + 2 * 3 - 4 / 2', 5],
  ['-(2) * -3 % 4', 2],
  ['"3" * 2', 6],
  ['1 == "1"', false],
  ['[1, { a = 2 }] == [1, { a = 2 }]', true],
  ['!yes || (1 < 2 && 2 >= 2)', true],
  ['yes ? "y" : missing_is_never_asked', 'y'],
  ['1 < 2 ? 2 < 3 ? "a" : "b" : "c"', 'a'],
  // Access.
  ['list[1]', 'b'],
  ['map["one"] + map.two', 3],
  ['people[*].name', ['Ada', 'Alan']],
  ['people.*.name[1]', 'Alan'],
  ['people[*]["name"]', ['Ada', 'Alan']],
  ['empty[*]', []],
  // Templates.
  ['"${1}${true}-$${x}-%%{y}"', '1true-${x}-%{y}'],
  ['"${list}"', ['a', 'b', 'c']],
  ['"%{ if 1 > 2 }big%{ else }small%{ endif }!"', 'small!'],
  ['"%{ for k, v in map }${k}=${v};%{ endfor }"', 'one=1;two=2;'],
  ['"a  ${~ "b" ~}  c"', 'abc'],
  ['<<-EOT\n    a\n      ${1 + 1}\n  EOT', 'a\n  2\n'],
  ['<<-EOT\n    %{ if true }\n    a\n    %{ endif }\n  EOT', '\na\n\n'],
  ['<<-EOT\n    %{~ for v in list ~}\n      ${v}\n    %{~ endfor ~}\n  EOT', '      a\n      b\n      c\n'],
  ['1000000000000', 1e12],
  ['"n=${1000000000000000000000}"', 'n=1000000000000000000000'],
  // for.
  ['[for v in list : upper(v) if v != "b"]', ['A', 'C']],
  ['{ for i, v in list : v => i }', { a: 0, b: 1, c: 2 }],
  ['{ for v in ["x", "y", "x"] : v => 1... }', { x: [1, 1], y: [1] }],
  // Functions.
  ['lower("ÄB") == "äb" && upper("a") == "A"', true],
  ['join("-", list, ["d"])', 'a-b-c-d'],
  ['split(",", "a,b,,c")', ['a', 'b', '', 'c']],
  ['format("%s has %03d (%.1f%%) %v %q", "x", 7, 1.25, [1], "q")', 'x has 007 (1.3%) [1] "q"'],
  ['replace("a.b.c", ".", "-")', 'a-b-c'],
  ['replace("a1b22", "/([0-9]+)/", "<$1>")', 'a<1>b<22>'],
  ['regex("(?P<y>\\\\d{4})-(?P<m>\\\\d\\\\d)", "on 2024-05")', { y: '2024', m: '05' }],
  ['regexall("[[:alpha:]]+", "ab 12 cd")', ['ab', 'cd']],
  ['contains(list, "b") && !contains(list, "z")', true],
  ['lookup(map, "three", 3)', 3],
  ['coalesce("", null, "c")', 'c'],
  ['merge(map, { two = "zwei" })', { one: 1, two: 'zwei' }],
  ['keys({ b = 1, a = 2 })', ['a', 'b']],
  ['values({ b = 1, a = 2 })', [2, 1]],
  ['try(map.three, list[9], "fallback")', 'fallback'],
  ['can(map.three)', false],
  ['min(3, 1, 2) + max([4, 5]...)', 6],
  ['element(list, 4)', 'b'],
  ['jsonencode({ b = [1, true, null], a = "<&>" })', '{"a":"\\u003c\\u0026\\u003e","b":[1,true,null]}'],
  ['jsondecode("{\\"__proto__\\": {\\"x\\": 1}}")["__proto__"].x', 1],
  ['base64decode(base64encode("Grüße"))', 'Grüße'],
  ['substr("hello", 1, 3)', 'ell'],
  ['trimspace("  x ")', 'x'],
  ['title("hello world")', 'Hello World'],
  ['flatten([[1, [2]], 3])', [1, 2, 3]],
  ['distinct([1, 2, 1])', [1, 2]],
  ['range(1, 8, 3)', [1, 4, 7]],
  ['length("äöü") + length(list) + length(map)', 8],
  ['tobool("true") && tonumber("1.5") == 1.5 && tostring(1.5) == "1.5"', true],
  ['sha256("x")', '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881'],
  ['urlencode("a b&c")', 'a+b%26c'],
  ['file("${"./hello.txt"}")', 'hello\n'],
  ['fileexists("../hello.txt")', false],
  ['templatefile("greet.tftpl", { names = ["Ada"] })', 'Hi Ada!\n'],
])('%s', (source, expected) => {
  expect(run(source)).toEqual(expected)
})

test.each([
  ['nothing', 'main.tf:1:5: There is nothing called "nothing" in this template.'],
  ['1 + "a"', 'main.tf:1:7: A number is needed here, not the text "a".'],
  ['1 / 0', 'main.tf:1:7: Division by zero.'],
  ['list[3]', 'main.tf:1:9: There is no element 3: the list has 3.'],
  ['map.three', 'main.tf:1:8: There is no "three" in this map.'],
  ['map["constructor"]', 'main.tf:1:8: There is no "constructor" in this map.'],
  ['"${list}!"', 'main.tf:1:8: Only text, numbers and truth values can stand in a text, not a list.'],
  ['upper(list)', 'main.tf:1:5: upper(): a string is needed here, not a list.'],
  ['upper()', 'main.tf:1:5: upper(): takes 1 argument, not 0.'],
  [
    'cidrsubnet("10.0.0.0/8", 8, 2)',
    'The function cidrsubnet() is not known to the built-in provisioner. Install terraform or tofu to use it.',
  ],
  ['file("/etc/passwd")', 'file(): there is no file "/etc/passwd" in the template.'],
  ['file("a/../../../etc/passwd")', 'there is no file'],
  ['{ for v in ["x", "x"] : v => 1 }', 'The key "x" comes up twice.'],
  ['regex("(", "x")', 'is not a regular expression that is understood here'],
  ['constructor', 'There is nothing called "constructor"'],
])('%s is refused in words', (source, message) => {
  expect(() => run(source)).toThrow(message)
})

test.each([
  ['length([for a in range(1024) : [for b in range(1024) : [for c in range(1024) : c]]])', /too many steps/],
  [
    'join("", [for a in range(1000) : format("%1000s", join("", [for b in range(1000) : "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]))])',
    /too much text|too many steps/,
  ],
  ['regex("^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")', /takes too long to match/],
  [
    '[for a in range(1000) : try(regex("^(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"), 1)]',
    /too long on regular expressions/,
  ],
])('%s runs out of budget instead of running on', (source, message) => {
  const start = performance.now()
  try {
    run(source)
  } catch (error) {
    expect(error).toBeInstanceOf(TemplateError)
    expect((error as Error).message).toMatch(message)
  }
  expect(performance.now() - start).toBeLessThan(5_000)
})

test('ends on any expression with a value or a template error', () => {
  const atom = fc.constantFrom(
    '1',
    '"a"',
    'list',
    'map',
    'people',
    'null',
    'true',
    '[]',
    '{}',
    '"${list[0]}x"',
    'missing',
  )
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'medium', withCrossShrink: true },
      atom,
      fc
        .tuple(
          tie('expression'),
          fc.constantFrom('+', '-', '*', '/', '%', '==', '<', '&&', '||'),
          tie('expression'),
        )
        .map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(tie('expression'), tie('expression')).map(([a, b]) => `${a}[${b}]`),
      fc
        .tuple(tie('expression'), tie('expression'), tie('expression'))
        .map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      fc
        .tuple(
          fc.constantFrom(...scope.functions.keys(), 'try', 'can'),
          fc.array(tie('expression'), { maxLength: 3 }),
        )
        .map(([name, args]) => `${name}(${args.join(', ')})`),
      tie('expression').map((a) => `[for v in ${a} : v]`),
      tie('expression').map((a) => `${a}[*]`),
    ),
  }))
  fc.assert(
    fc.property(expression, (source) => {
      try {
        run(source)
      } catch (error) {
        expect(error).toBeInstanceOf(TemplateError)
      }
    }),
    { numRuns: 1500 },
  )
})
