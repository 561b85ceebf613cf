/** The app's deployments: the saved list, a live connection for each, and which one the pages show. */
import { randomUUID } from 'node:crypto'
import { isLoopbackHost } from '#bridge/client/deployment-url'
import type { Network } from '#bridge/client/network/network'
import type { DeploymentNetwork } from '#bridge/contract/deployment-network'
import { usersRoutes } from '#bridge/contract/users'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import type { Deployment } from '#ipc/deployments'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'
import { SecretsError } from '../../ports/secrets.ts'
import type { Keychain } from '../keychain/keychain.ts'
import type { HeaderVault } from '../mcp-servers/header-vault.ts'
import type { DeploymentConnection, Session } from './connection.ts'
import type { ConnectionNetwork } from './current-network.ts'
import { proxyAccount, type DeploymentNetworks, type WantedNetwork } from './deployment-networks.ts'
import {
  localDeploymentId,
  networkOf,
  tokenAccount,
  type DeploymentList,
  type SavedDeployment,
} from './deployments-file.ts'
import { tooOld } from './too-old.ts'

export interface DeploymentsDeps {
  readonly file: VersionedFile<DeploymentList>
  readonly keychain: Keychain
  /** What a deployment leaves in the keychain beside its token goes with it. */
  readonly headerVault: Pick<HeaderVault, 'removeDeployment'>
  readonly networks: Pick<DeploymentNetworks, 'options' | 'open' | 'keepCredentials'>
  readonly connect: (saved: SavedDeployment, network: ConnectionNetwork | undefined) => DeploymentConnection
  readonly logger: Logger
}

interface DeploymentsView {
  readonly deployments: Deployment[]
  readonly activeId: string
}

interface SignedInDeployment {
  readonly url: string
  /** Empty where a client certificate is what signs in. */
  readonly token: string
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
  /** The deployment with that address, if it is in the list. */
  findByUrl(url: string): Deployment | undefined
  /** Saves a deployment whose token was tried, and makes it the active one. */
  add(added: SignedInDeployment): Promise<Deployment>
  /** How it is reached. @throws {ProcedureError} `deployment_unknown`, `local_stays` */
  network(deploymentId: string): { readonly network: DeploymentNetwork; readonly url: string }
  /** Another network like that of its connection, for whoever tries something; it is theirs to retire. */
  openNetwork(deploymentId: string): Promise<Network | undefined>
  /** Keeps how it is reached, and connects anew. */
  setNetwork(deploymentId: string, wanted: WantedNetwork): Promise<void>
  replaceToken(deploymentId: string, token: string): Promise<void>
  remove(deploymentId: string): Promise<void>
  rename(deploymentId: string, name: string): Promise<void>
  setActive(deploymentId: string): Promise<void>
  /** Somebody else was refused by this deployment: find out whether the token still holds. */
  recheck(deploymentId: string): void
  /** Tries all that are away now. */
  retryAll(): void
  close(): void
}

/** How long leaving waits for the server to end the session. */
const LOGOUT_TIMEOUT_MS = 5000

/** Opens a connection to every saved deployment. */
export function createDeployments(deps: DeploymentsDeps): Deployments {
  const { file, keychain, networks, connect, logger } = deps
  const connections = new Map<string, DeploymentConnection>()
  const stops = new Map<string, () => void>()
  const sessionListeners = new Set<(deploymentId: string, session: Session | undefined) => void>()

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
    const stopView = opened.view.onChange(() => view.set(read()))
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

  /** Ends the session on the server. Being away must not keep anybody from removing a deployment. */
  const logout = async (session: Session): Promise<void> => {
    try {
      await session.client.call(usersRoutes.logout, {}, { signal: AbortSignal.timeout(LOGOUT_TIMEOUT_MS) })
    } catch (error) {
      logger.info('The session of a removed deployment could not be ended', { err: toError(error) })
    }
  }

  return {
    view,
    connection,
    find: (id) => connections.get(id),
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
    async openNetwork(id) {
      const network = networkOf(file.value.get(), id)
      if (network === undefined) return undefined
      const { url } = reached(id)
      return networks.open(await networks.options(id, network, url), url)
    },
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
    async add({ url, token, name, wanted }) {
      const entry: SavedDeployment = {
        kind: 'remote',
        id: randomUUID(),
        name: name || new URL(url).host,
        url,
        network: wanted.network,
      }
      const keep = async (): Promise<void> => {
        if (token !== '') await keychain.set(tokenAccount(entry.id), token)
        if (wanted.credentials !== null) await networks.keepCredentials(entry.id, wanted.credentials)
      }
      try {
        await keep()
        await file.update((list) => ({ activeId: entry.id, deployments: [...list.deployments, entry] }))
      } catch (error) {
        await forget(keychain, entry.id)
        throw error
      }
      open(entry)
      view.set(read())
      return describe(entry)
    },
    async replaceToken(id, token) {
      const target = connection(id)
      await keychain.set(tokenAccount(id), token)
      target.retry()
    },
    async remove(id) {
      const { kind } = saved(id)
      if (kind === 'local')
        throw new ProcedureError('local_stays', 'The deployment on this computer cannot be removed.')
      const session = connection(id).session.get()
      await deleteSecrets(deps, id)
      await file.update((list) => ({
        activeId: list.activeId === id ? localDeploymentId : list.activeId,
        deployments: list.deployments.filter((entry) => entry.id !== id),
      }))
      drop(id)
      for (const listener of [...sessionListeners]) listener(id, undefined)
      view.set(read())
      if (session !== undefined) await logout(session)
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

/** Where there is no keychain, nothing was kept either. */
async function deleteSecrets(
  { keychain, headerVault }: Pick<DeploymentsDeps, 'keychain' | 'headerVault'>,
  deploymentId: string,
): Promise<void> {
  try {
    await headerVault.removeDeployment(deploymentId)
    await forget(keychain, deploymentId)
  } catch (thrown) {
    if (!(thrown instanceof SecretsError) || thrown.code !== 'absent') throw thrown
  }
}

async function forget(keychain: Pick<Keychain, 'delete'>, deploymentId: string): Promise<void> {
  await keychain.delete(tokenAccount(deploymentId))
  await keychain.delete(proxyAccount(deploymentId))
}

function isInsecure(url: string): boolean {
  if (url === '') return false
  const { protocol, hostname } = new URL(url)
  return protocol === 'http:' && !isLoopbackHost(hostname)
}

function unknownDeployment(): ProcedureError {
  return new ProcedureError('deployment_unknown', 'This deployment is not in your list any more.')
}
