/** `npm run check [-- NAME…]`: types, lint, layers, unused code, format and the checks of the repository. */
import { ScriptFailure, runScript } from './script-failure.ts'
import { CHECK_NAMES, runChecks } from './test-parts/check-steps.ts'
import { summaryLine } from './test-parts/outcome.ts'

await runScript(async () => {
  const names = process.argv.slice(2)
  const unknown = names.filter((name) => !CHECK_NAMES.includes(name))
  if (unknown.length > 0)
    throw new ScriptFailure(
      `There is no check "${unknown.join('", "')}". There are: ${CHECK_NAMES.join(', ')}`,
    )
  const outcome = await runChecks(names)
  if (outcome.failed > 0) console.log(`\nFailed: ${outcome.failures.join(', ')}`)
  console.log(summaryLine(outcome))
  return outcome.failed > 0 ? 1 : 0
})
