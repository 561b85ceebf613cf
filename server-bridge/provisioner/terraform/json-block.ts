import { BlockReader } from '../block-reader.ts'
import { Budget } from '../eval/budget.ts'
import type { Scope } from '../eval/evaluate.ts'
import type { Attribute, Block, Body, Expression } from '../hcl/ast.ts'
import type { SourcePosition } from '../template-error.ts'

/** Blocks inside of the coder provider's resources; everything else that is a list is an argument. */
const nestedBlocks = new Set([
  'display_apps',
  'healthcheck',
  'item',
  'metadata',
  'option',
  'prebuilds',
  'resources_monitoring',
  'validation',
])

/** Values from Terraform have no place in a file. */
const nowhere: SourcePosition = { file: 'terraform', line: 1, column: 1 }

/** Reads what Terraform made of a block, by the rules for the block itself. */
export function jsonBlockReader(address: string, values: Readonly<Record<string, unknown>>): BlockReader {
  const scope: Scope = { budget: new Budget(), functions: new Map(), lookUp: () => undefined }
  return new BlockReader(address, nowhere, toBody(values), scope)
}

/** A resource's values as the block they came from. */
export function toBlock(labels: readonly string[], values: Readonly<Record<string, unknown>>): Block {
  return { type: 'resource', labels, body: toBody(values), at: nowhere }
}

function toBody(values: Readonly<Record<string, unknown>>): Body {
  const attributes = new Map<string, Attribute>()
  const blocks: Block[] = []
  for (const [name, value] of Object.entries(values)) {
    if (nestedBlocks.has(name) && Array.isArray(value)) {
      for (const item of value) {
        if (isRecord(item)) blocks.push({ type: name, labels: [], body: toBody(item), at: nowhere })
      }
    } else {
      attributes.set(name, { name, expression: toExpression(value), at: nowhere })
    }
  }
  return { isChecked: true, attributes, blocks }
}

function toExpression(value: unknown): Expression {
  if (Array.isArray(value)) return { kind: 'tuple', items: value.map(toExpression), at: nowhere }
  if (isRecord(value)) {
    const items = Object.entries(value).map(([key, item]) => ({
      key: toExpression(key),
      value: toExpression(item),
    }))
    return { kind: 'object', items, at: nowhere }
  }
  const isLiteral = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return { kind: 'literal', value: isLiteral ? value : null, at: nowhere }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
