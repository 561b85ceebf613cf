import { ProcedureError } from '../../lib/procedure-error.ts'
import type { RefineFailure } from './connection.ts'

/** A deployment's refusal by its status, in its own words; `words` are ours where those say less. */
export function refusedAs(
  codes: Readonly<Record<number, string>>,
  words: Readonly<Record<string, string>> = { unsupported: 'This deployment cannot do that yet.' },
): RefineFailure {
  return (error) => {
    const code = codes[error.status]
    if (code === undefined) return undefined
    return new ProcedureError(code, words[code] ?? error.message, { cause: error })
  }
}
