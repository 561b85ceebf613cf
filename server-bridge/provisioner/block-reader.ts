import { evaluate, withLocals, type Scope } from './eval/evaluate.ts'
import { ConversionError, isList, isMap, quote, toBool, toNumber, toText, type Value } from './eval/value.ts'
import type { Block, Body } from './hcl/ast.ts'
import { TemplateError, type SourcePosition } from './template-error.ts'

/** Arguments and blocks Terraform itself reads on every resource. */
const metaArguments = ['count', 'for_each', 'depends_on', 'provider']
const metaBlocks = ['lifecycle', 'timeouts']

/**
 * Reads the arguments of one block as what they have to be. It notes what was asked for, so that `finish` can point
 * at an argument nobody knows, most often a misspelt one.
 */
export class BlockReader {
  readonly title: string
  readonly at: SourcePosition
  readonly #body: Body
  readonly #scope: Scope
  readonly #askedArguments = new Set(metaArguments)
  readonly #askedBlocks = new Set(metaBlocks)

  constructor(title: string, at: SourcePosition, body: Body, scope: Scope) {
    this.title = title
    this.at = at
    this.#body = body
    this.#scope = scope
  }

  /** The value of an argument, null when it is absent or null. */
  value(name: string): Value {
    this.#askedArguments.add(name)
    const attribute = this.#body.attributes.get(name)
    return attribute === undefined ? null : evaluate(attribute.expression, this.#scope)
  }

  has(name: string): boolean {
    return this.value(name) !== null
  }

  text(name: string, fallback = ''): string {
    return this.#convert(name, toText) ?? fallback
  }

  requiredText(name: string): string {
    const text = this.#convert(name, toText)
    if (text === undefined) throw new TemplateError(`${this.title} needs the argument "${name}".`, this.at)
    return text
  }

  bool(name: string, fallback: boolean): boolean {
    return this.#convert(name, toBool) ?? fallback
  }

  integer(name: string): number | undefined {
    return this.#convert(name, (value) => {
      const number = toNumber(value)
      if (!Number.isSafeInteger(number)) throw new ConversionError('a whole number is needed here')
      return number
    })
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[], fallback: T): T {
    const text = this.#convert(name, toText)
    if (text === undefined) return fallback
    const found = allowed.find((candidate) => candidate === text)
    if (found === undefined) {
      throw this.error(
        name,
        `${quote(text)} is not possible here. There are ${allowed.map(quote).join(', ')}.`,
      )
    }
    return found
  }

  textMap(name: string): Record<string, string> {
    const value = this.value(name)
    if (value === null) return {}
    if (!isMap(value)) throw this.error(name, 'A map is needed here.')
    // Without a prototype: the names come from the template.
    const result = Object.create(null) as Record<string, string>
    for (const [key, item] of value) {
      if (item !== null) result[key] = this.#convertValue(name, item, toText)
    }
    return result
  }

  /** The nested blocks of a type, with those a `dynamic` block makes. */
  blocks(type: string, max = Number.POSITIVE_INFINITY): BlockReader[] {
    this.#askedBlocks.add(type)
    const readers = this.#body.blocks.flatMap((block) => {
      if (block.type === type) return [this.#nested(type, block.at, block.body, this.#scope)]
      if (block.type === 'dynamic' && block.labels[0] === type) return this.#expandDynamic(type, block)
      return []
    })
    const extra = readers[max]
    if (extra !== undefined)
      throw new TemplateError(`${this.title} may have only ${max} "${type}" block.`, extra.at)
    return readers
  }

  /** @throws {TemplateError} at the first argument or block that nothing asked for. */
  finish(): void {
    if (this.#body.isChecked === true) return
    this.#checkPreconditions()
    for (const attribute of this.#body.attributes.values()) {
      if (!this.#askedArguments.has(attribute.name)) {
        throw new TemplateError(`${this.title} has no argument "${attribute.name}".`, attribute.at)
      }
    }
    for (const block of this.#body.blocks) {
      const type = block.type === 'dynamic' ? block.labels[0] : block.type
      if (type === undefined || !this.#askedBlocks.has(type)) {
        throw new TemplateError(`${this.title} has no block "${type ?? ''}".`, block.at)
      }
    }
  }

  /** What the template itself demands in `lifecycle { precondition { … } }`. */
  #checkPreconditions(): void {
    for (const lifecycle of this.#body.blocks.filter(({ type }) => type === 'lifecycle')) {
      for (const { type, at, body } of lifecycle.body.blocks) {
        if (type !== 'precondition') continue
        const rule = this.#nested(type, at, body, this.#scope)
        if (!rule.bool('condition', false)) {
          throw new TemplateError(`${this.title}: ${rule.requiredText('error_message')}`, at)
        }
      }
    }
  }

  /** An error at the place of an argument. */
  error(name: string, message: string): TemplateError {
    return new TemplateError(`${this.title}, argument "${name}": ${message}`, this.position(name))
  }

  /** Where an argument stands, else where the block does. */
  position(name: string): SourcePosition {
    return this.#body.attributes.get(name)?.at ?? this.at
  }

  #nested(type: string, at: SourcePosition, body: Body, scope: Scope): BlockReader {
    return new BlockReader(`${this.title}, block "${type}"`, at, body, scope)
  }

  #expandDynamic(type: string, block: Block): BlockReader[] {
    const content = block.body.blocks.find((candidate) => candidate.type === 'content')
    const forEach = block.body.attributes.get('for_each')
    if (content === undefined || forEach === undefined) {
      throw new TemplateError(
        'A dynamic block needs the argument "for_each" and the block "content".',
        block.at,
      )
    }
    const iterator = block.body.attributes.get('iterator')?.expression
    const name = iterator?.kind === 'variable' ? iterator.name : type
    const items = evaluate(forEach.expression, this.#scope)
    const entries = isMap(items)
      ? [...items]
      : isList(items)
        ? items.map((item, index) => [index, item] as const)
        : undefined
    if (entries === undefined) throw new TemplateError('A list or a map is needed here.', forEach.at)
    return entries.map(([key, item]) => {
      const each = new Map<string, Value>([
        ['key', key],
        ['value', item],
      ])
      return this.#nested(type, content.at, content.body, withLocals(this.#scope, new Map([[name, each]])))
    })
  }

  #convert<T>(name: string, convert: (value: Value) => T): T | undefined {
    const value = this.value(name)
    return value === null ? undefined : this.#convertValue(name, value, convert)
  }

  #convertValue<T>(name: string, value: Value, convert: (value: Value) => T): T {
    try {
      return convert(value)
    } catch (error) {
      if (error instanceof ConversionError) throw this.error(name, `${error.message}.`)
      throw error
    }
  }
}
