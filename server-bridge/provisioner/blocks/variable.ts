import type { TemplateVersionVariable } from '../../contract/template-versions.ts'
import { evaluate, type Scope } from '../eval/evaluate.ts'
import {
  ConversionError,
  fromJson,
  isList,
  isMap,
  toBool,
  toJson,
  toNumber,
  toText,
  type Value,
} from '../eval/value.ts'
import type { Block, Expression } from '../hcl/ast.ts'
import { TemplateError } from '../template-error.ts'
import { BlockReader } from '../block-reader.ts'

export interface VariableDefinition {
  readonly wire: TemplateVersionVariable
  /** Null when it is required and was not given. */
  readonly value: Value
}

type WireType = 'string' | 'number' | 'bool'

/**
 * Reads a `variable` block. Its default may not refer to anything, as in Terraform, so `scope` needs functions only.
 *
 * @param given The value set when the version was made, as text.
 */
export function readVariable(
  name: string,
  block: Block,
  given: string | undefined,
  scope: Scope,
): VariableDefinition {
  const reader = new BlockReader(`variable "${name}"`, block.at, block.body, scope)
  const typeExpression = block.body.attributes.get('type')?.expression
  const type = typeExpression === undefined ? undefined : readType(typeExpression)
  const hasDefault = block.body.attributes.has('default')
  const fallback = hasDefault ? reader.value('default') : null
  const value =
    given === undefined ? convert(fallback, type, block) : convert(parseGiven(given, type), type, block)
  const isSensitive = reader.bool('sensitive', false)
  return {
    value,
    wire: {
      name,
      description: reader.text('description'),
      type: type ?? 'string',
      value: isSensitive || value === null ? '' : toWire(value),
      default_value: isSensitive || fallback === null ? '' : toWire(fallback),
      required: !hasDefault,
      sensitive: isSensitive,
    },
  }
}

/** Checks a variable's own `validation` blocks. @throws {TemplateError} with the template's message. */
export function checkVariable(name: string, block: Block, scope: Scope): void {
  for (const rule of block.body.blocks.filter((candidate) => candidate.type === 'validation')) {
    const condition = rule.body.attributes.get('condition')?.expression
    const message = rule.body.attributes.get('error_message')?.expression
    if (condition === undefined || message === undefined) {
      throw new TemplateError('A validation needs the arguments "condition" and "error_message".', rule.at)
    }
    if (evaluate(condition, scope) === true) continue
    throw new TemplateError(
      `The value of variable "${name}" is not possible: ${toText(evaluate(message, scope))}`,
      rule.at,
    )
  }
}

/** Undefined for everything but the three simple types: such values travel as JSON. */
function readType(expression: Expression): WireType | undefined {
  if (expression.kind !== 'variable') return undefined
  return (['string', 'number', 'bool'] as const).find((type) => type === expression.name)
}

function parseGiven(given: string, type: WireType | undefined): Value {
  if (type !== undefined) return given
  try {
    return fromJson(JSON.parse(given))
  } catch {
    // Without a type a variable takes any text.
    return given
  }
}

function convert(value: Value, type: WireType | undefined, block: Block): Value {
  if (value === null || type === undefined) return value
  try {
    return { string: toText, number: toNumber, bool: toBool }[type](value)
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error
    throw new TemplateError(
      `The value of variable "${block.labels[0] ?? ''}" has the wrong type: ${error.message}.`,
      block.at,
    )
  }
}

function toWire(value: Value): string {
  return isList(value) || isMap(value) ? JSON.stringify(toJson(value)) : toText(value ?? '')
}
