const DIRECTIVE = /^\s*eslint-disable(?:-next-line|-line)?(?<rest>[\s\S]*)$/

/**
 * Asks every `eslint-disable` for the rules it switches off and the reason, after `--`.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const disableNeedsReason = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      reason: 'Say why: `eslint-disable-next-line RULE -- reason`.',
      rule: 'Name the rules: a bare eslint-disable hides findings that nobody has seen yet.',
    },
  },
  create: (context) => ({
    Program: () => {
      for (const comment of context.sourceCode.getAllComments()) {
        const rest = DIRECTIVE.exec(comment.value)?.groups?.['rest']
        if (rest === undefined || !comment.loc) continue
        const [rules = '', ...reason] = rest.split(/\s--\s/)
        if (rules.trim() === '') context.report({ loc: comment.loc, messageId: 'rule' })
        if (reason.join(' ').trim() === '') context.report({ loc: comment.loc, messageId: 'reason' })
      }
    },
  }),
}
