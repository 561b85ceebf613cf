/**
 * Makes an ESLint rule out of selectors, so that each ban has its own name (to switch off in the one file that may)
 * and a message that says what to use instead. `no-restricted-syntax` has neither.
 *
 * @param {string} message what to do instead
 * @param {string[]} selectors what the rule reports
 * @returns {import('eslint').Rule.RuleModule}
 */
export function selectorRule(message, selectors) {
  return {
    meta: { type: 'problem', schema: [], messages: { use: message } },
    create: (context) => ({
      [selectors.join(', ')]: (/** @type {import('eslint').Rule.Node} */ node) => {
        context.report({ node, messageId: 'use' })
      },
    }),
  }
}
