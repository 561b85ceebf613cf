import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import ssh2, { type Client, type ClientChannel, type ConnectConfig } from 'ssh2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { CoderClient } from '../../client/coder-client.ts'
import { buildInfoRoutes } from '../../contract/build-info.ts'
import { hasFeature } from '../../contract/features.ts'
import { workspaceSshRoutes } from '../../contract/workspace-ssh.ts'
import type { Template } from '../../contract/templates.ts'
import { openWebSocketTransport } from '../../transport/websocket.ts'
import { patienceMs } from '../open-ssh.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, runBuild, waitForAgent } from '../workspace-actions.ts'

let server: TestServer
let token: string
let client: CoderClient
let template: Template
let workspaceId: string
let agentId: string
const clients: Client[] = []
const ended = new Set<Client>()

beforeAll(async () => {
  server = await startTestServer()
  token = await server.deployment.mintOwnerSession('Ada Lovelace')
  client = server.client(token)
  template = await createTemplate(client, 'small')
  const { workspace, agent } = await createRunningWorkspace(client, template, 'main')
  workspaceId = workspace.id
  agentId = agent.id
})
afterAll(async () => {
  await Promise.all(clients.map(end))
  await server.close()
})

const transport = (id = agentId, asks: () => string | Promise<string> = () => token) =>
  openWebSocketTransport({ baseUrl: server.url, agentId: id, token: asks })

async function end(connection: Client): Promise<void> {
  if (ended.has(connection)) return
  const closed = once(connection, 'close')
  connection.end()
  await closed
}

/** A signed-in client of the library the app's own connections will run on. */
async function connect(): Promise<Client> {
  const connection = new ssh2.Client()
  clients.push(connection)
  connection.on('close', () => ended.add(connection))
  const ready = once(connection, 'ready')
  const sock = (await transport()) as unknown as NonNullable<ConnectConfig['sock']>
  connection.connect({ sock, username: 'anybody' })
  await ready
  // The end of the workspace may come as a reset.
  connection.on('error', () => undefined)
  return connection
}

function exec(connection: Client, command: string): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    connection.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)))
  })
}

/** The library's own call is silent after the end of the input, though the protocol has no such rule. */
function signalAfterEof(channel: ClientChannel, name: string): void {
  const { _client, outgoing } = channel as unknown as {
    _client: { _protocol: { signal(channel: number, name: string): void } }
    outgoing: { id: number }
  }
  _client._protocol.signal(outgoing.id, name)
}

async function read(channel: ClientChannel): Promise<{ output: string; code: number | null }> {
  let output = ''
  channel.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(channel, 'close')) as [number | null]
  return { output, code }
}

describe('a connection over the transport', () => {
  it('is announced as a feature', async () => {
    expect(hasFeature(await client.call(buildInfoRoutes.get, {}), 'agent-ssh')).toBe(true)
  })

  it('runs commands', async () => {
    const connection = await connect()
    expect(await read(await exec(connection, 'echo hi; exit 4'))).toEqual({ output: 'hi\n', code: 4 })
  })

  it('passes signals on, also after the end of the input', async () => {
    const connection = await connect()
    const channel = await exec(
      connection,
      'trap "echo got-usr1; exit 6" USR1; echo up; while :; do sleep 0.05; done',
    )
    await once(channel, 'data')
    const result = read(channel)
    channel.eof()
    signalAfterEof(channel, 'USR1')
    expect(await result).toEqual({ output: 'got-usr1\n', code: 6 })
    const killed = await exec(connection, 'echo up; sleep 1000')
    await once(killed, 'data')
    killed.signal('KILL')
    expect((await read(killed)).code).toBe(255)
  })

  it('hands over files by SFTP', async () => {
    const connection = await connect()
    const sftp = await new Promise<ssh2.SFTPWrapper>((resolve, reject) => {
      connection.sftp((error, opened) => (error ? reject(error) : resolve(opened)))
    })
    const bytes = randomBytes(1_000_000)
    await new Promise<void>((resolve, reject) => {
      sftp.writeFile('by-library', bytes, (error) => (error ? reject(error) : resolve()))
    })
    const back = await new Promise<Buffer>((resolve, reject) => {
      sftp.readFile('by-library', (error, data) => (error ? reject(error) : resolve(data)))
    })
    expect(back.equals(bytes)).toBe(true)
    // The library has the arguments the other way round than OpenSSH.
    await new Promise<void>((resolve, reject) => {
      sftp.symlink('by-library', 'a-link', (error) => (error ? reject(error) : resolve()))
    })
    const target = await new Promise<string>((resolve, reject) => {
      sftp.readlink('a-link', (error, path) => (error ? reject(error) : resolve(path)))
    })
    expect(target).toBe('by-library')
    const real = await new Promise<string>((resolve, reject) => {
      sftp.realpath('.', (error, path) => (error ? reject(error) : resolve(path)))
    })
    expect(real).toBe(join(server.dataDir, 'workspaces', 'main'))
    await expect(
      new Promise<void>((resolve, reject) => {
        sftp.stat('not-there', (error) => (error ? reject(error) : resolve()))
      }),
    ).rejects.toMatchObject({ code: 2 })
  })

  it('does not forward the client’s keys', async () => {
    const connection = await connect()
    expect((await read(await exec(connection, 'echo "<$SSH_AUTH_SOCK>"'))).output).toBe('<>\n')
  })
})

