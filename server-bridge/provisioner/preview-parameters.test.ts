import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PreviewParameter } from '../contract/dynamic-parameters.ts'
import { openParameterPreview, previewStatic } from './preview-parameters.ts'
import type { BuildOwner, ParameterPreview } from './provisioner.ts'
import { writeTar } from './tar-writer.ts'
import { TemplateError } from './template-error.ts'

const ada: BuildOwner = {
  id: 'o',
  name: 'ada',
  fullName: 'Ada Lovelace',
  email: 'ada@example.com',
  groups: ['Everyone', 'admins'],
  roles: [{ name: 'owner', organizationId: '' }],
  loginType: 'password',
}

function open(source: string): (inputs?: Record<string, string>, owner?: BuildOwner) => ParameterPreview {
  const preview = openParameterPreview(writeTar([{ path: 'main.tf', content: Buffer.from(source) }]))
  return (inputs = {}, owner = ada) => preview({ parameterValues: inputs, variableValues: {}, owner })
}

const parameter = (name: string, body: string): string =>
  `data "coder_parameter" "${name}" {\n  name = "${name}"\n${body}\n}\n`

function shown(preview: ParameterPreview): Record<string, PreviewParameter> {
  return Object.fromEntries(preview.parameters.map((entry) => [entry.preview.name, entry.preview]))
}
const names = (preview: ParameterPreview): string[] => Object.keys(shown(preview))
const summaries = (entry: PreviewParameter | undefined): string[] =>
  (entry?.diagnostics ?? []).map(({ severity, detail, extra }) => `${severity} ${extra.code} ${detail}`)

const dependent = open(`
data "coder_workspace_owner" "me" {}
${parameter('kind', 'type = "string"\n default = "small"\n order = 1\n option {\n name = "S"\n value = "small"\n }\n option {\n name = "L"\n value = "large"\n }')}
${parameter('cpus', 'count = data.coder_parameter.kind.value == "large" ? 1 : 0\n type = "number"\n default = 8\n order = 2')}
${parameter(
  'region',
  `type = "string"
  order = 3
  default = data.coder_parameter.kind.value == "large" ? "eu" : "us"
  dynamic "option" {
    for_each = data.coder_parameter.kind.value == "large" ? ["eu", "asia"] : ["us"]
    content {
      name  = upper(option.value)
      value = option.value
    }
  }`,
)}
${parameter('secret', 'count = contains(data.coder_workspace_owner.me.groups, "admins") ? 1 : 0\n default = data.coder_workspace_owner.me.name\n order = 4')}
`)

describe('parameters that depend on others', () => {
  it('come and go, and change their options and defaults', () => {
    expect(names(dependent())).toEqual(['kind', 'region', 'secret'])
    const large = dependent({ kind: 'large' })
    expect(names(large)).toEqual(['kind', 'cpus', 'region', 'secret'])
    expect(shown(large)['region']).toMatchObject({
      default_value: { value: 'eu', valid: true },
      value: { value: 'eu', valid: true },
      form_type: 'radio',
      options: [
        { name: 'EU', value: { value: 'eu', valid: true } },
        { name: 'ASIA', value: { value: 'asia', valid: true } },
      ],
    })
    expect([...dependent().declaredNames].sort()).toEqual(['cpus', 'kind', 'region', 'secret'])
  })

  it('see the owner by name, groups and roles', () => {
    expect(shown(dependent())['secret']?.value).toEqual({ value: 'ada', valid: true })
    expect(names(dependent({}, { ...ada, groups: ['Everyone'] }))).not.toContain('secret')
    const byRole = open(
      `data "coder_workspace_owner" "me" {}\n${parameter('p', 'default = join(",", [for r in data.coder_workspace_owner.me.rbac_roles : r.name])')}`,
    )
    expect(shown(byRole())['p']?.value.value).toBe('owner')
  })

  it('keep the value of an input that no longer fits, and say so', () => {
    const { region } = shown(dependent({ kind: 'small', region: 'asia' }))
    expect(region?.value).toEqual({ value: 'asia', valid: true })
    expect(summaries(region)[0]).toMatch(/^error {2}"asia" is not one of the options/)
  })

  it('do not blame a default that only another choice allows, when a value was given', () => {
    const preview = open(
      `${parameter('a', 'default = "1"')}${parameter('b', 'default = "one"\n dynamic "option" {\n for_each = data.coder_parameter.a.value == "1" ? ["one"] : ["two"]\n content {\n name = option.value\n value = option.value\n }\n }')}`,
    )
    expect(summaries(shown(preview({ a: '2', b: 'two' }))['b'])).toEqual([])
    expect(shown(preview({ a: '2' }))['b']?.form_type).toBe('error')
  })
})

