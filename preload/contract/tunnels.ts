/** Tunnels: saved port forwards to and from workspaces. Their bytes go past main and the window, through the bridge. */
import { z } from 'zod'
import {
  tunnelConnectionSchema,
  tunnelEndSchema,
  tunnelKinds,
  tunnelStateSchema,
  tunnelTrafficSchema,
  type TunnelEnd,
  type TunnelKind,
} from '#bridge/contract/tunnels'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

type Problem = readonly [field: string, message: string]
interface CheckedDraft {
  readonly kind: TunnelKind
  readonly listen: TunnelEnd
  readonly target: TunnelEnd | null
  readonly anyPort: boolean
  readonly https: boolean
}

const portWords = 'Enter a port from 1 to 65535.'

function problemsOfEnds({ kind, listen, target, anyPort }: CheckedDraft): Problem[] {
  const problems: Problem[] = []
  if ((kind === 'dynamic') !== (target === null))
    problems.push(['target', 'Only SOCKS tunnels have no target.'])
  if (kind === 'dynamic' && listen.kind === 'socket') problems.push(['listen', 'SOCKS needs a port.'])
  if (target?.kind === 'tcp' && target.port === 0) problems.push(['target', portWords])
  if (!anyPort && listen.kind === 'tcp' && listen.port === 0) problems.push(['listen', portWords])
  return problems
}

function problemsOfChoices({ kind, listen, anyPort, https }: CheckedDraft): Problem[] {
  const isSocket = listen.kind === 'socket'
  const problems: Problem[] = []
  if (anyPort && (kind === 'remote' || isSocket)) problems.push(['anyPort', 'Enter a port.'])
  if (https && (kind !== 'local' || isSocket))
    problems.push(['https', 'HTTPS is for local tunnels on a port.'])
  return problems
}

/** What a person chooses of a tunnel. */
export const tunnelDraftSchema = z
  .strictObject({
    /** Empty: it is called by its port. */
    name: z.string().max(80),
    kind: z.enum(tunnelKinds),
    /** `null`: the first agent of the workspace. */
    agentName: z.string().min(1).max(200).nullable(),
    /** On this computer; for `remote` in the workspace. Port 0 with `anyPort` only. */
    listen: tunnelEndSchema,
    /** Another local port may be taken where this one is not free; what was taken is kept. */
    anyPort: z.boolean(),
    /** The other side; `null` for `dynamic`. */
    target: tunnelEndSchema.nullable(),
    /** Served as HTTPS, with a certificate of the authority on this computer. For `local` on TCP. */
    https: z.boolean(),
  })
  .superRefine((draft, context) => {
    for (const [path, message] of [...problemsOfEnds(draft), ...problemsOfChoices(draft)])
      context.addIssue({ code: 'custom', path: [path], message })
  })
export type TunnelDraft = z.infer<typeof tunnelDraftSchema>

const place = {
  deploymentId: deploymentIdSchema,
  workspaceId: z.uuid(),
  /** As it was called when the tunnel was saved: it is shown also while the deployment is away. */
  workspaceName: z.string().min(1).max(200),
}

export const tunnelViewSchema = z.object({
  id: z.uuid(),
  ...place,
  /** Its name, or what it does. */
  title: z.string(),
  enabled: z.boolean(),
  draft: tunnelDraftSchema,
  /** `off` where it is switched off. */
  connection: z.union([z.object({ kind: z.literal('off') }), tunnelConnectionSchema]),
  listening: tunnelStateSchema.shape.listening,
  traffic: tunnelTrafficSchema,
  lastError: tunnelStateSchema.shape.lastError,
  /** What a browser opens. `null` where it would not understand what listens there. */
  url: z.string().nullable(),
})
export type TunnelView = z.infer<typeof tunnelViewSchema>

const one = z.strictObject({ id: z.uuid() })
const changeErrors = ['not_saved', 'tunnel_unknown', 'too_many_tunnels', 'port_used'] as const

export const tunnels = {
  /** All tunnels of all deployments, live, and whether there is an authority for HTTPS on this computer. */
  watch: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({}),
    output: z.object({ tunnels: z.array(tunnelViewSchema), hasAuthority: z.boolean() }),
    errors: [],
  }),
  /** Saves one. What becomes of it is told by `watch`. */
  create: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ ...place, enabled: z.boolean(), draft: tunnelDraftSchema }),
    output: z.object({ id: z.uuid() }),
    errors: changeErrors,
  }),
  update: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ id: z.uuid(), draft: tunnelDraftSchema }),
    output: z.null(),
    errors: changeErrors,
  }),
  setEnabled: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ id: z.uuid(), enabled: z.boolean() }),
    output: z.null(),
    errors: ['not_saved', 'tunnel_unknown'],
  }),
  remove: defineProcedure({
    kind: 'mutation',
    input: one,
    output: z.null(),
    errors: ['not_saved', 'tunnel_unknown'],
  }),
  /** Looks at once at what one waits for. */
  retry: defineProcedure({ kind: 'mutation', input: one, output: z.null(), errors: [] }),
  /** Opens one in the browser. */
  open: defineProcedure({
    kind: 'mutation',
    input: one,
    output: z.null(),
    errors: ['tunnel_unknown', 'not_open', 'refused'],
  }),
  /** What listens in a workspace, asked for again and again while somebody looks. */
  watchPorts: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({ deploymentId: deploymentIdSchema, agentId: z.uuid() }),
    output: z.object({
      ports: z.array(z.object({ port: z.int(), processName: z.string() })),
    }),
    errors: [],
  }),
  /** One click: a tunnel to a port of the workspace, the one that is there or a new one, opened in the browser. */
  openPort: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      ...place,
      agentName: z.string().min(1).max(200).nullable(),
      port: z.int().min(1).max(65_535),
    }),
    output: z.object({ id: z.uuid() }),
    errors: [...changeErrors, 'not_open', 'refused'],
  }),
  /** The user agreed: makes the authority whose certificates this computer's browsers may trust. */
  makeAuthority: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({}),
    output: z.null(),
    errors: ['keychain_locked', 'keychain_absent'],
  }),
  /** The authority's certificate, which is no secret, as PEM. */
  authority: defineProcedure({
    kind: 'query',
    input: z.strictObject({}),
    output: z.object({ certificate: z.string() }),
    errors: ['no_authority'],
  }),
} as const
