import { BlockReader } from './block-reader.ts'
import { evaluate, withLocals, type LookUp, type Namespace, type Scope } from './eval/evaluate.ts'
import { ConversionError, isList, isMap, toNumber, toText, type Value } from './eval/value.ts'
import { TemplateError } from './template-error.ts'
import type { TypedBlock } from './template-module.ts'

/** More of one block than anybody means. */
const maxInstances = 256

/** One thing that a block stands for: with `count` and `for_each` there are several, or none. */
export interface Instance {
  /** Its place in the template's language, such as `coder_agent.main[0]`. */
  readonly address: string
  readonly key: number | string | undefined
  readonly reader: BlockReader
}

/** The instances of a block. */
export function expandInstances(typed: TypedBlock, prefix: string, scope: Scope): Instance[] {
  const { attributes } = typed.block.body
  const base = `${prefix}${typed.type}.${typed.name}`
  const count = attributes.get('count')
  const forEach = attributes.get('for_each')
  if (count !== undefined && forEach !== undefined) {
    throw new TemplateError('A block has either "count" or "for_each".', forEach.at)
  }
  if (count !== undefined) {
    const number = readCount(evaluate(count.expression, scope), count.at)
    return Array.from({ length: number }, (_, index) =>
      instance(typed, `${base}[${index}]`, index, withCount(scope, index)),
    )
  }
  if (forEach !== undefined) {
    return readForEach(evaluate(forEach.expression, scope), forEach.at).map(([key, value]) =>
      instance(typed, `${base}[${JSON.stringify(key)}]`, key, withEach(scope, key, value)),
    )
  }
  return [instance(typed, base, undefined, scope)]
}

/**
 * What an expression sees of a block: one instance, or a list or map of them. `describe` gives the attributes of one;
 * they are only evaluated when they are asked for.
 */
export function instancesNamespace(
  typed: TypedBlock,
  instances: readonly Instance[],
  describe: (instance: Instance) => Namespace,
): Namespace {
  const { attributes } = typed.block.body
  const title = `${typed.type}.${typed.name}`
  const [only] = instances
  if (only !== undefined && only.key === undefined) return describe(only)
  const isCounted = attributes.has('count')
  const find = (key: Value): LookUp | undefined => {
    const wanted = isCounted && typeof key === 'string' ? Number(key) : key
    const found = instances.find((candidate) => candidate.key === wanted)
    return found === undefined ? undefined : describe(found)
  }
  const valueOf = (one: Instance): Value => describe(one).toValue?.() ?? null
  return {
    namespace: true,
    describe: title,
    attribute: () => undefined,
    element: find,
    toValue: () =>
      isCounted ? instances.map(valueOf) : new Map(instances.map((one) => [String(one.key), valueOf(one)])),
  }
}

function instance(typed: TypedBlock, address: string, key: Instance['key'], scope: Scope): Instance {
  return { address, key, reader: new BlockReader(address, typed.block.at, typed.block.body, scope) }
}

function readCount(value: Value, at: TypedBlock['block']['at']): number {
  let count: number
  try {
    count = toNumber(value)
  } catch (error) {
    if (error instanceof ConversionError) throw new TemplateError('"count" has to be a number.', at)
    throw error
  }
  if (!Number.isInteger(count) || count < 0 || count > maxInstances) {
    throw new TemplateError(`"count" has to be a whole number from 0 to ${maxInstances}.`, at)
  }
  return count
}

function readForEach(value: Value, at: TypedBlock['block']['at']): (readonly [string, Value])[] {
  const entries = isMap(value)
    ? [...value].sort(([a], [b]) => (a < b ? -1 : 1))
    : isList(value) && value.every((item) => typeof item === 'string')
      ? value.map((item) => [toText(item), item] as const)
      : undefined
  if (entries === undefined || entries.length > maxInstances) {
    throw new TemplateError(
      `"for_each" has to be a map or a set of texts with at most ${maxInstances} entries.`,
      at,
    )
  }
  return entries
}

function withCount(scope: Scope, index: number): Scope {
  return withLocals(scope, new Map([['count', new Map([['index', index]])]]))
}

function withEach(scope: Scope, key: string, value: Value): Scope {
  const each = new Map<string, Value>([
    ['key', key],
    ['value', value],
  ])
  return withLocals(scope, new Map([['each', each]]))
}