describe('a value that nobody has given', () => {
  const preview = open(
    `${parameter('team', 'type = "string"')}
${parameter('folder', 'default = "/srv/${data.coder_parameter.team.value}"')}
${parameter('extra', 'count = data.coder_parameter.team.value == "a" ? 1 : 0\n default = "x"')}
${parameter('pick', 'default = try(data.coder_parameter.team.value, "fallback")')}`,
  )

  it('is not valid, and neither is what depends on it', () => {
    const { team, folder, pick } = shown(preview())
    expect(team?.value).toEqual({ value: '', valid: false })
    expect(summaries(team)[0]).toMatch(/^error required /)
    expect(folder).toMatchObject({
      value: { valid: false },
      default_value: { valid: false },
      required: false,
    })
    expect(pick?.value.valid).toBe(false)
    expect(names(preview())).not.toContain('extra')
  })

  it('is there as soon as it is given', () => {
    const { team, folder, extra } = shown(preview({ team: 'a' }))
    expect(team).toMatchObject({ value: { value: 'a', valid: true }, diagnostics: [] })
    expect(folder?.value).toEqual({ value: '/srv/a', valid: true })
    expect(extra?.value.value).toBe('x')
  })
})

describe('a form', () => {
  const list = 'type = "list(string)"\n default = jsonencode(["a"])\n'
  const option = 'option {\n name = "A"\n value = "a"\n }'
  it.each([
    ['string', 'type = "string"\n default = ""', 'input'],
    ['string area', 'type = "string"\n form_type = "textarea"\n default = ""', 'textarea'],
    ['string options', `type = "string"\n default = "a"\n ${option}`, 'radio'],
    ['dropdown', `type = "string"\n form_type = "dropdown"\n default = "a"\n ${option}`, 'dropdown'],
    ['number', 'type = "number"\n default = 1', 'input'],
    [
      'slider',
      'type = "number"\n form_type = "slider"\n default = 1\n validation {\n min = 0\n max = 9\n }',
      'slider',
    ],
    ['bool', 'type = "bool"\n default = true', 'checkbox'],
    ['switch', 'type = "bool"\n form_type = "switch"\n default = true', 'switch'],
    ['tags', list, 'tag-select'],
    ['multi', `${list} form_type = "multi-select"\n ${option}`, 'multi-select'],
  ])('of %s has its widget', (_, body, widget) => {
    const { p } = shown(open(parameter('p', body))())
    expect([p?.form_type, p?.diagnostics]).toEqual([widget, []])
  })

  it.each([
    'type = "string"\n form_type = "slider"',
    'type = "bool"\n form_type = "input"',
    `type = "string"\n form_type = "multi-select"\n ${option}`,
    'type = "colour"',
    'ephemeral = true\n mutable = true',
    'styling = "bold"',
    'validation {\n min = 1\n }',
  ])('that does not go together is shown as an error: %s', (body) => {
    const preview = open(`${parameter('p', body)}${parameter('q', 'default = "fine"')}`)()
    const { p, q } = shown(preview)
    expect(p).toMatchObject({ form_type: 'error', diagnostics: [{ severity: 'error' }] })
    expect(p?.diagnostics[0]?.detail).toMatch(/^main\.tf:\d+:\d+: /)
    expect(q?.diagnostics).toEqual([])
  })

  it('carries everything a widget needs', () => {
    const body = `display_name = "How many"
  description = "A *number*"
  type    = "number"
  default = 3
  mutable = true
  icon    = "/icon/cpu.svg"
  order   = 7
  styling = jsonencode({ disabled = true, placeholder = "3", label = "n", mask_input = true, later = 1 })
  validation {
    min = 1
    max = 5
    monotonic = "increasing"
    error = "{value} is not from {min} to {max}"
  }`
    const preview = open(parameter('p', body))
    expect(shown(preview())['p']).toEqual({
      name: 'p',
      display_name: 'How many',
      description: 'A *number*',
      type: 'number',
      form_type: 'input',
      styling: { disabled: true, placeholder: '3', label: 'n', mask_input: true },
      mutable: true,
      default_value: { value: '3', valid: true },
      icon: '/icon/cpu.svg',
      options: [],
      validations: [
        {
          validation_error: '{value} is not from {min} to {max}',
          validation_min: 1,
          validation_max: 5,
          validation_monotonic: 'increasing',
        },
      ],
      required: false,
      order: 7,
      ephemeral: false,
      value: { value: '3', valid: true },
      diagnostics: [],
    })
    expect(summaries(shown(preview({ p: '9' }))['p'])).toEqual(['error  9 is not from 1 to 5'])
    expect(summaries(shown(preview({ p: 'x' }))['p'])).toEqual(['error  The value has to be a number.'])
  })
})

