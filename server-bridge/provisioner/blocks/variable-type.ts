import { toSet } from '../eval/functions/sets.ts'
import { evaluate, type Scope } from '../eval/evaluate.ts'
import {
  ConversionError,
  isMap,
  quote,
  toBool,
  toList,
  toMap,
  toNumber,
  toText,
  type Value,
} from '../eval/value.ts'
import type { Expression } from '../hcl/ast.ts'
import { TemplateError } from '../template-error.ts'

/** What a variable takes: Terraform's type constraints. */
export type TypeConstraint =
  | { readonly kind: 'string' | 'number' | 'bool' | 'any' }
  | { readonly kind: 'list' | 'set' | 'map'; readonly of: TypeConstraint }
  | { readonly kind: 'tuple'; readonly of: readonly TypeConstraint[] }
  | { readonly kind: 'object'; readonly of: ReadonlyMap<string, Member> }

interface Member {
  readonly type: TypeConstraint
  readonly isOptional: boolean
  /** What an optional one is when it is absent. */
  readonly fallback: Value
}

const any: TypeConstraint = { kind: 'any' }

/** Reads the argument `type` of a variable. @throws {TemplateError} for what is no type. */
export function readType(expression: Expression, scope: Scope): TypeConstraint {
  const type =
    expression.kind === 'variable'
      ? readName(expression.name)
      : expression.kind === 'call'
        ? readCall(expression, scope)
        : undefined
  if (type !== undefined) return type
  throw new TemplateError(
    'This is no type. There are string, number, bool, any, list(…), set(…), map(…), tuple([…]) and object({…}).',
    expression.at,
  )
}

function readName(name: string): TypeConstraint | undefined {
  if (name === 'string' || name === 'number' || name === 'bool' || name === 'any') return { kind: name }
  // The old short forms.
  return isCollection(name) ? { kind: name, of: any } : undefined
}

function readCall(
  { name, args }: Extract<Expression, { kind: 'call' }>,
  scope: Scope,
): TypeConstraint | undefined {
  const [of, ...more] = args
  if (of === undefined || more.length > 0) return undefined
  if (isCollection(name)) return { kind: name, of: readType(of, scope) }
  if (name === 'object' && of.kind === 'object') return readObject(of, scope)
  if (name !== 'tuple' || of.kind !== 'tuple') return undefined
  return { kind: 'tuple', of: of.items.map((item) => readType(item, scope)) }
}

function isCollection(name: string): name is 'list' | 'set' | 'map' {
  return name === 'list' || name === 'set' || name === 'map'
}

function readObject(expression: Extract<Expression, { kind: 'object' }>, scope: Scope): TypeConstraint {
  const members = expression.items.map(
    ({ key, value }) => [toText(evaluate(key, scope)), readMember(value, scope)] as const,
  )
  return { kind: 'object', of: new Map(members) }
}

function readMember(expression: Expression, scope: Scope): Member {
  if (expression.kind !== 'call' || expression.name !== 'optional') {
    return { type: readType(expression, scope), isOptional: false, fallback: null }
  }
  const [type, fallback] = expression.args
  if (type === undefined) throw new TemplateError('optional() needs a type.', expression.at)
  const constraint = readType(type, scope)
  const value = fallback === undefined ? null : evaluate(fallback, scope)
  return { type: constraint, isOptional: true, fallback: convertTo(constraint, value) }
}

/** A value as the type wants it. @throws {ConversionError} when it cannot be made one. */
export function convertTo(type: TypeConstraint, value: Value): Value {
  if (value === null) return null
  switch (type.kind) {
    case 'any':
      return value
    case 'string':
      return toText(value)
    case 'number':
      return toNumber(value)
    case 'bool':
      return toBool(value)
    case 'list':
    case 'set':
      return toList(value).map((item, index) => within(`element ${index}`, () => convertTo(type.of, item)))
    case 'map':
      return mapValues(toMap(value), (key, item) => within(quote(key), () => convertTo(type.of, item)))
    case 'tuple': {
      const items = toList(value)
      if (items.length !== type.of.length)
        throw new ConversionError(`${type.of.length} elements are needed here`)
      return items.map((item, index) =>
        within(`element ${index}`, () => convertTo(type.of[index] ?? any, item)),
      )
    }
    case 'object':
      return toObject(type.of, value)
  }
}

/** Attributes that the type does not name are dropped, as in Terraform. */
function toObject(members: ReadonlyMap<string, Member>, value: Value): Value {
  if (!isMap(value)) throw new ConversionError('an object is needed here')
  return mapValues(members, (name, { type, isOptional, fallback }) => {
    const given = value.get(name)
    if (given === undefined && !isOptional)
      throw new ConversionError(`the attribute ${quote(name)} is needed here`)
    return given === undefined || given === null
      ? fallback
      : within(quote(name), () => convertTo(type, given))
  })
}

/** A set has each value once. @param budget Counts the comparisons. */
export function finishSets(type: TypeConstraint | undefined, value: Value, scope: Scope): Value {
  return type?.kind === 'set' && value !== null ? toSet(toList(value), scope.budget) : value
}

function mapValues<T>(
  map: ReadonlyMap<string, T>,
  convert: (key: string, item: T) => Value,
): Map<string, Value> {
  return new Map([...map].map(([key, item]) => [key, convert(key, item)]))
}

function within<T>(place: string, convert: () => T): T {
  try {
    return convert()
  } catch (error) {
    if (error instanceof ConversionError) throw new ConversionError(`${place}: ${error.message}`)
    throw error
  }
}
