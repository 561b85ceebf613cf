/**
 * Limits the lines of a function that are its own: lines of functions inside it count for those. ESLint's
 * `max-lines-per-function` counts them twice, which would forbid factory functions.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const functionSize = {
  meta: {
    type: 'suggestion',
    schema: [{ type: 'object', properties: { max: { type: 'integer' } }, additionalProperties: false }],
    messages: { long: 'This function has {{lines}} lines of its own ({{max}} allowed): name a part of it.' },
  },
  create: (context) => {
    const options = /** @type {readonly { max?: number }[]} */ (context.options)
    const max = options[0]?.max ?? 60
    /** @type {{ nested: number }[]} */
    const open = []
    const enter = () => void open.push({ nested: 0 })
    const leave = (/** @type {import('eslint').Rule.Node} */ node) => {
      const frame = open.pop()
      if (frame === undefined || !node.loc) return
      const total = node.loc.end.line - node.loc.start.line + 1
      const outer = open.at(-1)
      if (outer !== undefined && total > 1) outer.nested += total - 1
      const lines = total - frame.nested
      if (lines <= max) return
      context.report({ node, messageId: 'long', data: { lines: String(lines), max: String(max) } })
    }
    return {
      FunctionDeclaration: enter,
      FunctionExpression: enter,
      ArrowFunctionExpression: enter,
      'FunctionDeclaration:exit': leave,
      'FunctionExpression:exit': leave,
      'ArrowFunctionExpression:exit': leave,
    }
  },
}
