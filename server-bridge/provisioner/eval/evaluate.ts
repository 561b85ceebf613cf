import { TemplateError } from '../template-error.ts'
import type { Expression, ForExpression, TemplatePart } from '../hcl/ast.ts'
import { BudgetError, type Budget } from './budget.ts'
import { applyBinary, applyUnary } from './operators.ts'
import {
  ConversionError,
  describeType,
  isList,
  isMap,
  quote,
  toBool,
  toList,
  toText,
  type Value,
} from './value.ts'

/** A function of templates. Arguments arrive evaluated. */
export type TemplateFunction = (args: readonly Value[], budget: Budget) => Value

export interface Scope {
  readonly budget: Budget
  readonly functions: ReadonlyMap<string, TemplateFunction>
  /** The value of a root name such as `var` or `coder_agent`; undefined when there is none. */
  readonly lookUp: (name: string) => LookUp | undefined
}

/**
 * Something that has attributes but is no value yet: `data`, or the blocks of one resource type. Looked into step by
 * step, so that only what is referred to is evaluated.
 */
export interface Namespace {
  readonly namespace: true
  readonly describe: string
  readonly attribute: (name: string) => LookUp | undefined
  /** For what `count` made: the instance with this number. */
  readonly element?: (key: Value) => LookUp | undefined
  /** The whole as a value, for what can be one. */
  readonly toValue?: () => Value
}

export type LookUp = Namespace | { readonly namespace: false; readonly value: Value }

/** The value of an expression. @throws {TemplateError} at the place that cannot be evaluated. */
export function evaluate(expression: Expression, scope: Scope): Value {
  try {
    scope.budget.spend(1)
    return scope.budget.nested(() => evaluateKind(expression, scope))
  } catch (error) {
    // The innermost place is the one to show; further out it is a template error already.
    if (error instanceof ConversionError || error instanceof BudgetError) {
      throw new TemplateError(`${capitalize(error.message)}.`, expression.at)
    }
    throw error
  }
}

function evaluateKind(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'template':
      return renderTemplate(expression.parts, scope)
    case 'variable':
    case 'attribute':
    case 'index':
      return requireValue(resolve(expression, scope), expression)
    case 'splat':
      return evaluateSplat(evaluate(expression.target, scope), expression.each, scope)
    case 'splat-item':
      return requireValue(scope.lookUp(splatItemName), expression)
    case 'unary':
      return applyUnary(expression.operator, evaluate(expression.operand, scope))
    case 'binary':
      return applyBinary(expression.operator, evaluate(expression.left, scope), () =>
        evaluate(expression.right, scope),
      )
    case 'conditional':
      return evaluateConditional(expression, scope)
    case 'call':
      return callFunction(expression, scope)
    case 'tuple':
      return expression.items.map((item) => evaluate(item, scope))
    case 'object':
      return new Map(
        expression.items.map((item) => [toText(evaluate(item.key, scope)), evaluate(item.value, scope)]),
      )
    case 'for':
      return evaluateFor(expression, scope)
  }
}

/** Follows `data.coder_workspace.me.name` through namespaces as long as there are some. */
function resolve(expression: Expression, scope: Scope): LookUp | undefined {
  if (expression.kind === 'variable') {
    const found = scope.lookUp(expression.name)
    if (found === undefined) {
      throw new TemplateError(`There is nothing called "${expression.name}" in this template.`, expression.at)
    }
    return found
  }
  if (expression.kind !== 'attribute' && expression.kind !== 'index')
    return value(evaluate(expression, scope))
  scope.budget.spend(1)
  const target = scope.budget.nested(() => resolve(expression.target, scope))
  const key = expression.kind === 'attribute' ? expression.name : evaluate(expression.key, scope)
  if (target?.namespace === true) {
    const found = target.element?.(key) ?? (typeof key === 'string' ? target.attribute(key) : undefined)
    if (found === undefined) {
      throw new TemplateError(`${target.describe} has no "${toText(key)}" here.`, expression.at)
    }
    return found
  }
  return value(readElement(target?.value ?? null, key, expression.at))
}

function readElement(target: Value, key: Value, at: Expression['at']): Value {
  if (isMap(target)) {
    const name = toText(key)
    const found = target.get(name)
    if (found === undefined) throw new TemplateError(`There is no ${quote(name)} in this map.`, at)
    return found
  }
  if (isList(target)) {
    const index = typeof key === 'string' ? Number(key) : key
    const found = typeof index === 'number' && index >= 0 ? target[index] : undefined
    if (found === undefined) {
      throw new TemplateError(`There is no element ${toText(key)}: the list has ${target.length}.`, at)
    }
    return found
  }
  throw new TemplateError(
    `This is ${describeType(target)}, which has nothing called ${quote(toText(key))}.`,
    at,
  )
}

function requireValue(found: LookUp | undefined, expression: Expression): Value {
  if (found?.namespace === false) return found.value
  if (found?.toValue !== undefined) return found.toValue()
  throw new TemplateError(
    `${found?.describe ?? 'This'} is not a value by itself: name what you need of it.`,
    expression.at,
  )
}

