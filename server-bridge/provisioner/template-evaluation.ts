import { readParameter, type ParameterDefinition } from './blocks/parameter.ts'
import { checkVariable, readVariable, type VariableDefinition } from './blocks/variable.ts'
import { ownerValue, provisionerValue, workspaceValue, type BuildContext } from './build-context.ts'
import { Budget } from './eval/budget.ts'
import { evaluate, type LookUp, type Namespace, type Scope } from './eval/evaluate.ts'
import { createFunctions } from './eval/functions.ts'
import { fromJson, type Value } from './eval/value.ts'
import { givenValue, parameterNamespace } from './parameter-namespace.ts'
import type { SourcePosition } from './template-error.ts'
import { TemplateError } from './template-error.ts'
import { expandInstances, instancesNamespace, type Instance } from './template-instance.ts'
import type { TemplateModule, TypedBlock } from './template-module.ts'

export interface ParameterInstance extends ParameterDefinition {
  readonly name: string
}

/** A parameter that could be read, or why not. Without an instance it is not even known how many there are. */
export type ParameterAttempt =
  | { readonly typed: TypedBlock; readonly instance: Instance; readonly definition: ParameterDefinition }
  | { readonly typed: TypedBlock; readonly instance?: Instance; readonly error: unknown }

/**
 * One evaluation of a template: everything is looked up on demand and once, so that blocks may refer to each other in
 * any order, and a circle is found instead of run.
 */
export class TemplateEvaluation {
  readonly #module: TemplateModule
  readonly #context: BuildContext
  readonly #scope: Scope
  readonly #memo = new Map<string, unknown>()
  readonly #running: string[] = []

  constructor(module: TemplateModule, context: BuildContext) {
    this.#module = module
    this.#context = context
    const readFile = (path: string): Uint8Array | undefined => module.files.get(path)
    this.#scope = {
      budget: new Budget(),
      functions: createFunctions(readFile, () => this.#scope),
      lookUp: (name) => this.#lookUp(name),
    }
  }

  /** All variables, checked. @throws {TemplateError} naming those that need a value. */
  variables(): VariableDefinition[] {
    const definitions = [...this.#module.variables.keys()].map((name) => this.#variable(name))
    const missing = definitions.filter(({ wire, value }) => wire.required && value === null)
    if (missing.length > 0) {
      const names = missing.map(({ wire }) => wire.name).join(', ')
      throw new TemplateError(
        `required template variables need values: ${names}`,
        undefined,
        'REQUIRED_TEMPLATE_VARIABLES',
      )
    }
    for (const [name, block] of this.#module.variables) checkVariable(name, block, this.#scope)
    return definitions
  }

  /** The parameters there are, in the order a form shows them. */
  parameters(): ParameterInstance[] {
    const seen = new Map<string, SourcePosition>()
    return this.#dataBlocks('coder_parameter')
      .flatMap((typed) => this.#instances(typed))
      .map((instance) => {
        const definition = this.#parameter(instance)
        const { name } = definition.wire
        if (seen.has(name))
          throw instance.reader.error('name', `Two parameters are named ${JSON.stringify(name)}.`)
        seen.set(name, instance.reader.at)
        return { ...definition, name }
      })
      .sort((a, b) => a.order - b.order || (a.name < b.name ? -1 : 1))
  }

  /** Every parameter block by itself: what one of them throws is handed over, so that the others can be shown. */
  parameterAttempts(): ParameterAttempt[] {
    return this.#dataBlocks('coder_parameter').flatMap((typed): ParameterAttempt[] => {
      try {
        return this.#instances(typed).map((instance) => {
          try {
            return { typed, instance, definition: this.#parameter(instance) }
          } catch (error) {
            return { typed, instance, error }
          }
        })
      } catch (error) {
        return [{ typed, error }]
      }
    })
  }

