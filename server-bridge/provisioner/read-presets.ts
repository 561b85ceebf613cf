import { readPreset } from './blocks/preset.ts'
import type { ImportedPreset, ParameterPreview } from './provisioner.ts'
import type { TemplateEvaluation } from './template-evaluation.ts'
import type { SourcePosition } from './template-error.ts'

/** The parameters as they are with a preset's values. */
type PreviewWith = (values: Readonly<Record<string, string>>) => ParameterPreview

/**
 * Reads the presets of a template. A value that does not fit stops no import, as in Coder, where only the build fails:
 * it is a warning.
 *
 * @throws {TemplateError} for two presets of one name, or two defaults.
 */
export function readPresets(
  evaluation: TemplateEvaluation,
  preview: PreviewWith,
  warn: (message: string) => void,
): ImportedPreset[] {
  const names = new Set<string>()
  let defaultName: string | undefined
  return evaluation.instancesOf('data', 'coder_workspace_preset').map(({ instance: { reader } }) => {
    const preset = readPreset(reader)
    const name = JSON.stringify(preset.Name)
    if (names.has(preset.Name)) throw reader.error('name', `Two presets are named ${name}.`)
    names.add(preset.Name)
    if (preset.Default && defaultName !== undefined) {
      throw reader.error('default', `Only one preset can be the default, and ${defaultName} is already.`)
    }
    if (preset.Default) defaultName = name
    const place = placeOf(reader.position('parameters'))
    for (const problem of findProblems(preset, preview)) warn(`${place}: Preset ${name}: ${problem}`)
    return preset
  })
}

function placeOf({ file, line, column }: SourcePosition): string {
  return `${file}:${line}:${column}`
}

function findProblems(preset: ImportedPreset, preview: PreviewWith): string[] {
  const values = Object.fromEntries(preset.Parameters.map(({ Name, Value }) => [Name, Value]))
  const { parameters, declaredNames } = preview(values)
  const byName = new Map(parameters.map(({ preview: shown }) => [shown.name, shown]))
  return Object.keys(values).flatMap((name) => {
    const shown = byName.get(name)
    if (shown) return shown.diagnostics.map(({ detail }) => `parameter ${JSON.stringify(name)}: ${detail}`)
    return declaredNames.has(name)
      ? [`the parameter ${JSON.stringify(name)} is not asked for with these values.`]
      : [`the template has no parameter ${JSON.stringify(name)}.`]
  })
}
