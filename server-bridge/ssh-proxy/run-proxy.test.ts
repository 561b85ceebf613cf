import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFakeClock } from '../testing/fake-clock.ts'
import { sendJson, startStubServer, type StubServer } from '../testing/stub-server.ts'
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

describe('--print-config', () => {
  let server: StubServer
  beforeEach(async () => {
    server = await startStubServer({
      onRequest: (_, response) => sendJson(response, 200, { ssh_config_options: {} }),
    })
    writeFileSync(join(folder, 'url'), server.url)
    writeFileSync(join(folder, 'session'), 'secret-token', { mode: 0o600 })
  })
  afterEach(() => server.close())

  const commands = ({ output }: { readonly output: string }) =>
    [...output.matchAll(/^ {2}ProxyCommand (.*)$/gm)].map(([, command]) => command)
  const ends = ['--ssh-host-prefix coder. %h', '--hostname-suffix coder %h']

  test('names the folder so that it is found from every other one', async () => {
    const printed = await run(['--global-config', relative(process.cwd(), folder), '--print-config'])
    const flags = `--url ${server.url} --global-config ${folder}`
    expect(commands(printed)).toEqual(ends.map((end) => `ssh-proxy ${flags} ${end}`))
    expect(printed.output).not.toContain('secret-token')
  })

  test('keeps an address that was given beside the folder', async () => {
    writeFileSync(join(folder, 'url'), 'http://127.0.0.1:1')
    const printed = await run(['--url', server.url, '--global-config', folder, '--print-config'])
    expect(printed).toMatchObject({ status: 0, said: '' })
    expect(commands(printed)[0]).toContain(`--url ${server.url} --global-config ${folder} `)
  })

  test('without a folder leaves the token to the environment', async () => {
    const printed = await run(['--url', server.url, '--print-config'], {
      CODER_SESSION_TOKEN: 'secret-token',
    })
    expect(commands(printed)).toEqual(ends.map((end) => `ssh-proxy --url ${server.url} ${end}`))
    expect(printed.output).not.toContain('secret-token')
  })
})

describe('words of a deployment', () => {
  const hostile =
    '\u001b]52;c;cHduZWQ=\u0007\u001b]0;title\u0007\u009b31mNo\u001b[2J\r\nWarning\u202e: gone\u0008'
  let server: StubServer
  afterEach(() => server.close())

  const goThere = () =>
    run(['coder.dev', '--url', server.url, '--ssh-host-prefix', 'coder.'], {
      CODER_SESSION_TOKEN: 'secret-token',
    })

  test('reach the terminal as plain text, on one line', async () => {
    server = await startStubServer({
      onRequest: (_, response) => sendJson(response, 403, { message: hostile }),
    })
    expect(await goThere()).toEqual({ status: 1, said: 'No Warning: gone\n', output: '' })
  })
})

test('an argument cannot steer the terminal either', async () => {
  const { status, said } = await run(['--\u001b]0;title\u0007x', 'dev'])
  expect(status).toBe(2)
  expect(said).not.toContain('\u001b')
  expect(said).toContain('Usage:')
})
