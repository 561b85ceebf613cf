/** Why there is no usable command line of the deployment. `code` is for choosing an action; `message` is a sentence. */
export type CliProblemCode =
  /** It could not be had; trying again may help. */
  | 'network'
  /** The deployment offers none for this computer. */
  | 'not_offered'
  /** What came is no program. */
  | 'not_a_program'
  /** There is no signature to check. */
  | 'unsigned'
  /** The signature says it is not Coder's. */
  | 'bad_signature'
  /** It cannot be run, or its version cannot be had. */
  | 'unusable'
  | 'aborted'

export class CliProblem extends Error {
  override readonly name = 'CliProblem'
  readonly code: CliProblemCode

  constructor(code: CliProblemCode, message: string, options: ErrorOptions = {}) {
    super(message, options)
    this.code = code
  }
}
