/** By which relays a client reaches agents over Coder's own network (stable-api, section 16). */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, count, flag, list, map, text } from './shape.ts'

/** Tailscale's names, which begin with a capital. */
export const tailDerpNodeSchema = answer({
  Name: text,
  RegionID: count,
  HostName: text,
  CertName: z.string().optional(),
  IPv4: z.string().optional(),
  IPv6: z.string().optional(),
  STUNPort: z.int().optional(),
  STUNOnly: z.boolean().optional(),
  DERPPort: z.int().optional(),
  InsecureForTests: z.boolean().optional(),
  ForceHTTP: z.boolean().optional(),
  STUNTestIP: z.string().optional(),
  CanPort80: z.boolean().optional(),
})
export const tailDerpRegionSchema = answer({
  EmbeddedRelay: flag,
  RegionID: count,
  RegionCode: text,
  RegionName: text,
  Avoid: z.boolean().optional(),
  Nodes: list(tailDerpNodeSchema),
})
export const derpMapSchema = answer({
  HomeParams: z.unknown().optional(),
  /** By region id. */
  Regions: map(tailDerpRegionSchema),
  omitDefaultRegions: z.boolean().optional(),
})
export type DERPMap = z.output<typeof derpMapSchema>

export const agentConnectionInfoSchema = answer({
  derp_map: derpMapSchema.nullish(),
  derp_force_websockets: flag,
  disable_direct_connections: flag,
  hostname_suffix: z.string().optional(),
})
export type AgentConnectionInfo = z.output<typeof agentConnectionInfoSchema>

/** One binary frame of `/derp-map`. */
export function encodeDerpMap(derpMap: DERPMap): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(derpMap))
}

/** @throws {SyntaxError | z.ZodError} for what is no map. */
export function decodeDerpMap(frame: Uint8Array): DERPMap {
  return derpMapSchema.parse(JSON.parse(new TextDecoder().decode(frame)))
}

export const agentNetworkRoutes = {
  /** A frame at once, and one a change. */
  derpMap: defineRoute({
    method: 'GET',
    path: '/api/v2/derp-map',
    auth: 'user',
    status: 101,
    errors: [401, 426],
    stream: 'binary',
  }),
  /** What is the same for every agent. */
  connectionInfo: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaceagents/connection',
    auth: 'user',
    status: 200,
    answer: agentConnectionInfoSchema,
    errors: [401],
  }),
  agentConnectionInfo: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaceagents/{workspaceagent}/connection',
    auth: 'user',
    status: 200,
    answer: agentConnectionInfoSchema,
    errors: [400, 401, 404],
  }),
} as const
