import type { Body, Expression, TemplatePart } from '../hcl/ast.ts'
import type { SourcePosition } from '../template-error.ts'
import { functionNames } from './functions.ts'

export interface UnknownCall {
  readonly name: string
  readonly at: SourcePosition
}

/** Calls of functions that do not exist here, wherever in a file they stand. */
export function findUnknownCalls(body: Body): UnknownCall[] {
  const found: UnknownCall[] = []
  // Without recursion: a chain of a thousand operators is as deep as it is long.
  const open = expressionsOfBody(body)
  for (let expression = open.pop(); expression !== undefined; expression = open.pop()) {
    if (expression.kind === 'call' && !functionNames.has(expression.name)) {
      found.push({ name: expression.name, at: expression.at })
    }
    open.push(...childrenOf(expression))
  }
  return found.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column)
}

function expressionsOfBody(body: Body, leftOut?: string): Expression[] {
  return [
    ...[...body.attributes.values()]
      .filter(({ name }) => name !== leftOut)
      .map(({ expression }) => expression),
    // `type = list(string)` looks like a call and is none.
    ...body.blocks.flatMap((block) =>
      expressionsOfBody(block.body, block.type === 'variable' ? 'type' : undefined),
    ),
  ]
}

function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'literal':
    case 'variable':
    case 'splat-item':
      return []
    case 'template':
      return expression.parts.flatMap(expressionsOf)
    case 'attribute':
      return [expression.target]
    case 'index':
      return [expression.target, expression.key]
    case 'splat':
      return [expression.target, expression.each]
    case 'unary':
      return [expression.operand]
    case 'binary':
      return [expression.left, expression.right]
    case 'conditional':
      return [expression.condition, expression.whenTrue, expression.whenFalse]
    case 'call':
      return expression.args
    case 'tuple':
      return expression.items
    case 'object':
      return expression.items.flatMap(({ key, value }) => [key, value])
    case 'for': {
      const { collection, key, value, condition } = expression
      return [collection, key, value, condition].filter((part) => part !== undefined)
    }
  }
}

function expressionsOf(part: TemplatePart): readonly Expression[] {
  switch (part.kind) {
    case 'text':
      return []
    case 'interpolation':
      return [part.expression]
    case 'if':
      return [
        part.condition,
        ...part.whenTrue.flatMap(expressionsOf),
        ...part.whenFalse.flatMap(expressionsOf),
      ]
    case 'for':
      return [part.collection, ...part.body.flatMap(expressionsOf)]
  }
}
