import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { spawnPty } from '../../agent/pty-process.ts'
import { createChildProcessHost } from '../../lib/child-process-host.ts'
import { systemClock } from '../../lib/clock.ts'
import { createOpenSshClient, patienceMs, type OpenSshClient } from '../open-ssh.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, openTerminal } from '../workspace-actions.ts'

const withMessage = smallTemplate.replace(
  'resource "coder_agent" "main" {',
  'resource "coder_agent" "main" {\n  motd_file = "~/greeting"',
)
const greeting = 'Be kind.\nTests are below.\n'
const printed = 'Be kind.\r\nTests are below.\r\n'
const host = 'coder.main'

let home: string
let server: TestServer
let ssh: OpenSshClient
let openShell: (reconnect: string) => Promise<Awaited<ReturnType<typeof openTerminal>>>

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'outpost-motd-'))
  server = await startTestServer({
    processHost: createChildProcessHost({ environment: { ...process.env, HOME: home, SHELL: '/bin/sh' } }),
  })
  const token = await server.deployment.mintOwnerSession('Ada Lovelace')
  const client = server.client(token)
  const { agent } = await createRunningWorkspace(
    client,
    await createTemplate(client, 'kind', withMessage),
    'main',
  )
  writeFileSync(join(server.dataDir, 'workspaces', 'main', 'greeting'), greeting)
  ssh = await createOpenSshClient({ url: server.url, token })
  openShell = (reconnect) => openTerminal(client, agent.id, { reconnect })
})
afterAll(async () => {
  await ssh.close()
  await server.close()
  rmSync(home, { recursive: true })
})

/** What a login by `ssh` shows until its shell has ended. */
async function logIn(...args: readonly string[]): Promise<string> {
  const pty = await spawnPty(
    {
      file: 'ssh',
      args: [...ssh.configArguments, '-tt', host, ...args],
      cwd: ssh.folder,
      env: { PATH: process.env['PATH'] ?? '', HOME: ssh.folder },
      cols: 80,
      rows: 24,
    },
    systemClock,
  )
  let shown = ''
  pty.onData((bytes) => (shown += bytes.toString()))
  const ended = new Promise((resolve) => pty.onEnd(resolve))
  if (args.length === 0) pty.write('echo "the ""shell"; exit\r')
  await ended
  return shown
}

it('greets whoever logs in by SSH on a terminal, before the shell', async () => {
  const shown = await logIn()
  expect(shown).toContain(printed)
  expect(shown.indexOf(printed)).toBeLessThan(shown.indexOf('the shell'))
})

it('stays out of commands, with and without a terminal', async () => {
  expect(await logIn('echo done')).not.toContain('Be kind')
  expect((await ssh.run('ssh', [host, 'echo done'])).stdout.toString()).toBe('done\n')
})

it('greets in a terminal of the app once, and is in its history', async () => {
  const reconnect = randomUUID()
  const first = await openShell(reconnect)
  await waitFor('the greeting', () => (first.output().includes(printed) ? true : undefined), patienceMs)
  await first.close()
  const again = await openShell(reconnect)
  again.send({ data: 'echo "the ""shell"\r' })
  await waitFor(
    'the shell answers',
    () => (again.output().includes('the shell') ? true : undefined),
    patienceMs,
  )
  expect(again.output().split('Be kind.')).toHaveLength(2)
  again.send({ data: 'exit\r' })
  await again.closed
})

it('is quiet for who wants it quiet', async () => {
  writeFileSync(join(home, '.hushlogin'), '')
  const shown = await logIn()
  expect(shown).toContain('the shell')
  expect(shown).not.toContain('Be kind')
})