function value(of: Value): LookUp {
  return { namespace: false, value: of }
}

const splatItemName = '(splat)'

/** A splat over null is empty; over a single value it is a list of one. */
function evaluateSplat(target: Value, each: Expression, scope: Scope): Value {
  const items = target === null ? [] : isList(target) ? target : [target]
  return items.map((item) => evaluate(each, withLocals(scope, new Map([[splatItemName, item]]))))
}

function evaluateConditional(expression: Extract<Expression, { kind: 'conditional' }>, scope: Scope): Value {
  const chosen = toBool(evaluate(expression.condition, scope)) ? expression.whenTrue : expression.whenFalse
  return evaluate(chosen, scope)
}

function callFunction(expression: Extract<Expression, { kind: 'call' }>, scope: Scope): Value {
  const { name, at } = expression
  if (name === 'try' || name === 'can') return evaluateTry(expression, scope)
  const run = scope.functions.get(name)
  if (run === undefined) {
    throw new TemplateError(unknownFunction(name), at)
  }
  const args = expression.args.map((arg) => evaluate(arg, scope))
  if (expression.expandLast) args.push(...toList(args.pop() ?? []))
  scope.budget.spend(args.length)
  try {
    return run(args, scope.budget)
  } catch (error) {
    if (error instanceof ConversionError || error instanceof BudgetError) {
      throw new TemplateError(`${name}(): ${error.message}.`, at)
    }
    throw error
  }
}

/** What to do about a function that is not among those of the built-in provisioner. */
export function unknownFunction(name: string): string {
  return `The function ${name}() is not known to the built-in provisioner. Install terraform or tofu to use it.`
}

/** The first argument that can be evaluated, or for `can` whether its one can. */
function evaluateTry(expression: Extract<Expression, { kind: 'call' }>, scope: Scope): Value {
  let last: TemplateError | undefined
  for (const arg of expression.args) {
    try {
      const result = evaluate(arg, scope)
      return expression.name === 'can' ? true : result
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error
      // Throws again when it was the budget that ran out.
      scope.budget.spend(1)
      last = error
    }
  }
  if (expression.name === 'can') return false
  throw last ?? new TemplateError('try() needs at least one argument.', expression.at)
}

function evaluateFor(expression: ForExpression, scope: Scope): Value {
  const list: Value[] = []
  const map = new Map<string, Value>()
  for (const [key, item] of entriesOf(evaluate(expression.collection, scope))) {
    const inner = withLoop(scope, expression, key, item)
    if (expression.condition !== undefined && !toBool(evaluate(expression.condition, inner))) continue
    const result = evaluate(expression.value, inner)
    if (expression.key === undefined) {
      list.push(result)
      continue
    }
    const name = toText(evaluate(expression.key, inner))
    if (expression.grouped) {
      map.set(name, [...toList(map.get(name) ?? []), result])
    } else if (map.has(name)) {
      throw new TemplateError(
        `The key ${quote(name)} comes up twice. Add "..." after the value to group them.`,
        expression.at,
      )
    } else {
      map.set(name, result)
    }
  }
  return expression.key === undefined ? list : map
}

function renderTemplate(parts: readonly TemplatePart[], scope: Scope): string {
  let text = ''
  for (const part of parts) {
    const piece = renderPart(part, scope)
    scope.budget.produce(piece.length)
    text += piece
  }
  return text
}

function renderPart(part: TemplatePart, scope: Scope): string {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'interpolation': {
      const result = evaluate(part.expression, scope)
      try {
        return toText(result)
      } catch {
        throw new TemplateError(
          `Only text, numbers and truth values can stand in a text, not ${describeType(result)}.`,
          part.expression.at,
        )
      }
    }
    case 'if':
      return renderTemplate(toBool(evaluate(part.condition, scope)) ? part.whenTrue : part.whenFalse, scope)
    case 'for':
      return entriesOf(evaluate(part.collection, scope))
        .map(([key, item]) => renderTemplate(part.body, withLoop(scope, part, key, item)))
        .join('')
  }
}

function entriesOf(collection: Value): (readonly [Value, Value])[] {
  if (isList(collection)) return collection.map((item, index) => [index, item])
  if (isMap(collection)) return [...collection].sort(([a], [b]) => (a < b ? -1 : 1))
  throw new ConversionError(`"for" needs a list or a map, not ${describeType(collection)}`)
}

function withLoop(
  scope: Scope,
  names: { readonly keyName: string | undefined; readonly valueName: string },
  key: Value,
  item: Value,
): Scope {
  scope.budget.spend(1)
  const locals = new Map<string, Value>([[names.valueName, item]])
  if (names.keyName !== undefined) locals.set(names.keyName, key)
  return withLocals(scope, locals)
}

/** A scope in which some names mean these values. */
export function withLocals(scope: Scope, locals: ReadonlyMap<string, Value>): Scope {
  return {
    ...scope,
    lookUp: (name) => {
      const local = locals.get(name)
      return local === undefined ? scope.lookUp(name) : value(local)
    },
  }
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
