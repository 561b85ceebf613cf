/** What tells how connections are, given what the app's parts know. */
import { directRoute, type CheckRoute } from '#bridge/client/checks/check-route'
import { networkRoute } from '#bridge/client/checks/network-route'
import { proxyCredentialsSchema } from '#bridge/contract/deployment-network'
import type { WorkspaceLink } from '#bridge/contract/workspace-probe'
import type { CheckReport, WorkspaceLinkView } from '#ipc/diagnostics'
import type { Settings } from '#ipc/settings'
import type { BridgeProcess } from './features/bridge/bridge.ts'
import type { Deployments } from './features/deployments/deployments.ts'
import { proxyAccount, type DeploymentNetworks } from './features/deployments/deployment-networks.ts'
import { networkOf, tokenAccount, type DeploymentList } from './features/deployments/deployments-file.ts'
import {
  createConnectionTimeline,
  type ConnectionTimeline,
} from './features/diagnostics/connection-timeline.ts'
import { createDiagnosticsHandlers } from './features/diagnostics/diagnostics-handlers.ts'
import { createLatencyHistory } from './features/diagnostics/latency-history.ts'
import { collectBundle, type KnownSecrets } from './features/diagnostics/support-bundle.ts'
import { watchDeployments } from './features/diagnostics/watch-deployments.ts'
import { bearerAccount } from './features/header-gateway/gateway-bearers.ts'
import type { SavedGateway } from './features/header-gateway/gateways-file.ts'
import type { Keychain } from './features/keychain/keychain.ts'
import { serverKeysAccount } from './features/local-server/server-keys.ts'
import { authorityKeyAccount } from './features/tunnels/local-authority.ts'
import type { HeaderVault } from './features/mcp-servers/header-vault.ts'
import { createLiveValue, type LiveValue } from './lib/live-value.ts'
import type { VersionedFile } from './lib/versioned-file.ts'
import type { AppPorts } from './ports/app-ports.ts'
import { SecretsError } from './ports/secrets.ts'

/** Made before the bridge, which tells them what happens. */
export function createConnectionRecords({ clock }: Pick<AppPorts, 'clock'>) {
  const links = createLiveValue<readonly WorkspaceLinkView[]>([])
  const timeline = createConnectionTimeline(clock)
  const onWorkspaceLink = ({ type: _, ...link }: WorkspaceLink): void => {
    const others = links
      .get()
      .filter((one) => one.deploymentId !== link.deploymentId || one.workspaceId !== link.workspaceId)
    // Between two reports of its network a new connection says nothing of it: what is known stays.
    const known = links.get().find((one) => !others.includes(one) && one.transport === link.transport)
    const network = link.network ?? known?.network ?? null
    links.set([...others, { ...link, network, at: clock.now() }].slice(-maxLinks))
  }
  return {
    timeline,
    links,
    /** What the bridge tells them. */
    heard: { connectionLog: timeline, onWorkspaceLink },
  }
}

const maxLinks = 200

export interface DiagnosticsPartsInput {
  readonly records: {
    readonly timeline: ConnectionTimeline
    readonly links: LiveValue<readonly WorkspaceLinkView[]>
  }
  readonly deployments: Deployments
  readonly bridge: BridgeProcess
  readonly networks: Pick<DeploymentNetworks, 'options'>
  readonly keychain: Keychain
  readonly headerVault: Pick<HeaderVault, 'allValues'>
  readonly settings: { readonly value: LiveValue<Settings> }
  readonly processes: LiveValue<object>
  readonly visible: LiveValue<boolean>
  readonly client: { readonly userAgent: string }
}

