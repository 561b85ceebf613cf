/** The calls a test may make to the console, by method. Shared by the setup file and by tests through `expectConsole`. */
export type ConsoleMethod = 'error' | 'warn'

interface ConsoleCall {
  readonly method: ConsoleMethod
  readonly text: string
}

const calls: ConsoleCall[] = []
const expected: { method: ConsoleMethod; pattern: RegExp }[] = []

/** Says that the running test makes the code under test complain on the console; not complaining then fails it. */
export function expectConsole(method: ConsoleMethod, pattern: RegExp): void {
  expected.push({ method, pattern })
}

/** Notes a call; the setup file puts this in place of the real console method. */
export function recordConsoleCall(method: ConsoleMethod, args: readonly unknown[]): void {
  const text = args.map((arg) => (arg instanceof Error ? (arg.stack ?? arg.message) : String(arg))).join(' ')
  calls.push({ method, text })
}

/** Empties the record and answers what did not go as expected, one sentence each. */
export function takeConsoleFindings(): string[] {
  const made = calls.splice(0)
  const wanted = expected.splice(0)
  const fits = (call: ConsoleCall, want: (typeof wanted)[number]): boolean =>
    call.method === want.method && want.pattern.test(call.text)
  return [
    ...made
      .filter((call) => !wanted.some((want) => fits(call, want)))
      .map((call) => `console.${call.method} was called: ${call.text}`),
    ...wanted
      .filter((want) => !made.some((call) => fits(call, want)))
      .map((want) => `console.${want.method} was expected to be called with ${String(want.pattern)}`),
  ]
}
