/** What a script throws when a person has to do something; printed without a stack. */
export class ScriptFailure extends Error {
  override readonly name = 'ScriptFailure'
}

/** Runs a script's main function: a {@link ScriptFailure} becomes its sentence, anything else keeps its stack. */
export async function runScript(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main()
  } catch (error) {
    console.error(error instanceof ScriptFailure ? error.message : error)
    process.exitCode = 1
  }
}
