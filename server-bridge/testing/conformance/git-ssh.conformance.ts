import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { agentSideRoutes } from '../../contract/agent-runtime.ts'
import { gitSshKeyRoutes } from '../../contract/user-secrets.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { startGitHost, type GitHost } from '../git-host.ts'
import { createOpenSshClient, patienceMs, type OpenSshClient } from '../open-ssh.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'

const host = 'coder.main'
const noHostKeys = '-o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no -o LogLevel=ERROR'

let server: TestServer
let owner: CoderClient
let ssh: OpenSshClient
let git: GitHost
let repository: string
let publicKey: string
let workspaceId: string

beforeAll(async () => {
  server = await startTestServer()
  const token = await server.deployment.mintOwnerSession('Ada Lovelace')
  owner = server.client(token)
  const template = await createTemplate(owner, 'small')
  workspaceId = (await createRunningWorkspace(owner, template, 'main')).workspace.id
  ssh = await createOpenSshClient({ url: server.url, token })
  publicKey = (await owner.call(gitSshKeyRoutes.get, { params: { user: 'me' } })).public_key
  git = await startGitHost(() => publicKey)
  repository = mkdtempSync(join(tmpdir(), 'outpost-git-host-'))
  execFileSync('git', ['init', '--quiet', '--initial-branch', 'main', repository])
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com']
  execFileSync('git', ['-C', repository, ...identity, 'commit', '--quiet', '--allow-empty', '-m', 'First'])
})
afterAll(async () => {
  await ssh.close()
  await git.close()
  await server.close()
  rmSync(repository, { recursive: true })
})

const run = (command: string) => ssh.run('ssh', [host, command])
const lsRemote = () =>
  run(
    `GIT_SSH_COMMAND="$GIT_SSH_COMMAND ${noHostKeys}" git ls-remote ssh://git@127.0.0.1:${git.port}${repository}`,
  )
const folderOf = async () => /'(.*)'/.exec((await run('echo "$GIT_SSH_COMMAND"')).stdout.toString())![1]!

describe('git over SSH in a workspace', () => {
  it('signs in with the key of the workspace’s owner', async () => {
    const result = await lsRemote()
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout.toString()).toMatch(/^[0-9a-f]{40}\tHEAD$/m)
    expect(git.offered[0]).toBe(publicKey.split(' ')[1]!.trim())
  })

  it('uses the new key from the moment it is made', async () => {
    publicKey = (await owner.call(gitSshKeyRoutes.renew, { params: { user: 'me' } })).public_key
    expect((await lsRemote()).code).toBe(0)
  })

  it('leaves the private key neither on the disk nor in an environment, and the user’s own agent alone', async () => {
    const folder = dirname(await folderOf())
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(readdirSync(folder).sort()).toEqual(['agent', 'config'])
    expect(readFileSync(join(folder, 'config'), 'utf8')).not.toContain('KEY')
    const environment = (await run('env')).stdout.toString()
    expect(environment).not.toMatch(/PRIVATE KEY|SSH_AUTH_SOCK/)
  })

  it('offers the one key and lets nobody add or remove any', async () => {
    const socket = join(dirname(await folderOf()), 'agent')
    const add = (args: string) => run(`SSH_AUTH_SOCK='${socket}' ssh-add ${args}`)
    expect((await add('-L')).stdout.toString().split(' ')[1]?.trim()).toBe(publicKey.split(' ')[1]?.trim())
    expect((await add('-D')).code).not.toBe(0)
    expect((await add('-L')).code).toBe(0)
  })

  it('gives the key to nobody but an agent', async () => {
    const session =
      owner.socket(gitSshKeyRoutes.get, { params: { user: 'me' } }).headers['coder-session-token'] ?? ''
    const url = server.url + agentSideRoutes.gitSshKey.path
    const answer = await rawRequest(url, { method: 'GET', headers: { 'coder-session-token': session } })
    expect(answer.status).toBe(401)
    expect(answer.text).not.toContain('PRIVATE')
  })

  it('is not there where the template keeps user data from its agents', async () => {
    const text = smallTemplate.replace('arch ', 'api_key_scope = "no_user_data"\n  arch ')
    await createRunningWorkspace(owner, await createTemplate(owner, 'apart', text), 'apart')
    const result = await ssh.run('ssh', ['coder.apart', 'echo "<$GIT_SSH_COMMAND>"'])
    expect(result.stdout.toString()).toBe('<>\n')
  })

  it('leaves nothing behind when the workspace stops', async () => {
    const folder = dirname(await folderOf())
    await owner.call(workspaceBuildsRoutes.create, {
      params: { workspace: workspaceId },
      body: { transition: 'stop' },
    })
    await waitFor(
      'the folder is gone',
      () => (statSync(folder, { throwIfNoEntry: false }) === undefined ? true : undefined),
      patienceMs,
    )
  })
})
