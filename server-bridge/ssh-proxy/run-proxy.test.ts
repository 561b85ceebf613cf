import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeClock } from '../testing/fake-clock.ts'
import { runSshProxy } from './run-proxy.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-proxy-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

async function run(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ status: number; said: string; output: string }> {
  let said = ''
  const output = new PassThrough()
  const status = await runSshProxy({
    argv,
    environment,
    input: new PassThrough(),
    output,
    report: (line) => (said += `${line}\n`),
    clock: createFakeClock(),
    ownCommand: ['ssh-proxy'],
  })
  return { status, said, output: String(output.read() ?? '') }
}

test('says what is wrong with its arguments, and nothing on standard output', async () => {
  for (const argv of [
    [],
    ['a', 'b'],
    ['--token', 'secret', 'dev'],
    ['--wait', 'maybe', 'dev'],
    ['x', '--print-config'],
  ]) {
    const result = await run(argv)
    expect(result.status).toBe(2)
    expect(result.said).toContain('Usage:')
    expect(result.output).toBe('')
  }
  expect((await run(['--help'])).status).toBe(0)
})

test('says which of its settings is missing', async () => {
  expect(await run(['dev'])).toMatchObject({ status: 1, said: expect.stringContaining('--url') as string })
  expect(await run(['dev', '--url', 'http://127.0.0.1:1'])).toMatchObject({
    status: 1,
    said: expect.stringContaining('CODER_SESSION_TOKEN') as string,
  })
})

test('takes no token from a file that others can read', async () => {
  writeFileSync(join(folder, 'url'), 'http://127.0.0.1:1\n')
  writeFileSync(join(folder, 'session'), 'secret-token', { mode: 0o644 })
  const result = await run(['dev', '--global-config', folder])
  expect(result.status).toBe(1)
  expect(result.said).toContain('chmod 600')
  expect(result.said).not.toContain('secret-token')
})
