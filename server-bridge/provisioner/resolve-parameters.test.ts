import { expect, test } from 'vitest'
import type { TemplateVersionParameter } from '../contract/template-versions.ts'
import { resolveParameters, type ParameterValue } from './resolve-parameters.ts'

function parameter(overrides: Partial<TemplateVersionParameter>): TemplateVersionParameter {
  return {
    name: 'p',
    description: '',
    description_plaintext: '',
    type: 'string',
    form_type: 'input',
    mutable: true,
    default_value: '',
    icon: '',
    options: [],
    required: false,
    ephemeral: false,
    ...overrides,
  }
}

interface Case {
  readonly given?: string
  readonly previous?: string
  readonly preset?: string
}

function resolve(overrides: Partial<TemplateVersionParameter>, { given, previous, preset }: Case): string {
  const list = (value: string | undefined): ParameterValue[] =>
    value === undefined ? [] : [{ name: 'p', value }]
  const result = resolveParameters([parameter(overrides)], list(given), list(previous), {
    firstBuild: previous === undefined,
    preset: list(preset),
  })
  return result.ok ? `= ${result.values[0]?.value}` : (result.problems[0]?.detail ?? '')
}

const options = ['one', 'two'].map((value) => ({ name: value, description: '', value, icon: '' }))

test.each<[string, Partial<TemplateVersionParameter>, Case, string]>([
  ['takes the default', { default_value: 'd' }, {}, '= d'],
  ['takes the previous value before the default', { default_value: 'd' }, { previous: 'before' }, '= before'],
  ['takes the given value before the previous one', {}, { given: 'now', previous: 'before' }, '= now'],
  [
    'takes the preset before everything',
    {},
    { preset: 'preset', given: 'now', previous: 'before' },
    '= preset',
  ],
  ['forgets an ephemeral value', { ephemeral: true, default_value: 'd' }, { previous: 'before' }, '= d'],
  ['asks for a required one', { required: true }, {}, 'A value is needed.'],
  ['is content with the previous value of a required one', { required: true }, { previous: 'x' }, '= x'],
  ['keeps an immutable value', { mutable: false }, { previous: 'x', given: 'x' }, '= x'],
  [
    'refuses to change an immutable value',
    { mutable: false },
    { previous: 'x', given: 'y' },
    'The value cannot be changed after the workspace was created.',
  ],
  ['lets an immutable value be chosen at first', { mutable: false }, { given: 'y' }, '= y'],
  ['accepts an option', { options }, { given: 'two' }, '= two'],
  [
    'refuses what is no option',
    { options },
    { given: 'three' },
    '"three" is not one of the options: "one", "two".',
  ],
  [
    'accepts a set of options',
    { options, type: 'list(string)', form_type: 'multi-select' },
    { given: '["one","two"]' },
    '= ["one","two"]',
  ],
  [
    'refuses a set with a stranger',
    { options, type: 'list(string)', form_type: 'multi-select' },
    { given: '["one","x"]' },
    '"x" is not one of the options: "one", "two".',
  ],
  [
    'refuses a list that is none',
    { type: 'list(string)' },
    { given: 'one' },
    'The value has to be a list of texts, written as JSON.',
  ],
  ['refuses a number that is none', { type: 'number' }, { given: 'x' }, 'The value has to be a number.'],
  [
    'refuses a number too small',
    { type: 'number', validation_min: 2 },
    { given: '1' },
    'The value has to be at least 2.',
  ],
  [
    'refuses a number too large',
    { type: 'number', validation_max: 2, validation_error: '{value} is over {max}' },
    { given: '3' },
    '3 is over 2',
  ],
  [
    'refuses a truth value that is none',
    { type: 'bool' },
    { given: 'yes' },
    'The value has to be true or false.',
  ],
  [
    'applies the pattern',
    { validation_regex: '^a+$', validation_error: 'Only a.' },
    { given: 'b' },
    'Only a.',
  ],
  [
    'lets a number grow',
    { type: 'number', validation_monotonic: 'increasing' },
    { given: '3', previous: '2' },
    '= 3',
  ],
  [
    'refuses to shrink a growing number',
    { type: 'number', validation_monotonic: 'increasing' },
    { given: '1', previous: '2' },
    'The value can only grow: it was 2.',
  ],
  [
    'refuses to grow a shrinking number',
    { type: 'number', validation_monotonic: 'decreasing' },
    { given: '3', previous: '2' },
    'The value can only shrink: it was 2.',
  ],
  [
    'does not hang on a hostile pattern',
    { validation_regex: '^(a+)+$' },
    { given: `${'a'.repeat(50)}b` },
    'The value could not be checked: the regular expression takes too long to match.',
  ],
  ['lets an empty default be', { validation_regex: '^a$' }, {}, '= '],
])('%s', (_name, definition, values, expected) => {
  expect(resolve(definition, values)).toBe(expected)
})

test('names every problem at once, unknown names too', () => {
  const definitions = [parameter({ name: 'a', required: true }), parameter({ name: 'b', type: 'number' })]
  const given = [
    { name: 'b', value: 'x' },
    { name: '__proto__', value: 'x' },
  ]
  const result = resolveParameters(definitions, given, [], { firstBuild: true })
  expect(result).toEqual({
    ok: false,
    problems: [
      { field: '__proto__', detail: 'The template has no parameter of this name.' },
      { field: 'a', detail: 'A value is needed.' },
      { field: 'b', detail: 'The value has to be a number.' },
    ],
  })
})
