/**
 * `npm run test:soak -- [NAME…]`: the long suites at full length, one after the other. A suite is a file
 * `server-bridge/testing/soak/NAME.soak.ts`; `npm test` runs a short, seeded cut of each.
 */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from './run-command.ts'
import { ScriptFailure, runScript } from './script-failure.ts'
import { single, sum, summaryLine } from './test-parts/outcome.ts'
import { REPOSITORY, toolArguments } from './test-parts/tools.ts'

const FOLDER = 'server-bridge/testing/soak'
const SUFFIX = '.soak.ts'
const LONGEST_MS = 2 * 60 * 60_000

async function listSuites(): Promise<string[]> {
  const folder = join(REPOSITORY, FOLDER)
  if (!existsSync(folder)) return []
  const files = await readdir(folder)
  return files
    .filter((file) => file.endsWith(SUFFIX))
    .map((file) => file.slice(0, -SUFFIX.length))
    .sort()
}

async function runSuite(name: string): Promise<boolean> {
  console.log(`\n── ${name} ──`)
  const { code } = await runCommand(
    process.execPath,
    toolArguments('vitest', [
      'run',
      '--config=scripts/vitest/vitest.config.ts',
      '--project=soak',
      '--reporter=verbose',
      `${FOLDER}/${name}${SUFFIX}`,
    ]),
    { cwd: REPOSITORY, output: 'inherit', env: { ...process.env, SOAK: 'full' }, timeoutMs: LONGEST_MS },
  )
  return code === 0
}

await runScript(async () => {
  const suites = await listSuites()
  const names = process.argv.slice(2)
  if (names.length === 0) {
    if (suites.length === 0) console.log('There are no long suites yet.')
    else
      console.log(
        `Usage: npm run test:soak -- all | NAME…\n\nLong suites:\n${suites.map((s) => `  ${s}`).join('\n')}`,
      )
    return 0
  }
  const unknown = names.filter((name) => name !== 'all' && !suites.includes(name))
  if (unknown.length > 0)
    throw new ScriptFailure(
      `There is no long suite "${unknown.join('", "')}". There are: ${suites.join(', ') || 'none'}`,
    )
  const outcomes = []
  for (const name of names.includes('all') ? suites : names) outcomes.push(single(await runSuite(name), name))
  const total = sum(outcomes)
  if (total.failed > 0) console.log(`\nFailed: ${total.failures.join(', ')}`)
  console.log(`\n${summaryLine(total)}`)
  return total.failed > 0 ? 1 : 0
})
