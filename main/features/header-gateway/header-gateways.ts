/**
 * The header gateways that are switched on: opened in the bridge while the deployment is signed in and the keychain is
 * open, closed when either ends, with what the bridge says about them.
 */
import type { GatewayState, OpenGateway } from '#bridge/contract/header-gateway'
import { createBearer } from '#bridge/lib/bearer'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import type { HeaderGateway, HeaderGatewayState } from '#ipc/header-gateway'
import type { KeychainState } from '#ipc/keychain'
import { combineLive } from '../../lib/combine-live.ts'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { FileNotWrittenError, type VersionedFile } from '../../lib/versioned-file.ts'
import type { BridgeProcess } from '../bridge/bridge.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import type { McpTarget, McpTargets } from '../mcp-servers/mcp-target.ts'
import { addressOf, type GatewayPlace } from './gateway-place.ts'
import { requireGatewayValues } from './gateway-values.ts'
import { gatewayPort } from './gateway-port.ts'
import type { SavedGateway } from './gateways-file.ts'

/** What a client in the workspace needs. Secret. */
export interface OpenedGateway {
  readonly name: string
  readonly transport: McpTarget['transport']
  readonly port: number
  readonly bearer: string
}

export interface HeaderGatewaysDeps {
  readonly file: VersionedFile<readonly SavedGateway[]>
  readonly targets: McpTargets
  readonly bridge: Pick<BridgeProcess, 'openGateway' | 'closeGateway' | 'retryGateway'>
  /** `undefined`: not in the list any more. */
  readonly connection: (deploymentId: string) => DeploymentConnection | undefined
  readonly keychain: { readonly state: LiveValue<KeychainState> }
  readonly clock: Clock
  readonly logger: Logger
}

export interface HeaderGateways {
  /** Those of one MCP server. */
  of(deploymentId: string, serverId: string): LiveValue<HeaderGateway[]>
  /** Switched on, whatever became of them. */
  places(): readonly GatewayPlace[]
  /** @throws {ProcedureError} `not_saved`, `too_many_gateways`, `deployment_unknown` */
  set(place: GatewayPlace, enabled: boolean): Promise<void>
  /** Looks at one again: something may have changed that nobody told. */
  retry(place: GatewayPlace): void
  /** @throws {ProcedureError} `not_open` */
  opened(place: GatewayPlace): OpenedGateway
  onState(state: GatewayState): void
  /** The deployment has a session, has none, or is gone. */
  sessionChanged(deploymentId: string): void
  /** The user's values or the address of one server changed, or of all. */
  targetsChanged(deploymentId?: string, serverId?: string): void
  close(): void
}

/** As many as the bridge takes. */
const maxGateways = 100
/** Calls are counted in memory and written down now and then. */
const saveCallsMs = 10_000

interface Entry {
  readonly place: GatewayPlace
  readonly id: string
  /** New with every start of the app; kept over changes, since clients know it. */
  readonly bearer: string
  port: number
  state: HeaderGatewayState
  problem: HeaderGateway['problem']
  configProblem: string | null
  day: string
  calls: number
  /** What is open in the bridge. */
  opened: { readonly name: string; readonly target: OpenGateway['target'] } | undefined
  /** Number of the last look, so that an earlier one that took longer changes nothing. */
  look: number
}

const idOf = ({ deploymentId, serverId, workspaceId }: GatewayPlace): string =>
  `${deploymentId}/${serverId}/${workspaceId}`

