import type { Clock } from '#bridge/lib/clock'
import type { Contract } from '#ipc/contract'
import type { TunnelDraft, TunnelView } from '#ipc/tunnels'
import { combineLive } from '../../lib/combine-live.ts'
import { streamLatest, type LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { waitUntil } from '../../lib/wait-until.ts'
import type { Desktop } from '../../ports/desktop.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { watchListeningPorts } from './listening-ports.ts'
import type { LocalAuthority } from './local-authority.ts'
import { localSocket } from './tunnel-words.ts'
import type { NewTunnel, Tunnels } from './tunnels.ts'

export interface TunnelsHandlersDeps {
  readonly tunnels: Tunnels
  readonly authority: LocalAuthority
  readonly connection: (deploymentId: string) => DeploymentConnection
  /** Opens an address of our own in the browser. */
  readonly openPage: (url: string) => Promise<unknown>
  readonly desktop: Pick<Desktop, 'ask'>
  readonly visible: LiveValue<boolean>
  readonly clock: Clock
}

/** How long one click waits for its port. */
const openMs = 10_000

/** The procedures around tunnels. */
export function createTunnelsHandlers(deps: TunnelsHandlersDeps): FeatureHandlers<Contract['tunnels']> {
  const { tunnels, authority, connection, clock } = deps
  const viewOf = (id: string): TunnelView | undefined => tunnels.views.get().find((one) => one.id === id)
  const openInBrowser = async (id: string, signal: AbortSignal): Promise<void> => {
    await waitUntil(tunnels.views, () => isSettled(viewOf(id)), { clock, timeoutMs: openMs, signal })
    const view = viewOf(id)
    if (view === undefined)
      throw new ProcedureError('tunnel_unknown', 'This tunnel is not in your list any more.')
    if (view.url === null) throw new ProcedureError('not_open', whyNotOpen(view))
    await deps.openPage(view.url)
  }
  const shown = combineLive([tunnels.views, authority.certificate], () => ({
    tunnels: [...tunnels.views.get()],
    hasAuthority: authority.certificate.get() !== null,
  }))
  return {
    async *watch(_, { signal }) {
      yield* streamLatest(shown, signal)
    },
    async create(input) {
      await askForSocket(deps.desktop, input.draft, undefined)
      return { id: await tunnels.create(input) }
    },
    async update({ id, draft }) {
      await askForSocket(deps.desktop, draft, viewOf(id)?.draft)
      await tunnels.update(id, draft)
      return null
    },
    async setEnabled({ id, enabled }) {
      await tunnels.setEnabled(id, enabled)
      return null
    },
    async remove({ id }) {
      await tunnels.remove(id)
      return null
    },
    retry({ id }) {
      tunnels.retry(id)
      return null
    },
    async open({ id }, { signal }) {
      await openInBrowser(id, signal)
      return null
    },
    watchPorts: ({ deploymentId, agentId }, { signal }) =>
      watchListeningPorts(connection(deploymentId), agentId, { ...deps, signal }),
    async openPort({ agentName, port, ...place }, { signal }) {
      const known = tunnels.views.get().find((one) => leadsTo(one, { ...place, agentName, port }))
      if (known?.enabled === false) await tunnels.setEnabled(known.id, true)
      const id = known?.id ?? (await tunnels.create(discovered(place, agentName, port)))
      await openInBrowser(id, signal)
      return { id }
    },
    async makeAuthority() {
      await authority.make()
      return null
    },
    authority() {
      const certificate = authority.certificate.get()
      if (certificate === null)
        throw new ProcedureError('no_authority', 'There is no authority for HTTPS on this computer yet.')
      return { certificate }
    },
  }
}

/**
 * A socket file may give everything away (a container engine's, say), so the window alone cannot name one: the system's
 * own dialog shows it. One that was agreed to is not asked about again.
 */
async function askForSocket(
  desktop: Pick<Desktop, 'ask'>,
  draft: TunnelDraft,
  before: TunnelDraft | undefined,
): Promise<void> {
  const path = localSocket(draft)
  if (path === undefined) return
  if (before?.kind === draft.kind && localSocket(before) === path) return
  const isOffered = draft.kind === 'remote'
  const answer = await desktop.ask({
    message: isOffered
      ? 'Let the workspace use a socket file of this computer?'
      : 'Listen on a socket file of this computer?',
    detail: isOffered
      ? `${path}

Whatever runs in the workspace can then talk to the program behind it.`
      : path,
    buttons: [isOffered ? 'Let it' : 'Listen', 'Cancel'],
    cancel: 1,
  })
  if (answer !== 0) throw new ProcedureError('cancelled', 'The tunnel was not saved.')
}

type Place = Pick<NewTunnel, 'deploymentId' | 'workspaceId' | 'workspaceName'>

/** The same number here where it is free: addresses that a program prints are then right. */
function discovered(place: Place, agentName: string | null, port: number): NewTunnel {
  const end = { kind: 'tcp', host: '127.0.0.1', port } as const
  const draft = {
    name: '',
    kind: 'local',
    agentName,
    listen: end,
    anyPort: true,
    target: end,
    https: false,
  } as const
  return { ...place, enabled: true, draft }
}

function leadsTo(
  { deploymentId, workspaceId, draft }: TunnelView,
  wanted: Place & { readonly agentName: string | null; readonly port: number },
): boolean {
  const { kind, target, agentName, listen } = draft
  return (
    deploymentId === wanted.deploymentId &&
    workspaceId === wanted.workspaceId &&
    kind === 'local' &&
    listen.kind === 'tcp' &&
    agentName === wanted.agentName &&
    target?.kind === 'tcp' &&
    target.port === wanted.port &&
    (target.host === '127.0.0.1' || target.host === 'localhost')
  )
}

function isSettled(view: TunnelView | undefined): boolean {
  return view?.url !== null || view.connection.kind === 'failed'
}

function whyNotOpen({ connection }: TunnelView): string {
  if (connection.kind === 'failed' || connection.kind === 'waiting') return connection.reason
  return connection.kind === 'off'
    ? 'This tunnel is switched off. Switch it on first.'
    : 'This tunnel is not open yet. Try again in a moment.'
}
