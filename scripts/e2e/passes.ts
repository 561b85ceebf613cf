/** Which journeys run as whom. */

/** One run of Playwright. */
export interface Pass {
  readonly name: string
  /** Run as the throw-away ordinary user, with the real sandbox. */
  readonly asOrdinaryUser: boolean
  readonly playwrightArguments: readonly string[]
}

/**
 * Root runs everything but @user without the sandbox, then @user and @both as an ordinary user. Anyone else runs
 * everything at once, in the sandbox.
 */
export function planPasses(isRootOnLinux: boolean, args: readonly string[]): readonly Pass[] {
  if (!isRootOnLinux) return [{ name: 'journeys', asOrdinaryUser: false, playwrightArguments: args }]
  const { grep, rest } = takeGrep(args)
  const asked = grep === undefined ? [] : ['--grep', grep]
  // Playwright knows one --grep only, so both conditions have to be in it.
  const tagged = grep === undefined ? '@user|@both' : `(?=.*(?:@user|@both))(?=.*(?:${grep}))`
  return [
    {
      name: 'journeys',
      asOrdinaryUser: false,
      playwrightArguments: ['--grep-invert', '@user', ...asked, ...rest],
    },
    { name: 'sandbox', asOrdinaryUser: true, playwrightArguments: ['--grep', tagged, ...rest] },
  ]
}

/** Splits off `--grep PATTERN`, `--grep=PATTERN` or `-g PATTERN`. */
function takeGrep(args: readonly string[]): { grep: string | undefined; rest: readonly string[] } {
  const index = args.findIndex((argument) => argument === '--grep' || argument === '-g')
  if (index >= 0) return { grep: args[index + 1], rest: [...args.slice(0, index), ...args.slice(index + 2)] }
  const joined = args.find((argument) => argument.startsWith('--grep='))
  return {
    grep: joined?.slice('--grep='.length),
    rest: args.filter((argument) => argument !== joined),
  }
}
