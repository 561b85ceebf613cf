/**
 * Tunnels: what main asks of the bridge and what the bridge reports, over the parent port. A tunnel is a saved port
 * forward over the SSH server of a workspace.
 */
import { z } from 'zod'

/** One end of a tunnel: a TCP port or a socket file. */
export const tcpEndSchema = z.strictObject({
  kind: z.literal('tcp'),
  /** An address to listen on, or a name that the other side resolves. */
  host: z
    .string()
    .regex(/^[A-Za-z0-9._:-]{1,253}$/)
    .refine((host) => !host.startsWith('-')),
  /** 0: whichever is free, to listen on only. */
  port: z.int().min(0).max(65_535),
})
export const socketEndSchema = z.strictObject({
  kind: z.literal('socket'),
  /** Whole; on this computer also below `~/`. */
  path: z.string().regex(/^(?:\/|~\/|\\\\[.?]\\pipe\\)[^\0\r\n]{1,1000}$/),
})
export const tunnelEndSchema = z.discriminatedUnion('kind', [tcpEndSchema, socketEndSchema])
export type TunnelEnd = z.infer<typeof tunnelEndSchema>

/** `local` and `dynamic` (SOCKS5) listen on this computer, `remote` in the workspace. */
export const tunnelKinds = ['local', 'remote', 'dynamic'] as const
export type TunnelKind = (typeof tunnelKinds)[number]

/** A certificate with its key, both as PEM. The key is secret: it travels on the parent port and nowhere else. */
export const tunnelCertificateSchema = z.strictObject({
  chain: z.string().min(1).max(20_000),
  key: z.string().min(1).max(20_000),
})
export type TunnelCertificate = z.infer<typeof tunnelCertificateSchema>

const tunnelId = z.uuid()

/** Main to bridge. The same again changes nothing; a change keeps the port where the port is the same. */
export const openTunnelSchema = z.strictObject({
  type: z.literal('open-tunnel'),
  tunnelId,
  deploymentId: z.string().min(1),
  workspaceId: z.uuid(),
  /** `null`: the first agent. */
  agentName: z.string().min(1).max(200).nullable(),
  kind: z.enum(tunnelKinds),
  listen: tunnelEndSchema,
  /** Another local port may be taken where this one is not free. */
  anyPort: z.boolean(),
  /** Where connections go; `null` for `dynamic`, where each says so itself. */
  target: tunnelEndSchema.nullable(),
  /** Connections speak TLS up to here. For `local` on TCP only. */
  certificate: tunnelCertificateSchema.nullable(),
})
export type OpenTunnel = z.infer<typeof openTunnelSchema>

export const closeTunnelSchema = z.strictObject({ type: z.literal('close-tunnel'), tunnelId })
/** The port or the workspace may be there now: no wait goes on. */
export const retryTunnelSchema = z.strictObject({ type: z.literal('retry-tunnel'), tunnelId })

/** Why a tunnel cannot be open until something is changed. */
export const tunnelFailureCodes = [
  /** Somebody else has it; it is tried again by itself. */
  'port_taken',
  /** The system does not let this user listen there. */
  'port_denied',
  /** There is no such address or folder to listen on. */
  'address_unavailable',
  /** The workspace does not let anybody listen there; it is tried again by itself. */
  'remote_refused',
  'signed_out',
  /** There is no such workspace any more. */
  'gone',
  /** Something else that trying again by itself would not change. */
  'refused',
] as const

/** All reasons are sentences. */
export const tunnelConnectionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('waiting'), reason: z.string() }),
  z.strictObject({ kind: z.literal('connecting') }),
  z.strictObject({ kind: z.literal('open') }),
  z.strictObject({ kind: z.literal('failed'), reason: z.string(), code: z.enum(tunnelFailureCodes) }),
])
export type TunnelConnection = z.infer<typeof tunnelConnectionSchema>

export const tunnelTrafficSchema = z.strictObject({
  /** Connections that are open, and all since the tunnel was opened. */
  openConnections: z.int().min(0),
  connections: z.int().min(0),
  /** Bytes from whoever connected, and back to them. */
  bytesUp: z.int().min(0),
  bytesDown: z.int().min(0),
  /** Connections that came to nothing. */
  errors: z.int().min(0),
})
export type TunnelTraffic = z.infer<typeof tunnelTrafficSchema>

/** Bridge to main: how a tunnel is. Sent when something changed, at most once a second. */
export const tunnelStateSchema = z.strictObject({
  type: z.literal('tunnel-state'),
  tunnelId: z.uuid(),
  connection: tunnelConnectionSchema,
  /** Where it listens at the moment; kept while the workspace is away. `null`: nowhere. */
  listening: tunnelEndSchema.nullable(),
  traffic: tunnelTrafficSchema,
  /** Why the last connection that came to nothing did. `at` is epoch milliseconds. */
  lastError: z.strictObject({ message: z.string(), at: z.int() }).nullable(),
})
export type TunnelState = z.infer<typeof tunnelStateSchema>
