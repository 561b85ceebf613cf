import type { BinaryOperator } from '../hcl/ast.ts'
import { ConversionError, isEqual, toBool, toNumber, type Value } from './value.ts'

export function applyUnary(operator: '-' | '!', operand: Value): Value {
  return operator === '!' ? !toBool(operand) : -toNumber(operand)
}

/** The right side is evaluated on demand: `&&` and `||` may not need it. */
export function applyBinary(operator: BinaryOperator, left: Value, right: () => Value): Value {
  switch (operator) {
    case '&&':
      return toBool(left) && toBool(right())
    case '||':
      return toBool(left) || toBool(right())
    case '==':
      return isEqual(left, right())
    case '!=':
      return !isEqual(left, right())
    case '<':
      return toNumber(left) < toNumber(right())
    case '<=':
      return toNumber(left) <= toNumber(right())
    case '>':
      return toNumber(left) > toNumber(right())
    case '>=':
      return toNumber(left) >= toNumber(right())
    default:
      return calculate(operator, toNumber(left), toNumber(right()))
  }
}

function calculate(operator: '+' | '-' | '*' | '/' | '%', left: number, right: number): number {
  if ((operator === '/' || operator === '%') && right === 0) throw new ConversionError('division by zero')
  const result = {
    '+': left + right,
    '-': left - right,
    '*': left * right,
    '/': left / right,
    '%': left % right,
  }[operator]
  if (!Number.isFinite(result)) throw new ConversionError('the number is too large')
  return result
}
