/**
 * Which of the MCP APIs in the wild a deployment speaks (mcp-user-headers, "Versions of the API in the wild"). Found out
 * by asking, never from a version.
 */
import { z } from 'zod'
import { defineRoute } from '../contract/route.ts'
import type { CallOptions, CoderClient } from './coder-client.ts'
import { CoderApiError } from './errors.ts'

/**
 * - `user_headers`: configurations at `/mcp/servers`, and every user's own header values.
 * - `no_user_headers`: configurations at `/mcp/servers` only.
 * - `organization`: configurations belong to an organization, without header values of users.
 * - `none`: no MCP API at all.
 */
export type McpCapability = 'user_headers' | 'no_user_headers' | 'organization' | 'none'

const listRaw = defineRoute({
  method: 'GET',
  path: '/api/experimental/mcp/servers',
  auth: 'user',
  status: 200,
  answer: z.array(z.object({ id: z.string(), custom_headers_user_keys: z.unknown().optional() })).nullable(),
  errors: [401, 404],
})
const readUserHeaders = defineRoute({
  method: 'GET',
  path: '/api/experimental/mcp/servers/{mcpserver}/user-headers',
  auth: 'user',
  status: 200,
  answer: z.unknown(),
  errors: [400, 401, 404],
})
const listOfOrganization = defineRoute({
  method: 'GET',
  path: '/api/experimental/organizations/{organization}/mcp-servers',
  auth: 'user',
  status: 200,
  answer: z.unknown(),
  errors: [401, 404],
})

/** No server has it, so asking for it tells what a server without any would say. */
const NO_SERVER = '00000000-0000-0000-0000-000000000000'

/** Asks a deployment which MCP API it has. @throws what `CoderClient.call` throws for anything but a plain "not there". */
export async function probeMcpCapability(
  client: Pick<CoderClient, 'call'>,
  options: CallOptions = {},
): Promise<McpCapability> {
  const servers = await unlessMissing(client.call(listRaw, {}, options))
  if (servers === missing) {
    const params = { organization: 'default' }
    const found = await unlessMissing(client.call(listOfOrganization, { params }, options))
    return found === missing ? 'none' : 'organization'
  }
  const [first] = servers ?? []
  // The list of names is in every configuration of an API that has it.
  if (first !== undefined)
    return first.custom_headers_user_keys === undefined ? 'no_user_headers' : 'user_headers'
  try {
    await client.call(readUserHeaders, { params: { mcpserver: NO_SERVER } }, options)
    return 'user_headers'
  } catch (error) {
    if (!(error instanceof CoderApiError) || (error.code !== 'not_found' && error.code !== 'invalid'))
      throw error
    // Both are a 404; only one of them is the router's own.
    return /route not found/i.test(error.message) ? 'no_user_headers' : 'user_headers'
  }
}

const missing = Symbol('missing')

async function unlessMissing<T>(call: Promise<T>): Promise<T | typeof missing> {
  try {
    return await call
  } catch (error) {
    if (error instanceof CoderApiError && error.code === 'not_found') return missing
    throw error
  }
}
