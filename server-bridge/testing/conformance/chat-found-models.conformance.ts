import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { aiProvidersRoutes } from '../../contract/ai-providers.ts'
import { chatFoundModelsRoutes } from '../../contract/chats-found-models.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

const servers: Server[] = []
const asked: string[] = []
let answers: Record<string, unknown> = {}
let server: TestServer
let admin: CoderClient
let ports: { ollama: number; vllm: number; 'lm-studio': number }

async function listen(handle: RequestListener): Promise<number> {
  const listener = createServer(handle)
  servers.push(listener)
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  return (listener.address() as AddressInfo).port
}

/** Answers what the test says, and nothing to what it says nothing of. */
const modelServer = (name: string) =>
  listen((request, response) => {
    asked.push(`${name} ${request.url ?? ''}`)
    const answer = answers[`${name} ${request.url ?? ''}`]
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? {}))
  })

beforeAll(async () => {
  ports = {
    ollama: await modelServer('ollama'),
    vllm: await modelServer('vllm'),
    'lm-studio': await modelServer('lm-studio'),
  }
  server = await startTestServer({ chats: { localModelPorts: ports, localModelTimeoutMs: 60_000 } })
  admin = await server.ownerClient()
})
afterAll(async () => {
  await server.close()
  for (const listener of servers) {
    listener.closeAllConnections()
    listener.close()
  }
})

const find = async (client = admin) => (await client.call(chatFoundModelsRoutes.find, {})).servers

it('finds servers of models on this machine, with what they can run and whether they were added', async () => {
  expect(asked).toEqual([])
  answers = {
    'ollama /api/version': { version: '0.9.1' },
    'ollama /v1/models': { data: [{ id: 'qwen3:8b' }, { id: 'qwen3:8b' }, { id: 'llama3' }] },
    'vllm /v1/models': { data: [{ id: 'mistral', owned_by: 'vllm' }] },
  }
  const address = (port: number) => `http://127.0.0.1:${port}/v1`
  expect(await find()).toEqual([
    {
      kind: 'ollama',
      base_url: address(ports.ollama),
      version: '0.9.1',
      models: ['qwen3:8b', 'llama3'],
    },
    { kind: 'vllm', base_url: address(ports.vllm), models: ['mistral'] },
  ])
  await admin.call(aiProvidersRoutes.create, {
    body: {
      type: 'openai-compat',
      name: 'local',
      enabled: true,
      base_url: `http://localhost:${ports.vllm}/v1/`,
    },
  })
  expect(await find()).toMatchObject([{ kind: 'ollama' }, { kind: 'vllm', provider: 'local' }])
})

it('takes nothing else for one, however it answers', async () => {
  answers = {
    'ollama /v1/models': { data: [{ id: 'no version' }] },
    'vllm /v1/models': '<html>not this</html>',
    'lm-studio /v1/models': { data: [{ id: '' }] },
  }
  expect(await find()).toEqual([])
  answers = { 'lm-studio /v1/models': `"${'x'.repeat(2 * 1024 * 1024)}"` }
  expect(await find()).toEqual([])
})

it('looks for administrators only', async () => {
  asked.length = 0
  const grace = await server.memberClient('grace')
  await expect(find(grace)).rejects.toMatchObject({ status: 403 })
  expect(asked).toEqual([])
})
