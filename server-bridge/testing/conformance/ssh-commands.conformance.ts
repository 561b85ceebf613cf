import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOpenSshClient, type OpenSshClient } from '../open-ssh.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'

let server: TestServer
let ssh: OpenSshClient

beforeAll(async () => {
  server = await startTestServer()
  const token = await server.deployment.mintOwnerSession('Ada Lovelace')
  const client = server.client(token)
  const template = await createTemplate(client, 'small')
  await createRunningWorkspace(client, template, 'main')
  ssh = createOpenSshClient({ url: server.url, token })
})
afterAll(async () => {
  await ssh.close()
  await server.close()
})

const host = 'coder.main'
const run = (command: string, input?: string | Buffer) => ssh.run('ssh', [host, command], input)

describe('a command', () => {
  it('hands over its output, its errors and its status apart', async () => {
    const result = await run('echo out; echo err >&2; exit 42')
    expect(result).toMatchObject({ code: 42, stderr: 'err\n' })
    expect(result.stdout.toString()).toBe('out\n')
  })
})