/** Opens what was on when the app ended. */
export function createHeaderGateways(deps: HeaderGatewaysDeps): HeaderGateways {
  const { file, bridge, clock, keychain, logger } = deps
  const entries = new Map<string, Entry>()
  const changed = createLiveValue(0)
  const tell = (): void => changed.set(changed.get() + 1)
  let cancelSave: (() => void) | undefined

  const add = (saved: SavedGateway): Entry => {
    const { port, day, calls, ...place } = saved
    const entry: Entry = {
      place,
      id: idOf(place),
      bearer: createBearer(),
      port,
      day,
      calls,
      state: { kind: 'connecting' },
      problem: null,
      configProblem: null,
      opened: undefined,
      look: 0,
    }
    entries.set(entry.id, entry)
    return entry
  }

  const shut = (entry: Entry, state: HeaderGatewayState): void => {
    if (entry.opened !== undefined) bridge.closeGateway(entry.id)
    Object.assign(entry, { opened: undefined, problem: null, configProblem: null, state })
    tell()
  }

  /** Opens, closes or leaves one as things are now. */
  const settle = async (entry: Entry): Promise<void> => {
    entry.look += 1
    const { look } = entry
    const { deploymentId, serverId } = entry.place
    const isSignedIn = deps.connection(deploymentId)?.session.get() !== undefined
    const barred = barredBy(keychain.state.get(), isSignedIn)
    if (barred !== undefined) {
      shut(entry, barred)
      return
    }
    try {
      const found = await deps.targets.resolve(deploymentId, serverId)
      const { config, url, transport, headers } = found
      if (entry.look !== look || entries.get(entry.id) !== entry) return
      if (!config.enabled)
        throw new ProcedureError('disabled', 'An administrator has switched this server off.')
      requireGatewayValues(found)
      open(entry, config.slug, { url, transport, headers: { ...headers } })
    } catch (thrown) {
      if (entry.look === look && entries.get(entry.id) === entry) takeFailure(entry, thrown)
    }
  }

  const open = (entry: Entry, name: string, target: OpenGateway['target']): void => {
    const isSame = JSON.stringify(entry.opened) === JSON.stringify({ name, target })
    if (isSame) return
    entry.opened = { name, target }
    entry.state = { kind: 'connecting' }
    entry.problem = null
    const { id: gatewayId, bearer, port } = entry
    const { deploymentId, workspaceId } = entry.place
    bridge.openGateway({ gatewayId, deploymentId, workspaceId, name, target, bearer, port })
    tell()
  }

  const takeFailure = (entry: Entry, thrown: unknown): void => {
    if (!(thrown instanceof ProcedureError)) {
      logger.error('A header gateway could not be opened', { err: toError(thrown) })
      shut(entry, { kind: 'failed', reason: 'Something unexpected went wrong. The log says more.' })
      return
    }
    // Out of reach for the moment: what is open stays so, and the return of the deployment is another look.
    if (thrown.code === 'unreachable' || thrown.code === 'cancelled') {
      if (entry.opened === undefined) shut(entry, { kind: 'waiting', reason: thrown.message })
      return
    }
    shut(entry, { kind: 'blocked', code: thrown.code, reason: thrown.message })
  }

  const settleAll = (where: (place: GatewayPlace) => boolean = () => true): void => {
    for (const entry of entries.values()) if (where(entry.place)) void settle(entry)
  }

  const save = async (): Promise<void> => {
    cancelSave?.()
    cancelSave = undefined
    const list = [...entries.values()].map(({ place, port, day, calls }) => ({ ...place, port, day, calls }))
    await file.update(() => list)
  }
  const saveSoon = (): void => {
    cancelSave ??= clock.after(saveCallsMs, () => {
      cancelSave = undefined
      save().catch((thrown: unknown) => {
        logger.warn('The counts of header gateways could not be saved', { err: toError(thrown) })
      })
    })
  }
  const drop = (entry: Entry): void => {
    entries.delete(entry.id)
    shut(entry, { kind: 'connecting' })
  }

  const view = (entry: Entry): HeaderGateway => ({
    workspaceId: entry.place.workspaceId,
    state: entry.state,
    callsToday: entry.day === dayOf(clock.now()) ? entry.calls : 0,
    problem: entry.problem,
    configProblem: entry.configProblem,
  })

  for (const saved of file.value.get()) add(saved)
  settleAll()
  const stopKeychain = keychain.state.onChange(() => settleAll())

  return {
    of: (deploymentId, serverId) =>
      combineLive([changed], () =>
        [...entries.values()]
          .filter(({ place }) => place.deploymentId === deploymentId && place.serverId === serverId)
          .map(view),
      ),
    places: () => [...entries.values()].map(({ place }) => place),
    async set(place, enabled) {
      if (deps.connection(place.deploymentId) === undefined)
        throw new ProcedureError('deployment_unknown', 'This deployment is not in your list any more.')
      const known = entries.get(idOf(place))
      if (enabled === (known !== undefined)) return
      if (known === undefined && entries.size >= maxGateways)
        throw new ProcedureError(
          'too_many_gateways',
          `There can be ${maxGateways} gateways. Switch one off first.`,
        )
      const taken = new Set([...entries.values()].map(({ port }) => port))
      const { deploymentId, serverId, workspaceId } = place
      const entry =
        known ??
        add({ deploymentId, serverId, workspaceId, port: gatewayPort(place, taken), day: '', calls: 0 })
      // At once, whether or not the file can be written: switched off is off.
      if (known !== undefined) drop(known)
      try {
        await save()
      } catch (thrown) {
        if (known === undefined) drop(entry)
        if (!(thrown instanceof FileNotWrittenError)) throw thrown
        throw new ProcedureError('not_saved', thrown.message, { cause: thrown })
      }
      if (known === undefined) {
        tell()
        await settle(entry)
      }
    },
    retry(place) {
      const entry = entries.get(idOf(place))
      if (entry === undefined) return
      if (entry.opened !== undefined) bridge.retryGateway(entry.id)
      void settle(entry)
    },
    opened(place) {
      const entry = entries.get(idOf(place))
      if (entry?.opened === undefined || entry.state.kind !== 'open')
        throw new ProcedureError(
          'not_open',
          'The gateway is not open yet. Try again once it shows its address.',
        )
      const { name, target } = entry.opened
      return { name, transport: target.transport, port: entry.port, bearer: entry.bearer }
    },
    onState({ gatewayId, connection, calls, problem, configProblem }) {
      const entry = entries.get(gatewayId)
      if (entry?.opened === undefined) return
      if (calls > 0) {
        const today = dayOf(clock.now())
        if (entry.day !== today) Object.assign(entry, { day: today, calls: 0 })
        entry.calls += calls
        saveSoon()
      }
      if (connection.kind === 'failed' && connection.isGone) {
        drop(entry)
        saveSoon()
        return
      }
      if (connection.kind === 'open' && connection.port !== entry.port) {
        entry.port = connection.port
        saveSoon()
      }
      Object.assign(entry, { problem, configProblem, state: stateOf(connection) })
      tell()
    },
    sessionChanged(deploymentId) {
      if (deps.connection(deploymentId) !== undefined) {
        settleAll((place) => place.deploymentId === deploymentId)
        return
      }
      for (const entry of [...entries.values()]) if (entry.place.deploymentId === deploymentId) drop(entry)
      saveSoon()
    },
    targetsChanged(deploymentId, serverId) {
      settleAll(
        (place) =>
          (deploymentId === undefined || place.deploymentId === deploymentId) &&
          (serverId === undefined || place.serverId === serverId),
      )
    },
    close() {
      stopKeychain()
      if (cancelSave !== undefined) void save().catch(() => undefined)
      for (const entry of entries.values()) entry.look += 1
    },
  }
}

function stateOf(connection: GatewayState['connection']): HeaderGatewayState {
  switch (connection.kind) {
    case 'open':
      return { kind: 'open', address: addressOf(connection.port) }
    case 'failed':
      return { kind: 'failed', reason: connection.reason }
    case 'waiting':
    case 'connecting':
      return connection
  }
}

/** Why none may be open, whatever the server. */
function barredBy(keychain: KeychainState, isSignedIn: boolean): HeaderGatewayState | undefined {
  if (keychain.kind === 'checking') return { kind: 'connecting' }
  if (keychain.kind === 'locked')
    return { kind: 'blocked', code: 'keychain_locked', reason: 'Off while the keychain is locked.' }
  if (keychain.kind === 'absent')
    return { kind: 'blocked', code: 'keychain_absent', reason: 'Off while there is no keychain that works.' }
  if (!isSignedIn) return { kind: 'waiting', reason: 'Opens when the deployment is signed in.' }
  return undefined
}

/** The day by this computer's calendar. */
function dayOf(ms: number): string {
  const date = new Date(ms)
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].join('-')
}
