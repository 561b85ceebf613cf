import { createHash, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { spawnPty, type PtyProcess } from '../../agent/pty-process.ts'
import { systemClock } from '../../lib/clock.ts'
import { createOpenSshClient, patienceMs, type OpenSshClient } from '../open-ssh.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'

const host = 'coder.main'

let server: TestServer
let ssh: OpenSshClient
let shared: readonly string[]
let workspaceFolder: string

beforeAll(async () => {
  server = await startTestServer()
  const token = await server.deployment.mintOwnerSession('Ada Lovelace')
  const client = server.client(token)
  const template = await createTemplate(client, 'small')
  await createRunningWorkspace(client, template, 'main')
  workspaceFolder = join(server.dataDir, 'workspaces', 'main')
  ssh = await createOpenSshClient({ url: server.url, token })
  shared = await ssh.share(host)
})
afterAll(async () => {
  await ssh.close()
  await server.close()
})

const run = (command: string, input?: string | Buffer) => ssh.run('ssh', [...shared, host, command], input)
const outputOf = async (command: string, input?: string | Buffer) =>
  (await run(command, input)).stdout.toString()
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

describe('a command', () => {
  it('hands over its output, its errors and its status apart', async () => {
    const result = await run('echo out; echo err >&2; exit 42')
    expect(result).toMatchObject({ code: 42, stderr: 'err\n' })
    expect(result.stdout.toString()).toBe('out\n')
  })

  it('that is not there fails as in a shell', async () => {
    expect((await run('no-such-program-here')).code).toBe(127)
  })

  it('that dies of a signal ends with 255, as with Coder', async () => {
    expect((await run('kill -9 $$')).code).toBe(255)
    expect((await run('kill -TERM $$')).code).toBe(255)
  })

  it('starts in the workspace, with its environment and none of the server’s secrets', async () => {
    const output = await outputOf('pwd; echo "$CODER $CODER_WORKSPACE_NAME $GREETING $SSH_CONNECTION"')
    expect(output).toBe(`${workspaceFolder}\ntrue main hello 127.0.0.1 0 127.0.0.1 22\n`)
    expect(await outputOf('env')).not.toMatch(/SESSION_TOKEN|AGENT_TOKEN/)
  })

  it('reads its input to the end', async () => {
    expect(await outputOf('cat; echo done', 'one\ntwo\n')).toBe('one\ntwo\ndone\n')
    expect(await outputOf('head -n 1', `first\n${'x'.repeat(1_000_000)}`)).toBe('first\n')
  })

  it('takes and gives large amounts unchanged, both ways at once', async () => {
    const bytes = randomBytes(8 * 1024 * 1024)
    const result = await run('cat', bytes)
    expect(result.code).toBe(0)
    expect(sha256(result.stdout)).toBe(sha256(bytes))
  })

  it('gets what the client wants in its environment, but for what is ours or the loader’s', async () => {
    const set = [
      'SetEnv=LANG=C.UTF-8',
      'MY_NAME=v1',
      'CODER_SSH_SESSION_TYPE=vscode',
      'LD_LIBRARY_PATH=/nowhere',
      'CODER_WORKSPACE_NAME=other',
    ].join(' ')
    const command = 'echo "$LANG|$MY_NAME|$CODER_SSH_SESSION_TYPE|$LD_LIBRARY_PATH|$CODER_WORKSPACE_NAME"'
    const output = (await ssh.run('ssh', ['-o', set, host, command])).stdout.toString()
    expect(output).toBe('C.UTF-8|v1|||main\n')
  })

  it('that needs a container cannot be set up', async () => {
    const result = await ssh.run('ssh', ['-o', 'SetEnv=CODER_CONTAINER=box', host, 'true'])
    expect(result.code).toBe(229)
    expect(result.stderr).toContain('containers')
  })

  it('runs beside fifty others on one connection', async () => {
    const numbers = Array.from({ length: 50 }, (_, at) => at)
    const results = await Promise.all(
      numbers.map((number) => run(`head -c 100000 /dev/zero | wc -c; echo ${number}; exit ${number}`)),
    )
    expect(results.map((result) => result.code)).toEqual(numbers)
    expect(results.map((result) => result.stdout.toString())).toEqual(
      numbers.map((number) => `100000\n${number}\n`),
    )
  })

  it('lives on when its client leaves, without its pipes', async () => {
    const done = join(workspaceFolder, 'done-anyway')
    const child = ssh.start('ssh', [host, `echo up; until [ -e go ]; do sleep 0.05; done; touch ${done}`])
    await new Promise((resolve) => child.stdout!.once('data', resolve))
    child.kill()
    await new Promise((resolve) => child.once('close', resolve))
    writeFileSync(join(workspaceFolder, 'go'), '')
    await waitFor(
      'the command goes on',
      async () => ((await run(`test -e ${done}`)).code === 0 ? true : undefined),
      patienceMs,
    )
  })

  it('is held back by a client that reads slowly, and dies of its broken pipe when that leaves', async () => {
    const child = ssh.start('ssh', [host, 'echo $$; exec yes a-long-flood'])
    const pid = await new Promise<string>((resolve) =>
      child.stdout!.once('data', (chunk: Buffer) => resolve(chunk.toString().split('\n')[0]!)),
    )
    child.stdout!.pause()
    const [agent] = [...server.agentProcesses]
    const residentBytes = async (): Promise<number> =>
      Number(await outputOf(`ps -o rss= -p ${agent!.pid}`)) * 1024
    const before = await residentBytes()
    for (let round = 0; round < 3; round += 1) await outputOf('head -c 1000000 /dev/zero')
    expect((await residentBytes()) - before).toBeLessThan(64 * 1024 * 1024)
    child.kill()
    await waitFor(
      'the flood ends',
      async () => ((await run(`kill -0 ${pid}`)).code === 0 ? undefined : true),
      patienceMs,
    )
  })
})

describe('a terminal', () => {
  const open = async (
    command: string,
  ): Promise<{ pty: PtyProcess; shown: () => string; ended: Promise<number> }> => {
    const args = [...ssh.configArguments, ...shared, '-t', host, ...(command === '' ? [] : [command])]
    const env = { PATH: process.env['PATH'] ?? '', HOME: ssh.folder }
    const pty = await spawnPty(
      { file: 'ssh', args, cwd: ssh.folder, env, term: 'screen-256color', cols: 100, rows: 30 },
      systemClock,
    )
    let output = ''
    pty.onData((bytes) => (output += bytes.toString()))
    return { pty, shown: () => output, ended: new Promise((resolve) => pty.onEnd(resolve)) }
  }
  const shows = (terminal: { shown: () => string }, text: string): Promise<true> =>
    waitFor(
      `the terminal shows ${text}`,
      () => (terminal.shown().includes(text) ? true : undefined),
      patienceMs,
    )

  it('has the client’s kind and size, and follows it', async () => {
    const terminal = await open('')
    terminal.pty.write('stty size; echo "<$TERM>"\r')
    await shows(terminal, '30 100')
    await shows(terminal, '<screen-256color>')
    terminal.pty.resize({ cols: 120, rows: 40 })
    await waitFor(
      'the size arrives',
      () => {
        terminal.pty.write('stty size\r')
        return terminal.shown().includes('40 120') ? true : undefined
      },
      patienceMs,
    )
    terminal.pty.write('exit 7\r')
    expect(await terminal.ended).toBe(7)
  })

  it('passes control keys on', async () => {
    const terminal = await open(
      'trap "echo interrupted; exit 3" INT; echo ready; while :; do sleep 0.05; done',
    )
    await shows(terminal, 'ready')
    terminal.pty.write('\u0003')
    expect(await terminal.ended).toBe(3)
    expect(terminal.shown()).toContain('interrupted')
  })

  it('hangs up when its client is gone', async () => {
    const terminal = await open('echo "pid=$$;"; sleep 1000; echo')
    await shows(terminal, ';')
    const pid = /pid=(\d+);/.exec(terminal.shown())![1]!
    process.kill(terminal.pty.pid, 'SIGKILL')
    await terminal.ended
    await waitFor(
      'the shell ends',
      async () => ((await run(`kill -0 ${pid}`)).code === 0 ? undefined : true),
      patienceMs,
    )
  })

  it('gives all of a large output', async () => {
    const terminal = await open('seq 1 20000; exit 5')
    expect(await terminal.ended).toBe(5)
    expect(terminal.shown()).toContain('\n19999\r\n20000\r\n')
  })
})

describe('a connection', () => {
  it('offers nothing weak', async () => {
    const asks = async (option: string): Promise<string> =>
      (await ssh.run('ssh', ['-o', option, '-o', 'LogLevel=INFO', host, 'true'])).stderr
    expect(await asks('Ciphers=aes128-cbc')).toContain('no matching cipher')
    expect(await asks('KexAlgorithms=diffie-hellman-group14-sha1')).toContain('no matching key exchange')
    expect(await asks('HostKeyAlgorithms=rsa-sha2-512')).toContain('no matching host key type')
  })

  it('survives new keys in the middle of a transfer', async () => {
    const bytes = randomBytes(4 * 1024 * 1024)
    const result = await ssh.run('ssh', ['-o', 'RekeyLimit=1M', host, 'cat'], bytes)
    expect(result.code).toBe(0)
    expect(sha256(result.stdout)).toBe(sha256(bytes))
  })

  it('knows no subsystem but sftp', async () => {
    expect((await ssh.run('ssh', [...shared, '-s', host, 'netconf'])).code).toBe(1)
  })

  it('has the same host key after a rebuild of the workspace’s agent', async () => {
    const known = join(ssh.folder, 'known')
    const options = ['-o', `UserKnownHostsFile=${known}`, '-o', 'StrictHostKeyChecking=accept-new']
    expect((await ssh.run('ssh', [...options, host, 'true'])).code).toBe(0)
    const [agent] = [...server.agentProcesses]
    process.kill(agent!.pid!, 'SIGKILL')
    const strict = ['-o', `UserKnownHostsFile=${known}`, '-o', 'StrictHostKeyChecking=yes']
    await waitFor(
      'the next agent is known',
      async () => ((await ssh.run('ssh', [...strict, host, 'true'])).code === 0 ? true : undefined),
      patienceMs,
    )
  })
})
