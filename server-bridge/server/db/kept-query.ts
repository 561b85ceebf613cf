import type { Compilable } from 'kysely'

/** A value to bind, or columns with theirs. */
type Given = string | number | null | object

/** Stands for a value while a query is put together. */
class Slot {
  private readonly at: number
  private readonly column: string | undefined
  constructor(at: number, column?: string) {
    this.at = at
    this.column = column
  }
  of(given: readonly Given[]): unknown {
    const value = given[this.at]
    return this.column === undefined ? value : (value as Record<string, unknown>)[this.column]
  }
  /** Whoever looks at it would decide for all values there will ever be. */
  [Symbol.toPrimitive](): never {
    throw new Error('A kept query can only bind what it is given.')
  }
}

/** Columns that are not given are left out, as Kysely does it. */
const columnsOf = (given: object): string[] =>
  Object.entries(given).flatMap(([column, value]) => (value === undefined ? [] : [column]))
const shapeOf = (given: readonly Given[]): string =>
  given.map((one) => (typeof one === 'object' && one !== null ? columnsOf(one).join() : '')).join(' ')
const slotFor = (one: Given, at: number): Given =>
  typeof one === 'object' && one !== null
    ? Object.fromEntries(columnsOf(one).map((column) => [column, new Slot(at, column)]))
    : new Slot(at)

/**
 * A query that is put together once, for each set of columns that it is given: Kysely takes longer for that than SQLite for the
 * answer to most. `build` gets something that stands for the values, so it can bind them and nothing else; one that depends on
 * a value (`is null`, a list) is not for here.
 */
export function keptQuery<Args extends readonly Given[], T>(
  build: (...args: Args) => Compilable<T>,
): (...args: Args) => Compilable<T> {
  const known = new Map<string, ReturnType<Compilable<T>['compile']>>()
  return (...args) => ({
    compile() {
      const shape = shapeOf(args)
      const query = known.get(shape) ?? build(...(args.map(slotFor) as unknown as Args)).compile()
      known.set(shape, query)
      const parameters = query.parameters.map((value) => (value instanceof Slot ? value.of(args) : value))
      return { ...query, parameters }
    },
  })
}
