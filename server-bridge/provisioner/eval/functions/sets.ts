import type { Budget } from '../budget.ts'
import type { TemplateFunction } from '../evaluate.ts'
import { ConversionError, isEqual, toList, toMap, toNumber, toText, type Value } from '../value.ts'
import { argument, expectCount } from './arguments.ts'

const many = Number.POSITIVE_INFINITY

/** Terraform's sets have no order of their own; texts are shown sorted, so they are kept so. */
export function toSet(items: readonly Value[], budget: Budget): Value[] {
  const kept: Value[] = []
  for (const item of items) {
    if (!has(kept, item, budget)) kept.push(item)
  }
  return kept.every((item) => typeof item === 'string') ? kept.sort() : kept
}

function has(items: readonly Value[], wanted: Value, budget: Budget): boolean {
  budget.spend(items.length + 1)
  return items.some((item) => isEqual(item, wanted))
}

/** Of two sets or more. */
function ofSets(
  combine: (left: readonly Value[], right: readonly Value[], budget: Budget) => readonly Value[],
): TemplateFunction {
  return (args, budget) => {
    expectCount(args, 1, many)
    const [first = [], ...others] = args.map(toList)
    return toSet(
      others.reduce((left, right) => combine(left, right, budget), first),
      budget,
    )
  }
}

const setProduct: TemplateFunction = (args, budget) => {
  expectCount(args, 2, many)
  return args.map(toList).reduce<Value[][]>(
    (rows, list) => {
      budget.spend(rows.length * list.length * args.length)
      return rows.flatMap((row) => list.map((item) => [...row, item]))
    },
    [[]],
  )
}

const chunkList: TemplateFunction = (args, budget) => {
  expectCount(args, 2)
  const [list, size] = [toList(argument(args, 0)), toNumber(argument(args, 1))]
  if (!Number.isInteger(size) || size < 0)
    throw new ConversionError('the size has to be a whole number from 0')
  budget.spend(list.length)
  if (size === 0) return list.length === 0 ? [] : [list]
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  )
}

/** The values whose key is among those searched for. */
const matchKeys: TemplateFunction = (args, budget) => {
  expectCount(args, 3)
  const [values, keys, wanted] = [
    toList(argument(args, 0)),
    toList(argument(args, 1)),
    toList(argument(args, 2)),
  ]
  if (values.length !== keys.length) throw new ConversionError('there are not as many values as keys')
  return values.filter((_, index) => has(wanted, keys[index] ?? null, budget))
}

/** A map of lists of texts, turned around. */
const transpose: TemplateFunction = (args, budget) => {
  expectCount(args, 1)
  const turned = new Map<string, string[]>()
  for (const [key, list] of [...toMap(argument(args, 0))].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const item of toList(list).map(toText)) {
      budget.spend(1)
      const known = turned.get(item)
      if (known === undefined) turned.set(item, [key])
      else known.push(key)
    }
  }
  return new Map([...turned].sort(([a], [b]) => (a < b ? -1 : 1)))
}

export const setFunctions: Readonly<Record<string, TemplateFunction>> = {
  chunklist: chunkList,
  matchkeys: matchKeys,
  setintersection: ofSets((left, right, budget) => left.filter((item) => has(right, item, budget))),
  setproduct: setProduct,
  setsubtract: (args, budget) => {
    expectCount(args, 2)
    const [left, right] = [toList(argument(args, 0)), toList(argument(args, 1))]
    return toSet(
      left.filter((item) => !has(right, item, budget)),
      budget,
    )
  },
  setunion: ofSets((left, right) => [...left, ...right]),
  transpose,
}
