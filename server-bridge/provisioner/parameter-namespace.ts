import type { ParameterDefinition } from './blocks/parameter.ts'
import type { BuildContext } from './build-context.ts'
import type { Namespace } from './eval/evaluate.ts'
import { fromJson, type Value } from './eval/value.ts'
import { UnknownValueError } from './unknown-value.ts'

/** What a value of a type is in an import while nobody has given one. */
const emptyValues: Readonly<Record<string, string>> = { number: '0', bool: 'false', 'list(string)': '[]' }

/** The value somebody gave a parameter, if any: names come from outside and may be those of `Object.prototype`. */
export function givenValue(context: Pick<BuildContext, 'parameterValues'>, name: string): string | undefined {
  return Object.hasOwn(context.parameterValues, name) ? context.parameterValues[name] : undefined
}

/**
 * `data.coder_parameter.<name>` as expressions see it. Its attributes are looked into one by one: a parameter without
 * a value still has a name.
 *
 * @param read Reads the block; asked only when an attribute is.
 */
export function parameterNamespace(
  address: string,
  read: () => ParameterDefinition,
  context: BuildContext,
): Namespace {
  const fixed = (): ReadonlyMap<string, Value> => {
    const { wire, order, unknown } = read()
    return fromJson({
      ...wire,
      id: address,
      order,
      optional: !wire.required,
      default: wire.required || unknown.has('default') ? null : wire.default_value,
    }) as ReadonlyMap<string, Value>
  }
  return {
    namespace: true,
    describe: address,
    attribute(name) {
      if (name === 'value') return { namespace: false, value: parameterValue(read(), context) }
      const found = fixed().get(name)
      return found === undefined ? undefined : { namespace: false, value: found }
    },
    toValue: () => new Map([...fixed(), ['value', parameterValue(read(), context)]]),
  }
}

/** Always text, whatever the type. @throws {UnknownValueError} in a preview, where there is none. */
function parameterValue({ wire, unknown }: ParameterDefinition, context: BuildContext): string {
  const given = givenValue(context, wire.name)
  if (given !== undefined) return given
  if (unknown.has('default')) throw new UnknownValueError(wire.name)
  if (!wire.required) return wire.default_value
  if (context.isPreview === true) throw new UnknownValueError(wire.name)
  return emptyValues[wire.type] ?? ''
}
