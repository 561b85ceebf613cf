import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import ssh2 from 'ssh2'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AgentGitSSHKey } from '../../contract/agent-runtime.ts'
import { silentLogger } from '../../lib/logger.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { GitSsh } from './git-ssh.ts'
import { createMessageReader } from './ssh-agent-protocol.ts'

const own = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'of the deployment' })
const ownKey = { public_key: own.public, private_key: own.private }
let folder: string
let usersAgent: ChildProcess
let usersSocket: string
let usersKey: string
let gitSsh: GitSsh | undefined

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-git-ssh-'))
  usersSocket = join(folder, 'users')
  usersAgent = spawn('ssh-agent', ['-D', '-a', usersSocket], { stdio: 'ignore' })
  await waitFor('the user’s agent listens', () => existsSync(usersSocket) || undefined)
  const file = join(folder, 'key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'of the user', '-f', file])
  execFileSync('ssh-add', ['-q', file], {
    env: { ...process.env, SSH_AUTH_SOCK: usersSocket },
    stdio: 'ignore',
  })
  usersKey = readFileSync(`${file}.pub`, 'utf8')
  rmSync(file)
})
afterEach(async () => {
  await gitSsh?.close()
  usersAgent.kill()
  if (usersAgent.exitCode === null && usersAgent.signalCode === null) await once(usersAgent, 'exit')
  rmSync(folder, { recursive: true })
})

async function startSocket(
  options: { usersOwnAgent?: string | undefined; fetchKey?: () => Promise<AgentGitSSHKey> } = {},
): Promise<string> {
  const usersOwnAgent = 'usersOwnAgent' in options ? options.usersOwnAgent : usersSocket
  const fetchKey = () => Promise.resolve(ownKey)
  gitSsh = new GitSsh({
    place: { homeDir: folder, agentName: 'main' },
    logger: silentLogger,
    fetchKey,
    ...options,
    usersOwnAgent,
  })
  await gitSsh.start()
  const config = /-F '(.*)'$/.exec(gitSsh.command ?? '')?.[1] ?? ''
  return /IdentityAgent "(.*)"/.exec(readFileSync(config, 'utf8'))?.[1] ?? ''
}

async function start(
  options: Parameters<typeof startSocket>[0] = {},
): Promise<(program: string, ...args: string[]) => Promise<string>> {
  const env = { ...process.env, SSH_AUTH_SOCK: await startSocket(options) }
  return async (program, ...args) => (await promisify(execFile)(program, args, { env })).stdout
}

const names = (listed: string): string[] =>
  listed
    .trim()
    .split('\n')
    .map((line) => line.split(' ').slice(2).join(' '))

test('offers the deployment’s key first, then those of the user’s own agent', async () => {
  const run = await start()
  expect(names(await run('ssh-add', '-L'))).toEqual(['of the deployment', 'of the user'])
})

test('signs with both, though neither lies on the disk', async () => {
  const run = await start()
  for (const key of [`${own.public}\n`, usersKey]) {
    const file = join(folder, 'public')
    execFileSync('sh', ['-c', 'printf %s "$1" > "$2"', 'sh', key, file])
    await expect(run('ssh-add', '-T', file)).resolves.toBe('')
  }
})

test('without an agent of the user’s offers its one key', async () => {
  const run = await start({ usersOwnAgent: join(folder, 'gone') })
  expect(names(await run('ssh-add', '-L'))).toEqual(['of the deployment'])
})

test('offers the user’s keys while the deployment cannot be reached', async () => {
  const run = await start({ fetchKey: () => Promise.reject(new Error('The deployment is away.')) })
  expect(names(await run('ssh-add', '-L'))).toEqual(['of the user'])
})

test('lets nobody add a key or take one away', async () => {
  const run = await start()
  await expect(run('ssh-add', '-D')).rejects.toThrow(/ssh-add/)
  expect(names(await run('ssh-add', '-L'))).toHaveLength(2)
})

/** The shortest question, for the keys there are: its length and its type. */
const question = Buffer.from([0, 0, 0, 1, 11])

test('answers one question at a time, in order, and none of a client that has left', async () => {
  const fetches: (() => void)[] = []
  const fetchKey = () => new Promise<AgentGitSSHKey>((resolve) => fetches.push(() => resolve(ownKey)))
  const socket = await startSocket({ usersOwnAgent: undefined, fetchKey })
  const client = connect(socket)
  let answers = 0
  const reader = createMessageReader()
  client.on('data', (bytes: Buffer) => (answers += reader.push(bytes).length))
  client.write(Buffer.concat(Array.from({ length: 1_000 }, () => question)))
  for (let round = 1; round <= 3; round += 1) {
    await waitFor('a question is asked', () => fetches.length === round || undefined)
    fetches[round - 1]!()
    await waitFor('it is answered', () => answers === round || undefined)
  }
  await waitFor('the fourth one is asked', () => fetches.length === 4 || undefined)
  client.destroy()
  await once(client, 'close')
  // What another client is answered comes after the end of this one was seen.
  const other = connect(socket)
  other.write(question)
  await waitFor('the other one asks', () => fetches.length === 5 || undefined)
  for (const answer of fetches.slice(3)) answer()
  await once(other, 'data')
  await gitSsh?.close()
  expect(fetches).toHaveLength(5)
  other.destroy()
})

test('serves a limited number of clients, and others again when one leaves', async () => {
  const path = await startSocket()
  const clients = Array.from({ length: 64 }, () => connect(path))
  await Promise.all(clients.map((client) => once(client, 'connect')))
  const beyond = connect(path)
  await once(beyond, 'close')
  clients[0]!.destroy()
  await waitFor('there is room again', async () => {
    const next = connect(path)
    next.on('error', () => undefined)
    next.write(question)
    const isAnswered = await Promise.race([
      once(next, 'data').then(() => true),
      once(next, 'close').then(() => undefined),
    ])
    next.destroy()
    return isAnswered
  })
  for (const client of clients) client.destroy()
})
