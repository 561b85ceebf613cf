/** The app's deployments: the saved list, a live connection for each, and which one the pages show. */
import { randomUUID } from 'node:crypto'
import { isLoopbackHost } from '#bridge/client/deployment-url'
import type { Network } from '#bridge/client/network/network'
import type { DeploymentNetwork } from '#bridge/contract/deployment-network'
import type { Deployment } from '#ipc/deployments'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'
import type { DeploymentConnection, Session } from './connection.ts'
import type { ConnectionNetwork } from './current-network.ts'
import type { DeploymentNetworks, WantedNetwork } from './deployment-networks.ts'
import type { DeploymentSecrets } from './deployment-secrets.ts'
import {
  localDeploymentId,
  networkOf,
  type DeploymentList,
  type SavedDeployment,
} from './deployments-file.ts'
import type { EndSession } from './session-end.ts'
import type { KeptSession, SessionEntries } from './session-entries.ts'
import { tooOld } from './too-old.ts'

export interface DeploymentsDeps {
  readonly file: VersionedFile<DeploymentList>
  readonly entries: Pick<SessionEntries, 'keep' | 'remove'>
  readonly secrets: DeploymentSecrets
  readonly endSession: EndSession
  readonly networks: Pick<DeploymentNetworks, 'options' | 'open' | 'keepCredentials'>
  readonly connect: (saved: SavedDeployment, network: ConnectionNetwork | undefined) => DeploymentConnection
}

interface DeploymentsView {
  readonly deployments: Deployment[]
  readonly activeId: string
}

interface SignedInDeployment {
  readonly url: string
  readonly session: KeptSession
  readonly name: string
  readonly wanted: WantedNetwork
}

export interface Deployments {
  readonly view: LiveValue<DeploymentsView>
  /** @throws {ProcedureError} `deployment_unknown` */
  connection(deploymentId: string): DeploymentConnection
  /** The same, `undefined` for one that is not in the list. */
  find(deploymentId: string): DeploymentConnection | undefined
  /** Called for each session a deployment gets, and with `undefined` when it loses it. Told at once what holds now. */
  onSession(listener: (deploymentId: string, session: Session | undefined) => void): () => void
  /** Called when one that was away answers again. */
  onReturn(listener: () => void): () => void
  /** The deployment with that address, if it is in the list. */
  findByUrl(url: string): Deployment | undefined
  /** Saves a deployment whose session was tried, and makes it the active one. */
  add(added: SignedInDeployment): Promise<Deployment>
  /** How it is reached. @throws {ProcedureError} `deployment_unknown`, `local_stays` */
  network(deploymentId: string): { readonly network: DeploymentNetwork; readonly url: string }
  /** Another network like that of its connection, for whoever tries something; it is theirs to retire. */
  openNetwork(deploymentId: string): Promise<Network | undefined>
  /** Keeps how it is reached, and connects anew. */
  setNetwork(deploymentId: string, wanted: WantedNetwork): Promise<void>
  replaceSession(deploymentId: string, session: KeptSession): Promise<void>
  /** Forgets the session and ends it on the server; answers whether the server has. */
  signOut(deploymentId: string): Promise<boolean>
  remove(deploymentId: string): Promise<void>
  rename(deploymentId: string, name: string): Promise<void>
  setActive(deploymentId: string): Promise<void>
  /** Somebody else was refused by this deployment: find out whether the token still holds. */
  recheck(deploymentId: string): void
  /** Tries all that are away now. */
  retryAll(): void
  close(): void
}

