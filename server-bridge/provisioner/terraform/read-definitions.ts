import type { TemplateVersionParameter } from '../../contract/template-versions.ts'
import { readParameter } from '../blocks/parameter.ts'
import { readPreset } from '../blocks/preset.ts'
import type { ImportedPreset } from '../provisioner.ts'
import { TemplateError } from '../template-error.ts'
import { jsonBlockReader } from './json-block.ts'
import type { JsonResource } from './plan-json.ts'

/** The parameters of a planned template, in the order a form shows them. */
export function readParameters(resources: readonly JsonResource[]): TemplateVersionParameter[] {
  const seen = new Set<string>()
  return resources
    .filter(({ mode, type }) => mode === 'data' && type === 'coder_parameter')
    .map(({ address, values = {} }) => readParameter(jsonBlockReader(address, withRules(values))))
    .map((definition) => {
      const { name } = definition.wire
      if (seen.has(name)) throw new TemplateError(`Two parameters are named ${JSON.stringify(name)}.`)
      seen.add(name)
      return definition
    })
    .sort((a, b) => a.order - b.order || (a.wire.name < b.wire.name ? -1 : 1))
    .map(({ wire }) => wire)
}

export function readPresets(resources: readonly JsonResource[]): ImportedPreset[] {
  const presets = resources
    .filter(({ mode, type }) => mode === 'data' && type === 'coder_workspace_preset')
    .map(({ address, values = {} }) => readPreset(jsonBlockReader(address, values)))
  if (presets.filter((preset) => preset.Default).length > 1) {
    throw new TemplateError('Only one coder_workspace_preset can be the default.')
  }
  return presets
}

/**
 * The provider fills in what a template leaves out: bounds that are not there are 0 with a mark, other rules are empty
 * (terraform-provider-coder, provider/parameter.go).
 */
function withRules(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { validation } = values
  if (!Array.isArray(validation)) return { ...values }
  return {
    ...values,
    validation: validation.map((rule: Readonly<Record<string, unknown>>) => ({
      ...rule,
      min: rule['min_disabled'] === true ? null : rule['min'],
      max: rule['max_disabled'] === true ? null : rule['max'],
      monotonic: rule['monotonic'] === '' ? null : rule['monotonic'],
    })),
  }
}