describe('a template that is wrong as a whole', () => {
  it('says so beside the parameters that can be shown', () => {
    const preview = open(`${parameter('p', 'count = -1')}${parameter('q', 'default = "fine"')}`)()
    expect(preview.diagnostics).toMatchObject([
      { severity: 'error', detail: expect.stringMatching(/"count"/) },
    ])
    expect(names(preview)).toEqual(['q'])
    const twice = open(
      `${parameter('p', 'default = "1"')}data "coder_parameter" "other" {\n name = "p"\n default = "2"\n}`,
    )()
    expect(twice.diagnostics).toHaveLength(1)
    const circle = open(
      `${parameter('a', 'default = data.coder_parameter.b.value')}${parameter('b', 'default = data.coder_parameter.a.value')}`,
    )()
    expect(circle.parameters.flatMap((entry) => entry.preview.diagnostics)[0]?.detail).toMatch(/circle/)
  })

  it('is bounded in what it may cost', () => {
    const huge = open(
      parameter('p', 'default = join("", [for a in range(1000) : join("", [for b in range(1000) : "x"])])'),
    )()
    expect(huge.diagnostics).toMatchObject([
      { severity: 'error', detail: expect.stringMatching(/too many steps/) },
    ])
  })

  it('cannot be opened when only Terraform could read it', () => {
    expect(() => open('resource "aws_instance" "big" {}')).toThrow(TemplateError)
  })
})

it('a static preview shows what the import found, with a warning', () => {
  const { definition } = dependent().parameters[0]!
  const preview = previewStatic([definition!], { kind: 'huge' })
  expect(preview.diagnostics).toMatchObject([{ severity: 'warning' }])
  expect(summaries(preview.parameters[0]?.preview)[0]).toMatch(/"huge" is not one of the options/)
})

it('no input makes a preview throw, and what is given is what is shown', () => {
  const anything = fc.oneof(fc.string(), fc.constantFrom('small', 'large', 'eu', '__proto__', '[]'))
  const key = fc.oneof(fc.constantFrom('kind', 'cpus', 'region', 'secret', 'constructor'), fc.string())
  fc.assert(
    fc.property(fc.dictionary(key, anything), (inputs) => {
      for (const { preview } of dependent(inputs).parameters) {
        if (Object.hasOwn(inputs, preview.name)) expect(preview.value.value).toBe(inputs[preview.name])
      }
    }),
  )
})

it('a parameter may have the name of something every object has', () => {
  const preview = open(parameter('constructor', 'default = "x"'))
  expect(preview().parameters[0]?.preview.value).toEqual({ value: 'x', valid: true })
})