/** Opens a connection to every saved deployment. */
export function createDeployments(deps: DeploymentsDeps): Deployments {
  const { file, entries, secrets, endSession, networks, connect } = deps
  const connections = new Map<string, DeploymentConnection>()
  const stops = new Map<string, () => void>()
  const sessionListeners = new Set<(deploymentId: string, session: Session | undefined) => void>()
  const returnListeners = new Set<() => void>()

  const saved = (id: string): SavedDeployment => {
    const entry = file.value.get().deployments.find((candidate) => candidate.id === id)
    if (entry === undefined) throw unknownDeployment()
    return entry
  }
  const connection = (id: string): DeploymentConnection => {
    const found = connections.get(id)
    if (found === undefined) throw unknownDeployment()
    return found
  }
  const describe = (entry: SavedDeployment): Deployment => {
    const now = connection(entry.id).view.get()
    const { id, kind, name } = entry
    return { ...now, id, kind, name, insecure: isInsecure(now.url), tooOld: tooOld(now.version) }
  }
  const read = (): DeploymentsView => {
    const { deployments, activeId } = file.value.get()
    const known = deployments.filter((entry) => connections.has(entry.id))
    return {
      deployments: known.map(describe),
      activeId: known.some((entry) => entry.id === activeId) ? activeId : localDeploymentId,
    }
  }
  const reached = (id: string): { readonly network: DeploymentNetwork; readonly url: string } => {
    const entry = saved(id)
    if (entry.kind === 'remote') return entry
    throw new ProcedureError('local_stays', 'The deployment on this computer is reached without a network.')
  }
  const open = (entry: SavedDeployment): void => {
    const network: ConnectionNetwork | undefined =
      entry.kind === 'local'
        ? undefined
        : { ...networks, options: (url) => networks.options(entry.id, reached(entry.id).network, url) }
    const opened = connect(entry, network)
    connections.set(entry.id, opened)
    let isAway = false
    const stopView = opened.view.onChange(({ state }) => {
      view.set(read())
      const isBack = isAway && state.kind === 'connected'
      if (state.kind !== 'connecting') isAway = state.kind === 'unreachable'
      if (isBack) for (const listener of [...returnListeners]) listener()
    })
    const stopSession = opened.session.onChange((session) => {
      for (const listener of [...sessionListeners]) listener(entry.id, session)
    })
    stops.set(entry.id, () => {
      stopView()
      stopSession()
    })
    opened.start()
  }
  const drop = (id: string): void => {
    connections.get(id)?.close()
    stops.get(id)?.()
    stops.delete(id)
    connections.delete(id)
  }

  const view = createLiveValue<DeploymentsView>({ deployments: [], activeId: localDeploymentId })
  for (const entry of file.value.get().deployments) open(entry)
  view.set(read())
  const stopFile = file.value.onChange(() => view.set(read()))

  const openNetwork = async (id: string): Promise<Network | undefined> => {
    const network = networkOf(file.value.get(), id)
    if (network === undefined) return undefined
    const { url } = reached(id)
    return networks.open(await networks.options(id, network, url), url)
  }

  return {
    view,
    connection,
    find: (id) => connections.get(id),
    onReturn(listener) {
      returnListeners.add(listener)
      return () => {
        returnListeners.delete(listener)
      }
    },
    onSession(listener) {
      sessionListeners.add(listener)
      for (const [id, opened] of connections) {
        const session = opened.session.get()
        if (session !== undefined) listener(id, session)
      }
      return () => {
        sessionListeners.delete(listener)
      }
    },
    findByUrl: (url) => view.get().deployments.find((deployment) => deployment.url === url),
    network: reached,
    openNetwork,
    async setNetwork(id, { network, credentials }) {
      const target = connection(id)
      reached(id)
      await networks.keepCredentials(id, credentials)
      await file.update((list) => ({
        ...list,
        deployments: list.deployments.map((entry) =>
          entry.id === id && entry.kind === 'remote' ? { ...entry, network } : entry,
        ),
      }))
      target.networkChanged()
    },
    async add({ url, session, name, wanted }) {
      const entry: SavedDeployment = {
        kind: 'remote',
        id: randomUUID(),
        name: name || new URL(url).host,
        url,
        network: wanted.network,
      }
      const keep = async (): Promise<void> => {
        await entries.keep(entry.id, session)
        if (wanted.credentials !== null) await networks.keepCredentials(entry.id, wanted.credentials)
      }
      try {
        await keep()
        await file.update((list) => ({ activeId: entry.id, deployments: [...list.deployments, entry] }))
      } catch (error) {
        await secrets.forget(entry.id)
        throw error
      }
      open(entry)
      view.set(read())
      return describe(entry)
    },
    async replaceSession(id, session) {
      const target = connection(id)
      await entries.keep(id, session)
      target.retry()
    },
    async signOut(id) {
      const target = connection(id)
      if (saved(id).kind === 'local')
        throw new ProcedureError(
          'local_stays',
          'You are always signed in to the deployment on this computer.',
        )
      const { url } = reached(id)
      const session = await entries.remove(id)
      target.retry()
      return session === null || (await endSession(url, session, () => openNetwork(id)))
    },
    async remove(id) {
      const { kind } = saved(id)
      if (kind === 'local')
        throw new ProcedureError('local_stays', 'The deployment on this computer cannot be removed.')
      const { url } = reached(id)
      const session = await secrets.session(id)
      // Opened before the secrets go, since those of a proxy are among them.
      const network = session === null ? undefined : await openNetwork(id)
      await secrets.removeAll(id)
      await file.update((list) => ({
        activeId: list.activeId === id ? localDeploymentId : list.activeId,
        deployments: list.deployments.filter((entry) => entry.id !== id),
      }))
      drop(id)
      for (const listener of [...sessionListeners]) listener(id, undefined)
      view.set(read())
      if (session !== null) await endSession(url, session, async () => network)
    },
    async rename(id, name) {
      saved(id)
      await file.update((list) => ({
        ...list,
        deployments: list.deployments.map((entry) => (entry.id === id ? { ...entry, name } : entry)),
      }))
    },
    async setActive(id) {
      saved(id)
      await file.update((list) => (list.activeId === id ? list : { ...list, activeId: id }))
    },
    recheck(id) {
      // It may have been removed meanwhile.
      connections.get(id)?.retry()
    },
    retryAll() {
      for (const opened of connections.values()) {
        if (opened.view.get().state.kind === 'unreachable') opened.retry()
        else opened.check()
      }
    },
    close() {
      stopFile()
      for (const id of [...connections.keys()]) drop(id)
    },
  }
}

function isInsecure(url: string): boolean {
  if (url === '') return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !isLoopbackHost(hostname)
}

function unknownDeployment(): ProcedureError {
  return new ProcedureError('deployment_unknown', 'This deployment is not in your list any more.')
}
