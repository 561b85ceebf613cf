import type { Budget } from '../budget.ts'
import type { TemplateFunction } from '../evaluate.ts'
import {
  charactersOf,
  ConversionError,
  isEqual,
  isList,
  isMap,
  quote,
  toBool,
  toList,
  toMap,
  toNumber,
  toText,
  type Value,
} from '../value.ts'
import { argument, expectCount } from './arguments.ts'
import { toSet } from './sets.ts'

const many = Number.POSITIVE_INFINITY

/** Keys in order, as every map of Terraform is gone through. */
function sortedKeys(map: ReadonlyMap<string, Value>): string[] {
  return [...map.keys()].sort()
}

function distinct(items: readonly Value[], budget: Budget): Value[] {
  const kept: Value[] = []
  for (const item of items) {
    budget.spend(kept.length + 1)
    if (!kept.some((other) => isEqual(other, item))) kept.push(item)
  }
  return kept
}

function flatten(items: readonly Value[], budget: Budget): Value[] {
  budget.spend(items.length + 1)
  return budget.nested(() => items.flatMap((item) => (isList(item) ? flatten(item, budget) : [item])))
}

const lookup: TemplateFunction = (args) => {
  expectCount(args, 2, 3)
  const key = toText(argument(args, 1))
  const found = toMap(argument(args, 0)).get(key)
  if (found !== undefined) return found
  if (args.length === 3) return argument(args, 2)
  throw new ConversionError(`there is no ${quote(key)} in the map, and no default was given`)
}

/** Counts around: element([a, b], 2) is a. */
const element: TemplateFunction = (args) => {
  expectCount(args, 2)
  const list = toList(argument(args, 0))
  const index = toNumber(argument(args, 1))
  if (list.length === 0) throw new ConversionError('the list is empty')
  return list[((index % list.length) + list.length) % list.length] ?? null
}

const length: TemplateFunction = (args) => {
  expectCount(args, 1)
  const value = argument(args, 0)
  if (isList(value)) return value.length
  if (isMap(value)) return value.size
  return charactersOf(toText(value)).length
}

const contains: TemplateFunction = (args, budget) => {
  expectCount(args, 2)
  const list = toList(argument(args, 0))
  budget.spend(list.length)
  return list.some((item) => isEqual(item, argument(args, 1)))
}

const coalesce: TemplateFunction = (args) => {
  const found = args.find((value) => value !== null && value !== '')
  if (found === undefined) throw new ConversionError('no argument has a value')
  return found
}

const coalesceList: TemplateFunction = (args) => {
  const found = args.find((value) => isList(value) && value.length > 0)
  if (found === undefined) throw new ConversionError('every list is empty')
  return found
}

const concat: TemplateFunction = (args, budget) => {
  expectCount(args, 1, many)
  const lists = args.map(toList)
  budget.spend(lists.reduce((total, list) => total + list.length, 0))
  return lists.flat()
}

const merge: TemplateFunction = (args, budget) => {
  const maps = args.filter((value) => value !== null).map(toMap)
  budget.spend(maps.reduce((total, map) => total + map.size, 0))
  return new Map(maps.flatMap((map) => [...map]))
}

const one: TemplateFunction = (args) => {
  expectCount(args, 1)
  const list = toList(argument(args, 0))
  if (list.length > 1) throw new ConversionError('the list has more than one element')
  return list[0] ?? null
}

const slice: TemplateFunction = (args) => {
  expectCount(args, 3)
  const list = toList(argument(args, 0))
  const [start, end] = [toNumber(argument(args, 1)), toNumber(argument(args, 2))]
  if (start < 0 || end > list.length || start > end)
    throw new ConversionError('the range lies outside the list')
  return list.slice(start, end)
}

const index: TemplateFunction = (args) => {
  expectCount(args, 2)
  const found = toList(argument(args, 0)).findIndex((item) => isEqual(item, argument(args, 1)))
  if (found === -1) throw new ConversionError('the list does not contain the value')
  return found
}

const zipmap: TemplateFunction = (args) => {
  expectCount(args, 2)
  const [keys, values] = [toList(argument(args, 0)), toList(argument(args, 1))]
  if (keys.length !== values.length) throw new ConversionError('there are not as many values as keys')
  return new Map(keys.map((key, position) => [toText(key), values[position] ?? null]))
}

function ofList(run: (list: readonly Value[], budget: Budget) => Value): TemplateFunction {
  return (args, budget) => {
    expectCount(args, 1)
    const list = toList(argument(args, 0))
    budget.spend(list.length)
    return run(list, budget)
  }
}

const reverse = ofList((list) => [...list].reverse())

export const collectionFunctions: Readonly<Record<string, TemplateFunction>> = {
  alltrue: ofList((list) => list.every(toBool)),
  anytrue: ofList((list) => list.some(toBool)),
  coalesce,
  coalescelist: coalesceList,
  compact: ofList((list) => list.filter((item) => item !== null && item !== '')),
  concat,
  contains,
  distinct: ofList(distinct),
  element,
  flatten: ofList(flatten),
  index,
  keys: (args) => {
    expectCount(args, 1)
    return sortedKeys(toMap(argument(args, 0)))
  },
  length,
  lookup,
  merge,
  one,
  reverse,
  slice,
  sort: ofList((list) => list.map(toText).sort()),
  values: (args) => {
    expectCount(args, 1)
    const map = toMap(argument(args, 0))
    return sortedKeys(map).map((key) => map.get(key) ?? null)
  },
  zipmap,

  // Conversions.
  tobool: (args) => {
    expectCount(args, 1)
    return argument(args, 0) === null ? null : toBool(argument(args, 0))
  },
  tonumber: (args) => {
    expectCount(args, 1)
    return argument(args, 0) === null ? null : toNumber(argument(args, 0))
  },
  tostring: (args) => {
    expectCount(args, 1)
    return argument(args, 0) === null ? null : toText(argument(args, 0))
  },
  tolist: ofList((list) => list),
  toset: ofList(toSet),
  tomap: (args) => {
    expectCount(args, 1)
    return toMap(argument(args, 0))
  },
  // Marks that only hide values in Terraform's own output.
  nonsensitive: (args) => {
    expectCount(args, 1)
    return argument(args, 0)
  },
  sensitive: (args) => {
    expectCount(args, 1)
    return argument(args, 0)
  },
}
