import type { TemplateVersionVariable } from '../../contract/template-versions.ts'
import { evaluate, type Scope } from '../eval/evaluate.ts'
import { ConversionError, fromJson, isList, isMap, toJson, toText, type Value } from '../eval/value.ts'
import type { Block } from '../hcl/ast.ts'
import { TemplateError } from '../template-error.ts'
import { BlockReader } from '../block-reader.ts'
import { convertTo, finishSets, readType, type TypeConstraint } from './variable-type.ts'

export interface VariableDefinition {
  readonly wire: TemplateVersionVariable
  /** Null when it is required and was not given. */
  readonly value: Value
}

/**
 * Reads a `variable` block. Its default may not refer to anything, as in Terraform, so `scope` needs functions only.
 *
 * @param given The value set when the version was made: text for the simple types, else JSON.
 */
export function readVariable(
  name: string,
  block: Block,
  given: string | undefined,
  scope: Scope,
): VariableDefinition {
  const reader = new BlockReader(`variable "${name}"`, block.at, block.body, scope)
  const typeExpression = block.body.attributes.get('type')?.expression
  const type = typeExpression === undefined ? undefined : readType(typeExpression, scope)
  const hasDefault = block.body.attributes.has('default')
  const convert = (value: Value): Value => convertValue(name, value, { type, block, scope })
  const fallback = convert(hasDefault ? reader.value('default') : null)
  const wanted = given === undefined ? fallback : convert(parseGiven(given, type))
  const isSensitive = reader.bool('sensitive', false)
  reader.bool('ephemeral', false)
  const isNullable = reader.bool('nullable', true)
  // A null that is not wanted is the default.
  const value = wanted === null && !isNullable ? fallback : wanted
  return {
    value,
    wire: {
      name,
      description: reader.text('description'),
      type: wireType(type),
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

/** Coder knows the simple types by name; values of the others travel as JSON. */
function wireType(type: TypeConstraint | undefined): string {
  return type?.kind === 'number' || type?.kind === 'bool' ? type.kind : 'string'
}

function parseGiven(given: string, type: TypeConstraint | undefined): Value {
  if (type?.kind === 'string' || type?.kind === 'number' || type?.kind === 'bool') return given
  try {
    return fromJson(JSON.parse(given))
  } catch {
    // Without a type a variable takes any text.
    return given
  }
}

interface Target {
  readonly type: TypeConstraint | undefined
  readonly block: Block
  readonly scope: Scope
}

function convertValue(name: string, value: Value, { type, block, scope }: Target): Value {
  try {
    return finishSets(type, type === undefined ? value : convertTo(type, value), scope)
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error
    throw new TemplateError(`The value of variable "${name}" has the wrong type: ${error.message}.`, block.at)
  }
}

function toWire(value: Value): string {
  return isList(value) || isMap(value) ? JSON.stringify(toJson(value)) : toText(value ?? '')
}