  /** The instances of all `data` or `resource` blocks of a type. */
  instancesOf(
    kind: 'data' | 'resource',
    type: string,
  ): { readonly typed: TypedBlock; readonly instance: Instance }[] {
    const blocks = kind === 'data' ? this.#dataBlocks(type) : this.#resourceBlocks(type)
    return blocks.flatMap((typed) => this.#instances(typed).map((instance) => ({ typed, instance })))
  }

  #lookUp(name: string): LookUp | undefined {
    switch (name) {
      case 'var':
        return namespace('var', (variable) =>
          this.#module.variables.has(variable) ? value(this.#variable(variable).value) : undefined,
        )
      case 'local':
        return namespace('local', (local) => {
          const expression = this.#module.locals.get(local)
          if (expression === undefined) return undefined
          return value(this.#once(`local.${local}`, () => evaluate(expression, this.#scope)))
        })
      case 'data':
        return namespace('data', (type) => this.#typeNamespace(`data.${type}`, this.#dataBlocks(type)))
      case 'path':
        return value(fromJson({ module: '.', root: '.', cwd: '.' }))
      case 'terraform':
        return value(fromJson({ workspace: 'default' }))
      default: {
        const blocks = this.#resourceBlocks(name)
        return blocks.length === 0 ? undefined : this.#typeNamespace(name, blocks)
      }
    }
  }

  #typeNamespace(title: string, blocks: readonly TypedBlock[]): Namespace | undefined {
    if (blocks.length === 0) return undefined
    return namespace(title, (name) => {
      const typed = blocks.find((candidate) => candidate.name === name)
      if (typed === undefined) return undefined
      return instancesNamespace(typed, this.#instances(typed), (instance) => this.#describe(typed, instance))
    })
  }

  #describe(typed: TypedBlock, instance: Instance): Namespace {
    switch (typed.type) {
      case 'coder_parameter':
        return parameterNamespace(instance.address, () => this.#parameter(instance), this.#context)
      case 'coder_workspace':
        return valueNamespace(instance.address, () => workspaceValue(this.#context))
      case 'coder_workspace_owner':
        return valueNamespace(instance.address, () => ownerValue(this.#context))
      case 'coder_provisioner':
        return valueNamespace(instance.address, provisionerValue)
      default:
        return this.#describeResource(typed, instance)
    }
  }

  /** A resource's id is its address: unique, and the same in every build. */
  #describeResource(typed: TypedBlock, instance: Instance): Namespace {
    const attribute = (name: string): LookUp | undefined => {
      if (name === 'id') return value(instance.address)
      if (typed.type === 'coder_agent' && (name === 'token' || name === 'init_script')) {
        throw new TemplateError(
          `${instance.address}.${name} is not for templates here: the local deployment starts the agent itself.`,
          typed.block.at,
        )
      }
      if (!typed.block.body.attributes.has(name)) return undefined
      return value(this.#once(`${instance.address}.${name}`, () => instance.reader.value(name)))
    }
    return {
      namespace: true,
      describe: instance.address,
      attribute,
      toValue: () =>
        new Map<string, Value>([
          ['id', instance.address],
          ...[...typed.block.body.attributes.keys()].map((name) => {
            const found = attribute(name)
            return [name, found?.namespace === false ? found.value : null] as const
          }),
        ]),
    }
  }

  #variable(name: string): VariableDefinition {
    return this.#once(`var.${name}`, () => {
      const block = this.#module.variables.get(name)
      if (block === undefined) throw new TemplateError(`There is no variable "${name}".`)
      return readVariable(name, block, this.#context.variableValues[name], this.#scope)
    })
  }

  #parameter(instance: Instance): ParameterDefinition {
    const isGiven = (name: string): boolean => givenValue(this.#context, name) !== undefined
    return this.#once(instance.address, () => readParameter(instance.reader, isGiven))
  }

  #instances(typed: TypedBlock): Instance[] {
    const prefix = this.#module.data.includes(typed) ? 'data.' : ''
    return this.#once(`instances of ${prefix}${typed.type}.${typed.name}`, () =>
      expandInstances(typed, prefix, this.#scope),
    )
  }

  #dataBlocks(type: string): TypedBlock[] {
    return this.#module.data.filter((typed) => typed.type === type)
  }

  #resourceBlocks(type: string): TypedBlock[] {
    return this.#module.resources.filter((typed) => typed.type === type)
  }

  #once<T>(key: string, compute: () => T): T {
    if (this.#memo.has(key)) return this.#memo.get(key) as T
    if (this.#running.includes(key)) {
      throw new TemplateError(
        `These refer to each other in a circle: ${[...this.#running, key].join(' → ')}.`,
      )
    }
    this.#running.push(key)
    try {
      const result = this.#scope.budget.nested(compute)
      this.#memo.set(key, result)
      return result
    } finally {
      this.#running.pop()
    }
  }
}

function namespace(describe: string, attribute: (name: string) => LookUp | undefined): Namespace {
  return { namespace: true, describe, attribute }
}

/** A thing whose value is small: looked into as a value. */
function valueNamespace(describe: string, compute: () => Value): Namespace {
  return {
    namespace: true,
    describe,
    attribute: (name) => {
      const whole = compute()
      const found = whole instanceof Map ? (whole.get(name) as Value | undefined) : undefined
      return found === undefined ? undefined : value(found)
    },
    toValue: compute,
  }
}

function value(of: Value): LookUp {
  return { namespace: false, value: of }
}
