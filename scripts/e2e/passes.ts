/** Which journeys run as whom. */

/** One run of Playwright. */
export interface Pass {
  readonly name: string
  /** Run as the throw-away ordinary user, with the real sandbox. */
  readonly asOrdinaryUser: boolean
  readonly playwrightArguments: readonly string[]
}

/** Root runs everything without the sandbox, then @user and @both as an ordinary user; anyone else runs everything at once. */
export function planPasses(isRootOnLinux: boolean, args: readonly string[]): readonly Pass[] {
  if (!isRootOnLinux) return [{ name: 'journeys', asOrdinaryUser: false, playwrightArguments: args }]
  return [
    { name: 'journeys', asOrdinaryUser: false, playwrightArguments: ['--grep-invert', '@user', ...args] },
    { name: 'sandbox', asOrdinaryUser: true, playwrightArguments: ['--grep', '@user|@both', ...args] },
  ]
}
