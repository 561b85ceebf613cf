/**
 * The saved tunnels: those that are switched on are open in the bridge from the start of the app on, whatever the
 * deployment and the workspace do meanwhile, so that a port here is the same one every day. None starts a workspace.
 */
import { randomUUID } from 'node:crypto'
import type { OpenTunnel, TunnelState } from '#bridge/contract/tunnels'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import type { KeychainState } from '#ipc/keychain'
import type { TunnelDraft, TunnelView } from '#ipc/tunnels'
import { requireSaved } from '../../lib/data-file.ts'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'
import type { BridgeProcess } from '../bridge/bridge.ts'
import type { LocalAuthority } from './local-authority.ts'
import { browserUrl, httpsName, sharesPort, tunnelTitle } from './tunnel-words.ts'
import type { SavedTunnel, TunnelsFile } from './tunnels-file.ts'

export type NewTunnel = Omit<SavedTunnel, 'id'>

export interface Tunnels {
  readonly views: LiveValue<readonly TunnelView[]>
  /** @throws {ProcedureError} `not_saved`, `too_many_tunnels`, `port_used` */
  create(tunnel: NewTunnel): Promise<string>
  /** @throws {ProcedureError} `not_saved`, `tunnel_unknown`, `port_used` */
  update(id: string, draft: TunnelDraft): Promise<void>
  /** @throws {ProcedureError} `not_saved`, `tunnel_unknown` */
  setEnabled(id: string, enabled: boolean): Promise<void>
  /** @throws {ProcedureError} `not_saved`, `tunnel_unknown` */
  remove(id: string): Promise<void>
  /** Looks at once at what it waits for. */
  retry(id: string): void
  /** Those that are switched on, and their workspaces. */
  places(): readonly Pick<SavedTunnel, 'id' | 'deploymentId' | 'workspaceId'>[]
  onState(state: TunnelState): void
  /** The deployment has a session, has none, or is gone: then its tunnels are, too. */
  sessionChanged(deploymentId: string): void
  close(): void
}

export interface TunnelsDeps {
  readonly file: VersionedFile<TunnelsFile>
  readonly authority: LocalAuthority
  readonly bridge: Pick<BridgeProcess, 'openTunnel' | 'closeTunnel' | 'retryTunnel'>
  /** Whether the deployment is in the list. */
  readonly isListed: (deploymentId: string) => boolean
  readonly keychain: { readonly state: LiveValue<KeychainState> }
  readonly logger: Logger
}

/** As many as the bridge takes. */
const maxTunnels = 200

/** What is known of one beside what is saved. */
interface Run {
  readonly state: TunnelState | undefined
  /** Why it is not open in the bridge. */
  readonly problem: string | undefined
  /** Number of the last opening, so that an earlier one that took longer changes nothing. */
  readonly look: number
}

const notOpened: Run = { state: undefined, problem: undefined, look: 0 }
const noTraffic = { openConnections: 0, connections: 0, bytesUp: 0, bytesDown: 0, errors: 0 }

