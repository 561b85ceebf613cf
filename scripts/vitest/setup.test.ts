import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../run-command.ts'
import { toolArguments } from '../test-parts/tools.ts'

/** Runs some of the bad files in a vitest of its own and one process, as `npm test` would. */
async function runFixture(...names: readonly string[]): Promise<{ code: number | null; output: string }> {
  const config = fileURLToPath(new URL('fixtures/vitest.config.ts', import.meta.url))
  const { VITEST: _vitest, VITEST_WORKER_ID: _worker, ...env } = process.env
  const { code, stdout, stderr } = await runCommand(
    process.execPath,
    toolArguments('vitest', ['run', `--config=${config}`, ...names.map((name) => `${name}.test.ts`)]),
    { env: { ...env, NO_COLOR: '1' } },
  )
  return { code, output: stdout + stderr }
}

describe('every test file is held to', () => {
  it.each([
    ['leaks-timer', 'leaves open: a timer started at'],
    ['leaks-server', 'leaves open: 1 TCPServerWrap'],
    ['warns', 'console.warn was called: each child in a list needs a key'],
    ['rejects', 'nobody looks at this'],
  ])('%s fails: %s', { timeout: 60_000 }, async (name, says) => {
    const { code, output } = await runFixture(name)
    expect(output).toContain(says)
    expect(code).toBe(1)
  })

  it('a tidy file passes', { timeout: 60_000 }, async () => {
    const { code, output } = await runFixture('tidy')
    expect(output).toContain('1 passed')
    expect(code).toBe(0)
  })

  it('a file is not blamed for what another one left before it', { timeout: 60_000 }, async () => {
    const { code, output } = await runFixture('leaks-timer', 'leaks-server', 'warns', 'tidy')
    expect(output).toContain('3 failed | 1 passed')
    expect(output.match(/leaves open: (?:a timer|1 TCP)/g)).toHaveLength(2)
    expect(code).toBe(1)
  })

  it('what files say before their tests is shown, of all in a process', { timeout: 60_000 }, async () => {
    const { output } = await runFixture('says-early-one', 'says-early-two')
    expect(output).toContain('said by one')
    expect(output).toContain('said by two')
  })
})
