/**
 * `npm test`: everything a change must pass. `tsx scripts/test.ts [PART…] [FILTER…]` runs some of it, for example
 * `npm run test:unit -- server-bridge/lib`.
 */
import { runScript } from './script-failure.ts'
import { PARTS } from './test-parts/parts.ts'
import { runParts } from './test-parts/run-parts.ts'
import { selectParts } from './test-parts/select-parts.ts'

await runScript(async () => {
  const total = await runParts(selectParts(process.argv.slice(2), PARTS), console.log)
  return total.failed > 0 ? 1 : 0
})
