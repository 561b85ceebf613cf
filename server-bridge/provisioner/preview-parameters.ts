import type {
  FriendlyDiagnostic,
  NullHCLString,
  PreviewParameterValidation,
} from '../contract/dynamic-parameters.ts'
import type { TemplateVersionParameter } from '../contract/template-versions.ts'
import { readArchive } from './archive.ts'
import type { ParameterDefinition } from './blocks/parameter.ts'
import { importWorkspace, type BuildContext } from './build-context.ts'
import { Budget, BudgetError } from './eval/budget.ts'
import { givenValue } from './parameter-namespace.ts'
import { findValueProblem } from './parameter-rules.ts'
import type {
  ParameterPreview,
  PreviewedParameter,
  PreviewParameters,
  PreviewRequest,
} from './provisioner.ts'
import { TemplateError } from './template-error.ts'
import { TemplateEvaluation, type ParameterAttempt } from './template-evaluation.ts'
import { readTemplateModule, type TemplateModule } from './template-module.ts'
import { UnknownValueError } from './unknown-value.ts'

const unset: NullHCLString = { value: '', valid: false }

/** Reads a template for previews. @throws {TemplateError} when it is beyond the built-in provisioner. */
export function openParameterPreview(archive: Uint8Array): PreviewParameters {
  const module = readTemplateModule(readArchive(archive))
  return (request) => previewModule(module, request)
}

/**
 * Which parameters a template has for the given inputs, as Coder's dynamic forms show them. What is wrong becomes a
 * diagnostic: of its parameter where it has one, else of the template. The evaluation's own budget bounds the work.
 */
export function previewModule(module: TemplateModule, request: PreviewRequest): ParameterPreview {
  const context: BuildContext = {
    ...request,
    workspace: importWorkspace,
    transition: 'start',
    isPreview: true,
  }
  const evaluation = new TemplateEvaluation(module, context)
  const diagnostics: FriendlyDiagnostic[] = []
  try {
    evaluation.variables()
  } catch (error) {
    diagnostics.push(diagnosticOf(error, "The values of the template's variables cannot be used"))
  }
  const preview = new PreviewWriter(context)
  const shown = evaluation.parameterAttempts().flatMap((attempt): Shown[] => {
    if (!('error' in attempt)) return [preview.write(attempt.definition)]
    // Whether it is asked for depends on something nobody has said yet.
    if (attempt.error instanceof UnknownValueError) return []
    const broken = preview.writeBroken(attempt)
    if (broken) return [broken]
    diagnostics.push(diagnosticOf(attempt.error, 'A parameter cannot be read'))
    return []
  })
  shown.sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1))
  diagnostics.push(...findDuplicates(shown))
  return { diagnostics, parameters: shown, declaredNames: findDeclaredNames(module, shown) }
}

/** The parameters an import found, for a template that cannot be evaluated here. They do not follow the inputs. */
export function previewStatic(
  parameters: readonly TemplateVersionParameter[],
  parameterValues: Readonly<Record<string, string>>,
): ParameterPreview {
  const writer = new PreviewWriter({ parameterValues })
  const shown = parameters.map((wire, order) =>
    writer.write({ wire, order, styling: {}, unknown: new Set<never>() }),
  )
  const warning: FriendlyDiagnostic = {
    severity: 'warning',
    summary: 'The parameters of this version do not follow the inputs',
    detail:
      'Only Terraform can evaluate this template, so its parameters are shown as the import found them.',
    extra: { code: '' },
  }
  return {
    diagnostics: [warning],
    parameters: shown,
    declaredNames: new Set(parameters.map(({ name }) => name)),
  }
}

interface Shown extends PreviewedParameter {
  readonly name: string
  readonly order: number
}

/** Writes parameters of one preview; their patterns share one budget of time. */
class PreviewWriter {
  readonly #budget = new Budget()
  readonly #context: Pick<BuildContext, 'parameterValues'>

  constructor(context: Pick<BuildContext, 'parameterValues'>) {
    this.#context = context
  }

