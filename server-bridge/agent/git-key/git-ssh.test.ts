import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import ssh2 from 'ssh2'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLogger } from '../../lib/logger.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { GitSsh } from './git-ssh.ts'

const own = ssh2.utils.generateKeyPairSync('ed25519', { comment: 'of the deployment' })
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

async function start(
  options: { usersOwnAgent?: string; fetchKey?: () => Promise<never> } = {},
): Promise<(program: string, ...args: string[]) => Promise<string>> {
  const usersOwnAgent = 'usersOwnAgent' in options ? options.usersOwnAgent : usersSocket
  const fetchKey = () => Promise.resolve({ public_key: own.public, private_key: own.private })
  gitSsh = new GitSsh({
    place: { homeDir: folder, agentName: 'main' },
    logger: silentLogger,
    fetchKey,
    ...options,
    usersOwnAgent,
  })
  await gitSsh.start()
  const config = /-F '(.*)'$/.exec(gitSsh.command ?? '')?.[1] ?? ''
  const socket = /IdentityAgent "(.*)"/.exec(readFileSync(config, 'utf8'))?.[1] ?? ''
  const env = { ...process.env, SSH_AUTH_SOCK: socket }
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
