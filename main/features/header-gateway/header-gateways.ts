/**
 * The header gateways that are switched on: opened in the bridge while the deployment is signed in and the keychain is
 * open, closed when either ends, with what the bridge says about them.
 */
import type { GatewayState, OpenGateway } from '#bridge/contract/header-gateway'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import type { HeaderGateway, HeaderGatewayState } from '#ipc/header-gateway'
import type { KeychainState } from '#ipc/keychain'
import { requireSaved } from '../../lib/data-file.ts'
import { combineLive } from '../../lib/combine-live.ts'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'
import type { BridgeProcess } from '../bridge/bridge.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import type { Keychain } from '../keychain/keychain.ts'
import type { McpTarget, McpTargets } from '../mcp-servers/mcp-target.ts'
import { createGatewayBearers, type BearerOwner } from './gateway-bearers.ts'
import type { GatewayPlace } from './gateway-place.ts'
import { gatewayPort } from './gateway-port.ts'
import { barredBy, blockedBy, dayOf, stateOf } from './gateway-state.ts'
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
  readonly keychain: Pick<Keychain, 'get' | 'set' | 'delete'> & { readonly state: LiveValue<KeychainState> }
  readonly clock: Clock
  readonly logger: Logger
}

export interface HeaderGateways {
  /** Those of one MCP server. */
  of(deploymentId: string, serverId: string): LiveValue<HeaderGateway[]>
  /** Switched on by who is signed in, whatever became of them. */
  places(): readonly GatewayPlace[]
  /** @throws {ProcedureError} `not_saved`, `too_many_gateways`, `deployment_unknown`, `signed_out` */
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
  /** Whose it is: for another user of the deployment it is as if not there. */
  readonly userId: string
  readonly id: string
  /** Kept over changes, breaks and starts of the app, since clients know it. `undefined`: not read yet. */
  bearer: string | undefined
  /** Where clients send the bearer to; `undefined` while none can have it. */
  knownAt: number | undefined
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

const idOf = (userId: string, { deploymentId, serverId, workspaceId }: GatewayPlace): string =>
  [deploymentId, userId, serverId, workspaceId].join('/')

/** Opens what was on when the app ended. */
export function createHeaderGateways(deps: HeaderGatewaysDeps): HeaderGateways {
  const { file, bridge, clock, keychain, logger } = deps
  const bearers = createGatewayBearers(keychain, logger)
  const entries = new Map<string, Entry>()
  const changed = createLiveValue(0)
  const tell = (): void => changed.set(changed.get() + 1)
  let cancelSave: (() => void) | undefined

  const userOf = (deploymentId: string): string | undefined =>
    deps.connection(deploymentId)?.view.get().user?.id
  const isMine = ({ userId, place }: Entry): boolean => userOf(place.deploymentId) === userId
  const mine = (): Entry[] => [...entries.values()].filter(isMine)
  const find = (place: GatewayPlace): Entry | undefined => {
    const userId = userOf(place.deploymentId)
    return userId === undefined ? undefined : entries.get(idOf(userId, place))
  }

  const add = (saved: SavedGateway): Entry => {
    const { port, day, calls, userId, ...place } = saved
    const entry: Entry = {
      place,
      userId,
      id: idOf(userId, place),
      bearer: undefined,
      knownAt: undefined,
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
    const isSignedIn = isMine(entry) && deps.connection(deploymentId)?.session.get() !== undefined
    const barred = barredBy(keychain.state.get(), isSignedIn)
    if (barred !== undefined) {
      shut(entry, barred)
      return
    }
    try {
      const { config, url, transport, headers } = await deps.targets.resolve(deploymentId, serverId)
      if (entry.look !== look || entries.get(entry.id) !== entry) return
      if (!config.enabled)
        throw new ProcedureError('disabled', 'An administrator has switched this server off.')
      await readBearer(entry)
      if (entry.look !== look || entries.get(entry.id) !== entry) return
      open(entry, config.slug, { url, transport, headers: { ...headers } })
    } catch (thrown) {
      if (entry.look === look && entries.get(entry.id) === entry) takeFailure(entry, thrown)
    }
  }

  const hasBearer = (entry: Entry): boolean => entry.bearer !== undefined
  const readBearer = async (entry: Entry): Promise<void> => {
    if (hasBearer(entry)) return
    const { bearer, isKept } = await bearers.read(ownerOf(entry))
    // Another look has read it meanwhile, or it was replaced.
    if (!hasBearer(entry)) Object.assign(entry, { bearer, knownAt: isKept ? entry.port : undefined })
  }
  const forgetBearer = (entry: Entry): void => {
    Object.assign(entry, { bearer: undefined, knownAt: undefined })
    bearers.forget(ownerOf(entry))
  }
  /** Clients send the bearer to where somebody else listens, or did: they get another one. */
  const replaceBearer = (entry: Entry, { name, target }: NonNullable<Entry['opened']>): void => {
    Object.assign(entry, {
      bearer: bearers.replace(ownerOf(entry)),
      knownAt: undefined,
      opened: undefined,
    })
    try {
      open(entry, name, target)
    } catch (thrown) {
      bridge.closeGateway(entry.id)
      takeFailure(entry, thrown)
    }
  }

  const open = (entry: Entry, name: string, target: OpenGateway['target']): void => {
    const isSame = JSON.stringify(entry.opened) === JSON.stringify({ name, target })
    if (isSame) return
    bridge.openGateway(requestOf(entry, { name, target }))
    Object.assign(entry, { opened: { name, target }, state: { kind: 'connecting' }, problem: null })
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
    shut(entry, blockedBy(thrown))
  }

  const settleAll = (where: (place: GatewayPlace) => boolean = () => true): void => {
    for (const entry of entries.values()) if (where(entry.place)) void settle(entry)
  }

  const save = async (): Promise<void> => {
    cancelSave?.()
    cancelSave = undefined
    const list = [...entries.values()].map(({ place, userId, port, day, calls }) => ({
      ...place,
      userId,
      port,
      day,
      calls,
    }))
    await file.update(() => list)
  }
  const saveCounts = (): void => {
    save().catch((thrown: unknown) => {
      logger.warn('The counts of header gateways could not be saved', { err: toError(thrown) })
    })
  }
  const saveSoon = (): void => {
    cancelSave ??= clock.after(saveCallsMs, saveCounts)
  }
  const drop = (entry: Entry): void => {
    entries.delete(entry.id)
    shut(entry, { kind: 'connecting' })
    forgetBearer(entry)
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
        mine()
          .filter(({ place }) => place.deploymentId === deploymentId && place.serverId === serverId)
          .map(view),
      ),
    places: () => mine().map(({ place }) => place),
    async set(place, enabled) {
      if (deps.connection(place.deploymentId) === undefined)
        throw new ProcedureError('deployment_unknown', 'This deployment is not in your list any more.')
      const userId = userOf(place.deploymentId)
      if (userId === undefined) throw new ProcedureError('signed_out', 'Sign in to the deployment first.')
      const known = find(place)
      if (enabled === (known !== undefined)) return
      if (known === undefined && mine().length >= maxGateways)
        throw new ProcedureError(
          'too_many_gateways',
          `There can be ${maxGateways} gateways. Switch one off first.`,
        )
      const taken = new Set([...entries.values()].map(({ port }) => port))
      const { deploymentId, serverId, workspaceId } = place
      const entry =
        known ??
        add({
          deploymentId,
          userId,
          serverId,
          workspaceId,
          port: gatewayPort(place, taken),
          day: '',
          calls: 0,
        })
      // At once, whether or not the file can be written: switched off is off.
      if (known !== undefined) drop(known)
      try {
        await requireSaved(save())
      } catch (thrown) {
        if (known === undefined) drop(entry)
        throw thrown
      }
      if (known === undefined) {
        tell()
        await settle(entry)
      }
    },
    retry(place) {
      const entry = find(place)
      if (entry === undefined) return
      if (entry.opened !== undefined) bridge.retryGateway(entry.id)
      void settle(entry)
    },
    opened(place) {
      const entry = find(place)
      if (entry?.opened === undefined || entry.bearer === undefined || entry.state.kind !== 'open')
        throw new ProcedureError(
          'not_open',
          'The gateway is not open yet. Try again once it shows its address.',
        )
      const { name, target } = entry.opened
      return { name, transport: target.transport, port: entry.port, bearer: entry.bearer }
    },
    onState({ gatewayId, connection, calls, problem, configProblem, isPortTaken }) {
      const entry = entries.get(gatewayId)
      if (entry?.opened === undefined || !isMine(entry)) return
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
      // Clients know the bearer: on another port, the one they send it to is not ours any more, and on the same one it
      // was not for a while.
      const isPortLost =
        entry.knownAt !== undefined &&
        (isPortTaken || (connection.kind === 'open' && connection.port !== entry.knownAt))
      if (connection.kind === 'open' && connection.port !== entry.port) {
        entry.port = connection.port
        // At once: with an older port in the file, its next start would take this one for somebody else's.
        saveCounts()
      }
      Object.assign(entry, { problem, configProblem, state: stateOf(connection) })
      if (isPortLost) replaceBearer(entry, entry.opened)
      else if (connection.kind === 'open') entry.knownAt = connection.port
      tell()
    },
    sessionChanged(deploymentId) {
      const ofIt = [...entries.values()].filter(({ place }) => place.deploymentId === deploymentId)
      const connection = deps.connection(deploymentId)
      if (connection === undefined) {
        for (const entry of ofIt) drop(entry)
        saveSoon()
        return
      }
      settleAll((place) => place.deploymentId === deploymentId)
      // The session goes first, and right after it the state says why.
      queueMicrotask(() => {
        if (connection.view.get().state.kind === 'signed_out') for (const entry of ofIt) forgetBearer(entry)
      })
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
      if (cancelSave !== undefined) saveCounts()
      for (const entry of entries.values()) entry.look += 1
    },
  }
}

const ownerOf = ({ place, userId }: Entry): BearerOwner => ({ ...place, userId })

function requestOf(
  { id: gatewayId, place: { deploymentId, workspaceId }, bearer, port }: Entry,
  { name, target }: NonNullable<Entry['opened']>,
): Omit<OpenGateway, 'type'> {
  if (bearer === undefined) throw new Error('A gateway is opened without its bearer.')
  return { gatewayId, deploymentId, workspaceId, name, target, bearer, port }
}