/** Opens what was switched on when the app ended. */
export function createTunnels(deps: TunnelsDeps): Tunnels {
  const { file, bridge, keychain, logger } = deps
  const runs = new Map<string, Run>()
  const saved = (): readonly SavedTunnel[] => file.value.get().tunnels
  const find = (id: string): SavedTunnel | undefined => saved().find((one) => one.id === id)
  const runOf = (id: string): Run => runs.get(id) ?? notOpened
  const views = createLiveValue<readonly TunnelView[]>([])
  const tell = (): void => views.set(saved().map((one) => viewOf(one, runOf(one.id))))

  const require = (id: string): SavedTunnel => {
    const tunnel = find(id)
    if (tunnel === undefined)
      throw new ProcedureError('tunnel_unknown', 'This tunnel is not in your list any more.')
    return tunnel
  }

  const requireFreePort = (tunnel: NewTunnel & { readonly id?: string }): void => {
    const other = saved().find((one) => one.id !== tunnel.id && sharesPort(one, tunnel))
    if (other === undefined || tunnel.draft.anyPort) return
    throw new ProcedureError(
      'port_used',
      `The tunnel “${tunnelTitle(other.draft)}” of ${other.workspaceName} listens there already. Choose another one.`,
    )
  }

  const change = async (
    apply: (tunnels: readonly SavedTunnel[]) => readonly SavedTunnel[],
  ): Promise<void> => {
    await requireSaved(file.update((current) => ({ ...current, tunnels: [...apply(current.tunnels)] })))
  }
  const changeOne = (id: string, next: (tunnel: SavedTunnel) => SavedTunnel): Promise<void> =>
    change((all) => all.map((one) => (one.id === id ? next(one) : one)))

  const open = async (tunnel: SavedTunnel): Promise<void> => {
    const look = runOf(tunnel.id).look + 1
    runs.set(tunnel.id, { ...runOf(tunnel.id), look, problem: undefined })
    const { workspaceName, draft } = tunnel
    try {
      const certificate = draft.https ? await deps.authority.issue(httpsName(workspaceName, draft)) : null
      if (runOf(tunnel.id).look === look) bridge.openTunnel(requestOf(tunnel, certificate))
    } catch (thrown) {
      if (runOf(tunnel.id).look !== look) return
      const isExpected = thrown instanceof ProcedureError
      if (!isExpected) logger.error('A tunnel could not be opened', { err: toError(thrown) })
      const problem = isExpected ? thrown.message : 'Something unexpected went wrong. The log says more.'
      runs.set(tunnel.id, { state: undefined, problem, look })
    }
    tell()
  }
  const shut = (id: string): void => {
    bridge.closeTunnel(id)
    runs.set(id, { state: undefined, problem: undefined, look: runOf(id).look + 1 })
  }
  const removeAll = (gone: readonly SavedTunnel[]): Promise<void> => {
    for (const { id } of gone) shut(id)
    const ids = new Set(gone.map(({ id }) => id))
    return change((all) => all.filter(({ id }) => !ids.has(id))).finally(tell)
  }

  /** A port that was free is this tunnel's from now on. */
  const keepPort = (tunnel: SavedTunnel, { listening }: TunnelState): void => {
    const { draft } = tunnel
    if (!draft.anyPort || listening?.kind !== 'tcp' || draft.listen.kind !== 'tcp') return
    if (draft.listen.port === listening.port) return
    const listen = { ...draft.listen, port: listening.port }
    changeOne(tunnel.id, (one) => ({ ...one, draft: { ...one.draft, listen } })).then(
      tell,
      (thrown: unknown) => {
        logger.warn('The port of a tunnel could not be saved', { err: toError(thrown) })
      },
    )
  }

  for (const tunnel of saved()) if (tunnel.enabled) void open(tunnel)
  const stopKeychain = keychain.state.onChange(() => {
    for (const tunnel of saved())
      if (tunnel.enabled && runOf(tunnel.id).problem !== undefined) void open(tunnel)
  })
  const stopFile = file.value.onChange(tell)
  tell()

  return {
    views,
    async create(tunnel) {
      if (saved().length >= maxTunnels)
        throw new ProcedureError('too_many_tunnels', `There can be ${maxTunnels} tunnels. Delete one first.`)
      requireFreePort(tunnel)
      const made: SavedTunnel = { id: randomUUID(), ...tunnel }
      await change((all) => [...all, made])
      tell()
      if (made.enabled) await open(made)
      return made.id
    },
    async update(id, draft) {
      const tunnel = { ...require(id), draft }
      requireFreePort(tunnel)
      await changeOne(id, (one) => ({ ...one, draft }))
      tell()
      if (tunnel.enabled) await open(tunnel)
    },
    async setEnabled(id, enabled) {
      const tunnel = require(id)
      if (tunnel.enabled === enabled) return
      // At once, whether or not the file can be written: switched off is off.
      if (!enabled) shut(id)
      await changeOne(id, (one) => ({ ...one, enabled })).finally(tell)
      if (enabled) await open({ ...tunnel, enabled })
    },
    remove: async (id) => removeAll([require(id)]),
    retry(id) {
      const tunnel = find(id)
      if (tunnel?.enabled !== true) return
      if (runOf(id).problem !== undefined) void open(tunnel)
      else bridge.retryTunnel(id)
    },
    places: () => saved().filter(({ enabled }) => enabled),
    onState(state) {
      const tunnel = find(state.tunnelId)
      if (tunnel?.enabled !== true) return
      runs.set(tunnel.id, { ...runOf(tunnel.id), state })
      keepPort(tunnel, state)
      tell()
    },
    sessionChanged(deploymentId) {
      if (deps.isListed(deploymentId)) return
      const gone = saved().filter((one) => one.deploymentId === deploymentId)
      if (gone.length === 0) return
      removeAll(gone).catch((thrown: unknown) => {
        logger.warn('Tunnels of a removed deployment could not be deleted', { err: toError(thrown) })
      })
    },
    close() {
      stopKeychain()
      stopFile()
    },
  }
}

function requestOf(
  { id: tunnelId, deploymentId, workspaceId, draft }: SavedTunnel,
  certificate: OpenTunnel['certificate'],
): Omit<OpenTunnel, 'type'> {
  const { kind, agentName, listen, anyPort, target } = draft
  return { tunnelId, deploymentId, workspaceId, kind, agentName, listen, anyPort, target, certificate }
}

function viewOf(tunnel: SavedTunnel, { state, problem }: Run): TunnelView {
  const listening = state?.listening ?? null
  return {
    ...tunnel,
    title: tunnelTitle(tunnel.draft),
    connection: connectionOf(tunnel, state, problem),
    listening,
    traffic: state?.traffic ?? noTraffic,
    lastError: state?.lastError ?? null,
    url: browserUrl(tunnel.workspaceName, tunnel.draft, listening),
  }
}

function connectionOf(
  { enabled }: SavedTunnel,
  state: TunnelState | undefined,
  problem: string | undefined,
): TunnelView['connection'] {
  if (!enabled) return { kind: 'off' }
  if (problem !== undefined) return { kind: 'failed', code: 'refused', reason: problem }
  return state?.connection ?? { kind: 'connecting' }
}
