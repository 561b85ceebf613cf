/**
 * The first journey by the documented API alone: `fetch`, `ws` and bytes, nothing of our client. What works here works
 * for Coder's own clients.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { externalTarget, ownName } from '../conformance-target.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate, templateArchive } from '../template-archive.ts'

/** As JSON is before anybody knows its shape: what is read wrongly fails the test. */
type Json = Record<string, ReturnType<typeof JSON.parse>>

let server: TestServer
let token = externalTarget()?.token ?? ''
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

async function api(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${server.url}/api/v2${path}`, {
    method,
    headers: { 'Coder-Session-Token': token, ...headers },
    ...(body === undefined
      ? {}
      : { body: body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body) }),
  })
  const text = await answer.text()
  return { status: answer.status, json: (text === '' ? {} : JSON.parse(text)) as Json }
}

async function poll(path: string, isDone: (json: Json) => boolean): Promise<Json> {
  for (;;) {
    const { json } = await api('GET', path)
    if (isDone(json)) return json
    await pause(50)
  }
}

const open = (path: string): WebSocket =>
  new WebSocket(`${server.url.replace(/^http/, 'ws')}/api/v2${path}`, {
    headers: { 'Coder-Session-Token': token },
  })

/** Messages until one is what was waited for. */
function messagesUntil(socket: WebSocket, isLast: (text: string, all: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let all = ''
    socket.on('message', (data: Buffer) => {
      all += data.toString('utf8')
      if (!isLast(data.toString('utf8'), all)) return
      socket.close()
      resolve(all)
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error(`The socket closed after ${JSON.stringify(all)}`)))
  })
}

const jobIsOver = (job: Json): boolean =>
  ['succeeded', 'failed', 'canceled'].includes(job['status'] as string)

it('is walked from an empty server to a shell and back', async () => {
  if (token === '') {
    expect((await api('GET', '/users/first')).status).toBe(404)
    const account = { username: 'ada', email: 'ada@example.com', password: 'correct horse Battery 9 staple' }
    expect((await api('POST', '/users/first', account)).status).toBe(201)
    const login = await api('POST', '/users/login', { email: account.email, password: account.password })
    expect(login.status).toBe(201)
    token = login.json['session_token'] as string
  }
  expect((await api('GET', '/buildinfo')).json['version']).toMatch(/^v2\./)
  const me = (await api('GET', '/users/me')).json
  const organization = (me['organization_ids'] as string[])[0] ?? ''

  const archive = templateArchive({ 'main.tf': `# ${randomUUID()}\n${smallTemplate}` })
  const file = await api('POST', '/files', archive, { 'content-type': 'application/x-tar' })
  expect(file.status).toBe(201)
  const version = await api('POST', `/organizations/${organization}/templateversions`, {
    storage_method: 'file',
    file_id: file.json['hash'],
    provisioner: 'terraform',
    tags: {},
  })
  expect(version.status).toBe(201)
  const versionId = version.json['id'] as string
  const imported = await poll(`/templateversions/${versionId}`, ({ job }) => jobIsOver(job as Json))
  expect((imported['job'] as Json)['status']).toBe('succeeded')
  const template = await api('POST', `/organizations/${organization}/templates`, {
    name: ownName('stranger'),
    template_version_id: versionId,
  })
  expect(template.status).toBe(201)

  const made = await api('POST', `/users/${me['id'] as string}/workspaces`, {
    template_id: template.json['id'],
    name: ownName('w'),
    rich_parameter_values: [{ name: 'greeting', value: 'bonjour' }],
  })
  expect(made.status).toBe(201)
  const id = made.json['id'] as string
  const buildId = (made.json['latest_build'] as Json)['id'] as string
  await messagesUntil(open(`/workspaces/${id}/watch-ws`), (text) => {
    const event = JSON.parse(text) as Json
    return event['type'] === 'data' && (event['data'] as Json)['latest_build'].status === 'running'
  })
  const logs = await api('GET', `/workspacebuilds/${buildId}/logs`)
  expect(logs.status).toBe(200)
  const ready = await poll(
    `/workspaces/${id}`,
    (workspace) => agentOf(workspace)?.['lifecycle_state'] === 'ready',
  )
  expect(agentOf(ready)).toMatchObject({ status: 'connected' })

  const agentId = agentOf(ready)?.['id'] as string
  const shell = open(`/workspaceagents/${agentId}/pty?reconnect=${randomUUID()}&width=80&height=24`)
  shell.once('open', () =>
    shell.send(Buffer.from(JSON.stringify({ data: 'echo "I say $GREETING $((40 + 2))"\r' }))),
  )
  expect(await messagesUntil(shell, (_, all) => all.includes('I say bonjour 42'))).toContain(
    'I say bonjour 42',
  )

  for (const [transition, status] of [
    ['stop', 'stopped'],
    ['delete', 'deleted'],
  ] as const) {
    const build = await api('POST', `/workspaces/${id}/builds`, { transition })
    expect(build.status).toBe(201)
    const over = await poll(`/workspacebuilds/${build.json['id'] as string}`, ({ job }) =>
      jobIsOver(job as Json),
    )
    expect(over['status']).toBe(status)
  }
  expect((await api('GET', `/workspaces/${id}`)).status).toBe(410)
})

function agentOf(workspace: Json): Json | undefined {
  const resources = (workspace['latest_build'] as Json)['resources'] as Json[]
  return resources.flatMap((resource) => (resource['agents'] ?? []) as Json[])[0]
}
