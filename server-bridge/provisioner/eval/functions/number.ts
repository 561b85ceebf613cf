import type { TemplateFunction } from '../evaluate.ts'
import { ConversionError, toList, toNumber, toText, type Value } from '../value.ts'
import { argument, expectCount } from './arguments.ts'

function ofNumber(run: (number: number) => number): TemplateFunction {
  return (args) => {
    expectCount(args, 1)
    return run(toNumber(argument(args, 0)))
  }
}

function ofNumbers(run: (numbers: readonly number[]) => number): TemplateFunction {
  return (args) => {
    expectCount(args, 1, Number.POSITIVE_INFINITY)
    return run(args.map(toNumber))
  }
}

const parseInteger: TemplateFunction = (args) => {
  expectCount(args, 2)
  const [text, base] = [toText(argument(args, 0)), toNumber(argument(args, 1))]
  const digits = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, base)
  const isNumber = base >= 2 && base <= 36 && new RegExp(`^-?[${digits}]+$`, 'i').test(text)
  if (!isNumber) throw new ConversionError('the text is not a whole number of that base')
  return Number.parseInt(text, base)
}

const range: TemplateFunction = (args, budget) => {
  expectCount(args, 1, 3)
  const numbers = args.map(toNumber)
  const [start = 0, limit = 0] = numbers.length === 1 ? [0, ...numbers] : numbers
  const step = numbers[2] ?? (limit < start ? -1 : 1)
  if (step === 0) throw new ConversionError('the step must not be 0')
  const count = Math.max(0, Math.ceil((limit - start) / step))
  if (count > 1024) throw new ConversionError('makes more than 1024 numbers, which is not allowed')
  budget.spend(count)
  return Array.from({ length: count }, (_, index) => start + index * step)
}

/** A running total that stays a number. */
function finite(value: number): Value {
  if (!Number.isFinite(value)) throw new ConversionError('the result is not a number that can be written')
  return value
}

export const numberFunctions: Readonly<Record<string, TemplateFunction>> = {
  abs: ofNumber(Math.abs),
  ceil: ofNumber(Math.ceil),
  floor: ofNumber(Math.floor),
  log: (args) => {
    expectCount(args, 2)
    return finite(Math.log(toNumber(argument(args, 0))) / Math.log(toNumber(argument(args, 1))))
  },
  max: ofNumbers((numbers) => Math.max(...numbers)),
  min: ofNumbers((numbers) => Math.min(...numbers)),
  parseint: parseInteger,
  pow: (args) => {
    expectCount(args, 2)
    return finite(toNumber(argument(args, 0)) ** toNumber(argument(args, 1)))
  },
  range,
  signum: ofNumber(Math.sign),
  sum: (args) => {
    expectCount(args, 1)
    return finite(toList(argument(args, 0)).reduce<number>((total, item) => total + toNumber(item), 0))
  },
}
