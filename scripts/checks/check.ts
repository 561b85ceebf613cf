/** One question about the repository, asked by `npm run check`. */
export interface Check {
  readonly name: string
  /** What is wrong, a sentence a finding; nothing means the check passed. */
  readonly find: (repository: string) => Promise<readonly string[]>
  /** What is worth knowing but fails nothing. */
  readonly warn?: (repository: string) => Promise<readonly string[]>
}