  write(definition: ParameterDefinition): Shown {
    const { wire, order, styling, unknown } = definition
    const given = givenValue(this.#context, wire.name)
    const fallback =
      unknown.has('default') || wire.required ? unset : { value: wire.default_value, valid: true }
    const value = given === undefined ? fallback : { value: given, valid: true }
    return {
      name: wire.name,
      order,
      definition: wire,
      preview: {
        name: wire.name,
        display_name: wire.display_name ?? '',
        description: wire.description,
        type: wire.type,
        form_type: wire.form_type,
        styling,
        mutable: wire.mutable,
        default_value: fallback,
        icon: wire.icon,
        options: wire.options.map((option) => ({ ...option, value: { value: option.value, valid: true } })),
        validations: validationsOf(wire),
        required: wire.required,
        order,
        ephemeral: wire.ephemeral,
        value,
        diagnostics: this.#check(definition, value, given !== undefined),
      },
    }
  }

  /** A block that is wrong for these inputs, where at least its name is known. */
  writeBroken(attempt: Extract<ParameterAttempt, { error: unknown }>): Shown | undefined {
    const reader = attempt.instance?.reader
    if (reader === undefined) return undefined
    let name: string
    try {
      name = reader.requiredText('name')
    } catch (error) {
      if (error instanceof TemplateError || error instanceof UnknownValueError) return undefined
      throw error
    }
    const given = givenValue(this.#context, name)
    return {
      name,
      order: 0,
      definition: undefined,
      preview: {
        name,
        display_name: '',
        description: '',
        type: 'string',
        form_type: 'error',
        styling: {},
        mutable: false,
        default_value: unset,
        icon: '',
        options: [],
        validations: [],
        required: false,
        order: 0,
        ephemeral: false,
        value: given === undefined ? unset : { value: given, valid: true },
        diagnostics: [diagnosticOf(attempt.error, 'The parameter cannot be read')],
      },
    }
  }

  #check(
    { wire, unknown }: ParameterDefinition,
    value: NullHCLString,
    isGiven: boolean,
  ): FriendlyDiagnostic[] {
    if (!value.valid) {
      if (!wire.required) return []
      return [error('Required parameter not provided', 'The parameter has no value yet.', 'required')]
    }
    // As in a build: an empty default means that nothing was chosen.
    if (!isGiven && value.value === '') return []
    if (unknown.has('options') || unknown.has('validation')) return []
    try {
      const problem = this.#budget.timed(() => findValueProblem(wire, value.value))
      return problem === undefined ? [] : [error('Invalid parameter value', problem)]
    } catch (thrown) {
      if (!(thrown instanceof BudgetError)) throw thrown
      return [error('Invalid parameter value', `The value could not be checked: ${thrown.message}.`)]
    }
  }
}

function error(summary: string, detail: string, code = ''): FriendlyDiagnostic {
  return { severity: 'error', summary, detail, extra: { code } }
}

/** @throws what is no fault of the template. */
function diagnosticOf(thrown: unknown, summary: string): FriendlyDiagnostic {
  if (thrown instanceof UnknownValueError || thrown instanceof BudgetError)
    return error(summary, thrown.message)
  if (thrown instanceof TemplateError) return error(summary, thrown.message, thrown.code ?? '')
  throw thrown
}

function validationsOf(wire: TemplateVersionParameter): PreviewParameterValidation[] {
  const rules = {
    ...(wire.validation_regex !== undefined && { validation_regex: wire.validation_regex }),
    ...(wire.validation_min !== undefined && { validation_min: wire.validation_min }),
    ...(wire.validation_max !== undefined && { validation_max: wire.validation_max }),
    ...(wire.validation_monotonic !== undefined && { validation_monotonic: wire.validation_monotonic }),
  }
  return Object.keys(rules).length === 0 ? [] : [{ validation_error: wire.validation_error ?? '', ...rules }]
}

function findDuplicates(shown: readonly Shown[]): FriendlyDiagnostic[] {
  const repeated = shown.filter(
    ({ name }, index) => shown.findIndex((other) => other.name === name) !== index,
  )
  return [...new Set(repeated.map(({ name }) => name))].map((name) =>
    error('Two parameters have one name', `More than one parameter is named ${JSON.stringify(name)}.`),
  )
}

/** A name is almost always written down; one that is computed counts while it is shown. */
function findDeclaredNames(module: TemplateModule, shown: readonly Shown[]): Set<string> {
  const written = module.data
    .filter(({ type }) => type === 'coder_parameter')
    .flatMap(({ block }) => {
      const expression = block.body.attributes.get('name')?.expression
      if (expression?.kind === 'literal') return [String(expression.value)]
      const [only, ...rest] = expression?.kind === 'template' ? expression.parts : []
      return only?.kind === 'text' && rest.length === 0 ? [only.text] : []
    })
  return new Set([...written, ...shown.map(({ name }) => name)])
}