/** The page's procedures, and what ends with the app. */
export function createDiagnosticsParts(
  {
    clock,
    commandEnvironment,
    desktop,
    facts,
  }: Pick<AppPorts, 'clock' | 'commandEnvironment' | 'desktop' | 'facts'>,
  {
    gatewaysFile,
    deploymentsFile,
  }: {
    readonly gatewaysFile: VersionedFile<readonly SavedGateway[]>
    readonly deploymentsFile: VersionedFile<DeploymentList>
  },
  input: DiagnosticsPartsInput,
) {
  const { records, deployments, bridge, keychain } = input
  const latency = createLatencyHistory(clock)
  const reports = createLiveValue<ReadonlyMap<string, CheckReport>>(new Map())
  const stopWatching = watchDeployments({
    view: deployments.view,
    log: records.timeline,
    latency,
    onGone(deploymentId) {
      const rest = new Map(reports.get())
      if (rest.delete(deploymentId)) reports.set(rest)
    },
    clock,
  })
  const sources = {
    facts,
    settings: () => input.settings.value.get(),
    deployments: () => deployments.view.get().deployments,
    timeline: () => records.timeline.value.get(),
    reports: () => [...reports.get().values()],
    latency: () => latency.value.get(),
    links: () => records.links.get(),
    health: () => ({ processes: input.processes.get(), keychain: keychain.state.get() }),
    secrets: () => readSecrets(input, gatewaysFile.value.get()),
    now: () => clock.now(),
  }
  const routeOf = async (deploymentId: string, url: string): Promise<CheckRoute> => {
    const network = networkOf(deploymentsFile.value.get(), deploymentId)
    if (network === undefined) return directRoute
    const options = await input.networks.options(deploymentId, network, url)
    return networkRoute(options, { environment: commandEnvironment, clock, url })
  }
  return {
    handlers: createDiagnosticsHandlers({
      connection: deployments.connection,
      bridge,
      routeOf,
      timeline: records.timeline,
      latency,
      links: records.links,
      reports,
      collect: (options) => collectBundle(sources, options),
      visible: input.visible,
      desktop,
      userAgent: input.client.userAgent,
      clock,
    }),
    close() {
      stopWatching()
      records.timeline.close()
    },
  }
}

/** Every value that a vault of the app holds now, so that it can be masked wherever it stands. */
async function readSecrets(
  { deployments, keychain, headerVault }: DiagnosticsPartsInput,
  gateways: readonly SavedGateway[],
): Promise<KnownSecrets> {
  const values = new Set<string>()
  let isComplete = true
  const add = async (read: () => Promise<readonly (string | null | undefined)[]>): Promise<void> => {
    try {
      for (const value of await read()) if (value) values.add(value)
    } catch (thrown) {
      if (!(thrown instanceof SecretsError)) throw thrown
      // Where there is no keychain, nothing lies in it.
      if (thrown.code !== 'absent') isComplete = false
    }
  }
  for (const { id } of deployments.view.get().deployments) {
    await add(() => Promise.resolve([deployments.find(id)?.session.get()?.token]))
    await add(async () => sessionSecrets(await keychain.get(tokenAccount(id))))
    await add(() => headerVault.allValues(id))
    await add(async () => proxyPassword(await keychain.get(proxyAccount(id))))
  }
  for (const gateway of gateways) await add(async () => [await keychain.get(bearerAccount(gateway))])
  await add(async () => [await keychain.get(authorityKeyAccount)])
  await add(async () => (await keychain.get(serverKeysAccount))?.split('\n') ?? [])
  return { values, isComplete }
}

/** A bare token, or a record whose secrets go by their names: of any version, so a damaged one hides nothing. */
function sessionSecrets(stored: string | null): readonly string[] {
  if (stored === null) return []
  const named = [...stored.matchAll(/"(?:\w*Token|\w*Secret)"\s*:\s*("(?:[^"\\]|\\.)*")/g)]
  return [stored, ...named.map(([, text = '""']) => JSON.parse(text) as string)]
}

function proxyPassword(stored: string | null): readonly string[] {
  if (stored === null) return []
  const { username, password } = proxyCredentialsSchema.parse(JSON.parse(stored))
  return [password, `${username}:${password}`]
}