describe('the way to a workspace', () => {
  it('is closed to whoever is not signed in', async () => {
    await expect(transport(agentId, () => 'wrong')).rejects.toMatchObject({ code: 'signed_out' })
  })

  it('is not there for other people and for unknown agents', async () => {
    const other = await server.memberClient('grace')
    const { headers } = other.socket(workspaceSshRoutes.connect, { params: { workspaceagent: agentId } })
    const otherToken = headers['Coder-Session-Token']!
    await expect(transport(agentId, () => otherToken)).rejects.toMatchObject({ code: 'not_found' })
    await expect(transport(randomUUID())).rejects.toMatchObject({ code: 'not_found' })
    await expect(transport('no-uuid')).rejects.toMatchObject({ code: 'refused' })
  })

  it('is given up when the caller wants it', async () => {
    const given = new AbortController()
    given.abort()
    await expect(
      openWebSocketTransport({ baseUrl: server.url, agentId, token: () => token, signal: given.signal }),
    ).rejects.toMatchObject({ code: 'aborted' })
  })

  it('tells when nothing answers', async () => {
    await expect(
      openWebSocketTransport({ baseUrl: 'http://127.0.0.1:1', agentId, token: () => token }),
    ).rejects.toMatchObject({ code: 'network' })
  })

  it('tells that a workspace is stopped, and that an agent is not connected', async () => {
    const { workspace, agent } = await createRunningWorkspace(client, template, 'other')
    await runBuild(client, workspace.id, 'stop')
    await expect(transport(agent.id)).rejects.toMatchObject({ code: 'stopped' })
    await runBuild(client, workspace.id, 'delete')
  })

  it('takes binary frames only', async () => {
    const target = client.socket(workspaceSshRoutes.connect, { params: { workspaceagent: agentId } })
    const socket = new WebSocket(target.url, { headers: target.headers })
    await once(socket, 'open')
    const closed = once(socket, 'close')
    socket.send('text')
    await closed
    expect(socket.readyState).toBe(WebSocket.CLOSED)
  })

  it('ends in the middle of a transfer when the agent is lost, and opens again with the next one', async () => {
    const connection = await connect()
    const channel = await exec(connection, 'cat /dev/zero')
    await once(channel, 'data')
    const ended = new Promise<void>((resolve) => {
      connection.once('close', () => resolve())
    })
    channel.resume()
    const [agent] = [...server.agentProcesses]
    process.kill(agent!.pid!, 'SIGKILL')
    await ended
    await waitFor(
      'the agent is missed',
      () => (server.agentProcesses.has(agent!) ? undefined : true),
      patienceMs,
    )
    await waitForAgent(client, workspaceId)
    const next = await connect()
    expect((await read(await exec(next, 'echo again'))).output).toBe('again\n')
  })

  it('leaves nothing behind when the workspace stops', async () => {
    const connection = await connect()
    const channel = await exec(connection, 'echo $$; exec sleep 1000')
    const [pid] = (await once(channel, 'data')) as [Buffer]
    channel.resume()
    await runBuild(client, workspaceId, 'stop')
    expect(() => process.kill(Number(pid.toString()), 0)).toThrow()
  })
})
