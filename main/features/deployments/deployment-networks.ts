/** How each deployment is reached: what is saved for it, what the system says, and what that comes to. */
import { basename } from 'node:path'
import { chooseProxies, parseProxyUrl } from '#bridge/client/network/choose-proxies'
import { createNetwork, type Network } from '#bridge/client/network/network'
import {
  defaultNetwork,
  proxyCredentialsSchema,
  type DeploymentNetwork,
  type NetworkOptions,
  type Proxy,
  type ProxyCredentials,
} from '#bridge/contract/deployment-network'
import type { Clock } from '#bridge/lib/clock'
import type { NetworkView } from '#ipc/deployment-network'
import type { ChosenInput, NetworkInput } from '#ipc/network-input'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { SystemProxy } from '../../ports/system-proxy.ts'
import type { Keychain } from '../keychain/keychain.ts'
import type { ChosenFiles } from './chosen-files.ts'
import type { ConfirmCommands } from './confirm-commands.ts'

export interface DeploymentNetworksDeps {
  readonly keychain: Pick<Keychain, 'get' | 'set' | 'delete'>
  readonly systemProxy: SystemProxy
  readonly chosen: ChosenFiles
  readonly confirm: ConfirmCommands
  /** What the user's commands see. */
  readonly environment: Readonly<Record<string, string>>
  readonly clock: Clock
}

/** Settings with the secret that belongs to them. */
export interface WantedNetwork {
  readonly network: DeploymentNetwork
  readonly credentials: ProxyCredentials | null
}

export interface DeploymentNetworks {
  /** What a saved deployment's settings come to now. @throws {SecretsError} */
  options(deploymentId: string, network: DeploymentNetwork, url: string): Promise<NetworkOptions>
  /** Makes the network; whoever opened it retires it. */
  open(options: NetworkOptions, url: string): Network
  /** The same for settings that are tried, not saved. */
  trial(wanted: WantedNetwork, url: string): Promise<Network>
  view(deploymentId: string, network: DeploymentNetwork, url: string): Promise<NetworkView>
  /**
   * What the user set, checked, and its commands confirmed.
   *
   * @throws {ProcedureError} `network_unusable`, `command_refused`
   */
  accept(input: NetworkInput | undefined, url: string, saved?: SavedNetwork): Promise<WantedNetwork>
  keepCredentials(deploymentId: string, credentials: ProxyCredentials | null): Promise<void>
}

export interface SavedNetwork {
  readonly deploymentId: string
  readonly network: DeploymentNetwork
}

/** The keychain account of what a deployment's proxy asks for. */
export function proxyAccount(deploymentId: string): string {
  return `deployment/${deploymentId}/proxy-credentials`
}

export function createDeploymentNetworks(deps: DeploymentNetworksDeps): DeploymentNetworks {
  const { keychain, systemProxy, environment, clock } = deps

  const proxiesTo = async (network: DeploymentNetwork, url: string): Promise<readonly Proxy[]> =>
    chooseProxies(network, url, network.proxyMode === 'system' ? await systemProxy.resolve(url) : '')
  const combine = async ({ network, credentials }: WantedNetwork, url: string): Promise<NetworkOptions> => {
    const { caFile, certFile, keyFile, serverName, refreshCommand, headerCommand } = network
    const proxies = [...(await proxiesTo(network, url))]
    return {
      ...{ caFile, certFile, keyFile, serverName, refreshCommand, headerCommand },
      proxies,
      proxyCredentials: credentials,
    }
  }
  const credentialsOf = async (deploymentId: string): Promise<ProxyCredentials | null> => {
    const stored = await keychain.get(proxyAccount(deploymentId))
    if (stored === null) return null
    return proxyCredentialsSchema.parse(JSON.parse(stored))
  }
  const open = (options: NetworkOptions, url: string): Network =>
    createNetwork(options, { url, environment, clock })

  const credentialsFrom = async (
    input: NetworkInput['credentials'],
    wanted: DeploymentNetwork,
    url: string,
    saved: SavedNetwork | undefined,
  ): Promise<ProxyCredentials | null> => {
    if (input.kind === 'none') return null
    if (input.kind === 'kept') return saved === undefined ? null : credentialsOf(saved.deploymentId)
    // A secret is for the proxy it was entered for, and goes to no other that a PAC file may name later.
    const server = (await proxiesTo({ ...wanted, bypass: '' }, url)).find(
      (proxy) => proxy.scheme !== 'direct',
    )
    if (server === undefined)
      throw unusable(
        'There is no proxy to give the user name and the password to. Set one, or leave them out.',
      )
    const { username, password } = input
    return { host: server.host, port: server.port, username, password }
  }

  return {
    open,
    async options(deploymentId, network, url) {
      return combine({ network, credentials: await credentialsOf(deploymentId) }, url)
    },
    async trial(wanted, url) {
      return open(await combine(wanted, url), url)
    },
    async view(deploymentId, network, url) {
      const { serverName, refreshCommand, headerCommand, proxyMode, proxyUrl, bypass } = network
      return {
        ...{ serverName, refreshCommand, headerCommand, proxyMode, proxyUrl, bypass },
        ca: basename(network.caFile),
        cert: basename(network.certFile),
        key: basename(network.keyFile),
        hasCredentials: (await credentialsOf(deploymentId)) !== null,
        systemAnswer: await systemProxy.resolve(url),
      }
    },
    async accept(input, url, saved) {
      if (input === undefined) return { network: defaultNetwork, credentials: null }
      const before = saved?.network ?? defaultNetwork
      const { ca, cert, key, credentials, ...text } = input
      const file = (choice: ChosenInput, kept: string): string => fileOf(choice, kept, deps.chosen)
      const network: DeploymentNetwork = {
        ...text,
        caFile: file(ca, before.caFile),
        certFile: file(cert, before.certFile),
        keyFile: file(key, before.keyFile),
      }
      requireSensible(network)
      const known = [before.headerCommand, before.refreshCommand]
      await deps.confirm(new URL(url).host, [network.headerCommand, network.refreshCommand], known)
      return { network, credentials: await credentialsFrom(credentials, network, url, saved) }
    },
    async keepCredentials(deploymentId, credentials) {
      const account = proxyAccount(deploymentId)
      if (credentials === null) await keychain.delete(account)
      else await keychain.set(account, JSON.stringify(credentials))
    },
  }
}

function fileOf(choice: ChosenInput, kept: string, chosen: ChosenFiles): string {
  if (choice.kind === 'none') return ''
  if (choice.kind === 'kept') return kept
  const path = chosen.pathOf(choice.id)
  if (path === undefined) throw unusable('A file that was chosen is not known any more. Choose it again.')
  return path
}

function requireSensible({
  proxyMode,
  proxyUrl,
  certFile,
  keyFile,
  refreshCommand,
}: DeploymentNetwork): void {
  if (proxyMode === 'manual' && parseProxyUrl(proxyUrl) === undefined)
    throw unusable('The address of the proxy cannot be read. Enter one like http://proxy.example.com:3128.')
  if (keyFile !== '' && certFile === '')
    throw unusable('Choose the client certificate that the key belongs to.')
  if (refreshCommand !== '' && certFile === '')
    throw unusable('The command that renews the client certificate needs one to renew. Choose its file.')
}

function unusable(message: string): ProcedureError {
  return new ProcedureError('network_unusable', message)
}
