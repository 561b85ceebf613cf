import { describe, expect, it } from 'vitest'
import { sampleParameter } from '../../testing/wire-samples.ts'
import { initialValue, parameterControl, parameterProblem } from './parameter-field.ts'

const options = ['a', 'b'].map((value) => ({ name: value, description: '', value, icon: '' }))

describe('the control of a parameter', () => {
  it.each([
    [{ type: 'string' }, 'text'],
    [{ type: 'string', form_type: 'textarea' }, 'textarea'],
    [{ type: 'bool' }, 'switch'],
    [{ type: 'bool', form_type: 'checkbox' }, 'checkbox'],
    [{ type: 'number' }, 'number'],
    [{ type: 'number', form_type: 'slider', validation_min: 1, validation_max: 9 }, 'slider'],
    [{ type: 'number', form_type: 'slider' }, 'number'],
    [{ type: 'list(string)' }, 'tags'],
    [{ type: 'list(string)', options }, 'multi-select'],
    [{ type: 'string', options }, 'radio'],
    [{ type: 'string', form_type: 'dropdown', options }, 'select'],
    [{ type: 'a-newer-type' }, 'text'],
  ] as const)('%j is %s', (change, control) => {
    expect(
      parameterControl(sampleParameter({ ...change, options: 'options' in change ? options : [] })),
    ).toBe(control)
  })

  it('starts where it stands when it cannot be empty', () => {
    expect(initialValue(sampleParameter({ type: 'bool' }))).toBe('false')
    expect(initialValue(sampleParameter({ default_value: 'x' }))).toBe('x')
  })
})

describe('the check of a parameter', () => {
  const number = sampleParameter({ type: 'number', validation_min: 1, validation_max: 16 })
  const repository = sampleParameter({
    display_name: 'Repository',
    required: true,
    validation_regex: '^[\\w-]+/[\\w-]+$',
    validation_error: 'Write it as owner/name.',
  })

  it.each([
    [number, '17', 'Enter a number from 1 to 16.'],
    [number, '1.5', 'Enter a whole number.'],
    [number, '16', undefined],
    [repository, '', 'Repository is needed.'],
    [repository, 'nope', 'Write it as owner/name.'],
    [repository, 'acme/api', undefined],
    [sampleParameter({ options }), 'c', 'Choose one of the offered values.'],
    [sampleParameter({ type: 'list(string)', required: true, name: 'tags' }), '[]', 'tags is needed.'],
    [sampleParameter({ validation_regex: '(?P<go>only)' }), 'anything', undefined],
  ])('case %#', (parameter, value, problem) => {
    expect(parameterProblem(parameter, value)).toBe(problem)
  })
})
