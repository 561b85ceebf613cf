import type { Check } from './check.ts'
import { readFiles, type SourceFile } from './source-files.ts'

const DIRECTIVE = /(?:^|\s)\/[/*]\s*eslint-disable(?:-next-line|-line)?(?<rest>.*)$/

function faultOf(rest: string): string | undefined {
  const [rules = '', reason = ''] = rest.replace(/\*\/\s*$/, '').split(/\s--\s/)
  if (rules.trim() === '')
    return 'name the rules: a bare eslint-disable hides findings that nobody has seen yet'
  if (reason.trim() === '') return 'say why: `eslint-disable-next-line RULE -- reason`'
  return undefined
}

/**
 * Finds lint rules that are switched off for everything, or without a reason. This is no ESLint rule, because a bare
 * `eslint-disable` would switch off that one too.
 */
export function findSilentSwitches(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => {
      const rest = DIRECTIVE.exec(line)?.groups?.['rest']
      const fault = rest === undefined ? undefined : faultOf(rest)
      return fault === undefined ? [] : [`${path}:${index + 1}: ${fault}`]
    }),
  )
}

/** A rule is switched off by name, in one place and for a reason. */
export const lintSwitches: Check = {
  name: 'lint switches',
  find: async (repository) => findSilentSwitches(await readFiles(repository, /\.(tsx?|js)$/)),
}
