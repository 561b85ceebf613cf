import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createCoderClient } from './coder-client.ts'
import { probeMcpCapability } from './mcp-capability.ts'

const id = '11111111-2222-4333-8444-555555555555'
const resourceMissing = { message: 'Resource not found or you do not have access to this resource' }
const nobody = '/api/experimental/mcp/servers/00000000-0000-0000-0000-000000000000/user-headers'

/** A deployment that knows these paths. */
async function probe(routes: Readonly<Record<string, readonly [number, unknown]>>): Promise<string> {
  const server = createServer((request, response) => {
    const [status, body] = routes[request.url ?? ''] ?? [404, { message: 'Route not found.' }]
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return probeMcpCapability(createCoderClient({ baseUrl, token: 'a-b', retries: 0 }))
}

const servers = '/api/experimental/mcp/servers'

it.each([
  [
    'a server lists its users’ keys',
    { [servers]: [200, [{ id, custom_headers_user_keys: [] }]] },
    'user_headers',
  ],
  ['a server knows of no such keys', { [servers]: [200, [{ id }]] }, 'no_user_headers'],
  [
    'there is no server, but the route',
    { [servers]: [200, []], [nobody]: [404, resourceMissing] },
    'user_headers',
  ],
  ['there is no server and no route', { [servers]: [200, null] }, 'no_user_headers'],
  [
    'servers belong to an organization',
    { '/api/experimental/organizations/default/mcp-servers': [200, []] },
    'organization',
  ],
  ['there is nothing of the kind', {}, 'none'],
] as const)('when %s', async (_, routes, capability) => {
  expect(await probe(routes)).toBe(capability)
})

it('takes nothing else for an answer', async () => {
  await expect(probe({ [servers]: [500, { message: 'Broken.' }] })).rejects.toMatchObject({ status: 500 })
  await expect(probe({ [servers]: [401, { message: 'Signed out.' }] })).rejects.toMatchObject({ status: 401 })
})
