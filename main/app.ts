/** The running app, without Electron: what is made of what, in which order it starts and ends. */
import { randomInt } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { toError } from '#bridge/lib/to-error'
import type { AppCommand } from '#ipc/app'
import { contract } from '#ipc/contract'
import type { AppPreviewsFeature } from './features/app-preview/app-previews.ts'
import { afterFirstPage } from './features/app/after-first-page.ts'
import { createAppHandlers } from './features/app/app-handlers.ts'
import { createCommands } from './features/app/commands.ts'
import { createDeepLinks } from './features/app/deep-links.ts'
import { createExternalLinks, type ExternalLinks } from './features/app/external-links.ts'
import { combineProcessHealth } from './features/app/process-health.ts'
import { createBridge } from './features/bridge/bridge.ts'
import { DeploymentConnection } from './features/deployments/connection.ts'
import { openCoderCliFile } from './features/coder-cli/coder-cli-file.ts'
import { createDeployments } from './features/deployments/deployments.ts'
import { createDeploymentsHandlers } from './features/deployments/deployments-handlers.ts'
import { openDeploymentsFile } from './features/deployments/deployments-file.ts'
import { createDeploymentSecrets } from './features/deployments/deployment-secrets.ts'
import { openDictationFile } from './features/dictation/dictation-file.ts'
import { openTransfersFile } from './features/files/transfers-file.ts'
import { openGatewaysFile } from './features/header-gateway/gateways-file.ts'
import { createHeaderGatewayHandlers } from './features/header-gateway/header-gateway-handlers.ts'
import { createKeychain, type Keychain } from './features/keychain/keychain.ts'
import { createKeychainHandlers } from './features/keychain/keychain-handlers.ts'
import { watchKeychain } from './features/keychain/keychain-watch.ts'
import { createLocalServer, type LocalServer } from './features/local-server/local-server.ts'
import { createServerKeys } from './features/local-server/server-keys.ts'
import { createMcpServerAdminHandlers } from './features/mcp-server-admin/mcp-server-admin-handlers.ts'
import { openMcpAddressesFile } from './features/mcp-servers/mcp-addresses.ts'
import { openMcpOriginsFile } from './features/mcp-servers/mcp-origins.ts'
import { createMcpServersHandlers } from './features/mcp-servers/mcp-servers-handlers.ts'
import { openKnownHeadersFile } from './features/mcp-servers/known-headers.ts'
import { createMcpSignIn } from './features/mcp-servers/mcp-sign-in.ts'
import { createSettings } from './features/settings/settings.ts'
import { openSettingsFile } from './features/settings/settings-file.ts'
import { createSettingsHandlers } from './features/settings/settings-handlers.ts'
import { createTemplatesHandlers } from './features/templates/templates-handlers.ts'
import { createTerminalsHandlers } from './features/terminals/terminals-handlers.ts'
import { startTray } from './features/tray/tray-controller.ts'
import { openTunnelsFile } from './features/tunnels/tunnels-file.ts'
import { createTunnelsHandlers } from './features/tunnels/tunnels-handlers.ts'
import { createWorkspaceChanges } from './features/workspaces/workspace-changes.ts'
import { createWorkspaceLists } from './features/workspaces/workspace-lists.ts'
import { createWorkspaceApps } from './features/workspaces/open-app.ts'
import { createWorkspacesHandlers } from './features/workspaces/workspaces-handlers.ts'
import { createChatParts } from './chat-parts.ts'
import { createDictationParts } from './dictation-parts.ts'
import { createFilesParts } from './files-parts.ts'
import { createLiveValue } from './lib/live-value.ts'
import { createStorageNotices } from './lib/storage-notices.ts'
import { watchAddresses } from './lib/watch-addresses.ts'
import { createConnectionRecords, createDiagnosticsParts } from './diagnostics-parts.ts'
import { createMcpParts, createMcpStores, leavingWith } from './mcp-parts.ts'
import { createNetworkHandlers, createNetworkParts } from './network-parts.ts'
import { createSessionParts, createSignInParts, type ClientSurroundings } from './sign-in-parts.ts'
import type { AppPorts, RunningApp } from './ports/app-ports.ts'
import type { WindowPage } from './ports/windows.ts'
import { createRouter, type Router } from './rpc/router.ts'
import type { MayCall } from './rpc/rpc-session.ts'
import { parseDeepLink } from './security/deep-link.ts'
import { mayCallFromDesktop } from './security/desktop-window.ts'
import { decideExternalUrl } from './security/external-url.ts'
import { createPreviewParts } from './preview-parts.ts'
import { createTunnelParts } from './tunnel-parts.ts'

/** The whole end may take this long; whatever still runs then ends with the app. */
const CLOSE_TIMEOUT_MS = 8000

/** In [0, 1), for jitter. */
function random(): number {
  return randomInt(2 ** 32) / 2 ** 32
}

/** Reads what is stored, starts the helper processes and serves every page that connects. */
export async function createApp(ports: AppPorts): Promise<RunningApp> {
  const { logger, tray, windows } = ports
  const stores = await openStores(ports)
  const parts = createAllParts(ports, stores)
  const { settings, keychain, localServer, deployments, bridge, lists } = parts
  const { router, previews } = createAppRouter(ports, parts)
  const chatAlerts = parts.chats.start()
  const askConnections = (): void => {
    deployments.retryAll()
    bridge.wake()
  }
  const stops = [
    windows.onPeer((peer) => router.attach(peer, callsOf(peer.page))),
    // The server first: it takes longest to be ready.
    afterFirstPage(ports, () => {
      localServer.start()
      bridge.start()
    }),
    windows.onVisibilityChange((next) => parts.visible.set(next)),
    // Unlocked or installed elsewhere meanwhile: nobody tells, so the return of the user is the time to look.
    parts.visible.onChange((visible) => {
      const { kind } = keychain.state.get()
      if (visible && (kind === 'locked' || kind === 'absent')) void keychain.refresh()
    }),
    watchKeychain({ ...ports, keychain, isNeeded: () => parts.headerGateways.places().length > 0 }),
    ports.power.onResume(askConnections),
    // The network lets through again what it kept from the bridge as well, which may wait for half a minute yet.
    deployments.onReturn(() => bridge.wake()),
    watchAddresses({ ...ports, onChange: askConnections }),
    deployments.onSession((deploymentId, session) => {
      bridge.setSession(deploymentId, session)
      // The same user at the same place: only the token is another one.
      if (session?.isRenewed === true) return
      parts.headerGateways.sessionChanged(deploymentId)
      parts.awaited.look()
      parts.tunnelParts.sessionChanged(deploymentId)
    }),
    parts.files.start(),
    previews.start(),
    stores.mcpAddressesFile.value.onChange(() => parts.headerGateways.targetsChanged()),
    stores.mcpOriginsFile.value.onChange(() => parts.headerGateways.targetsChanged()),
    startTray({ ...ports, ...parts, tunnels: parts.tunnelParts.tunnels, chats: chatAlerts.busy }),
    chatAlerts.close,
  ]
  void keychain.refresh()

  const end = async (): Promise<void> => {
    for (const stop of stops) stop()
    router.close()
    parts.headerChanges.close()
    parts.headerGateways.close()
    parts.awaited.close()
    parts.tunnelParts.close()
    parts.diagnostics.close()
    parts.chats.close()
    lists.close()
    deployments.close()
    const results = await Promise.allSettled([
      // The bridge first: what gateways wrote into local workspaces is taken back through the local server.
      bridge.close().finally(() => localServer.close()),
      stores.settingsFile.settled(),
      stores.deploymentsFile.settled(),
      stores.coderCliFile.settled(),
      stores.mcpAddressesFile.settled(),
      stores.mcpOriginsFile.settled(),
      stores.knownHeadersFile.settled(),
      stores.gatewaysFile.settled(),
      stores.transfersFile.settled(),
      stores.tunnelsFile.settled(),
      stores.dictationFile.settled(),
    ])
    for (const result of results) {
      if (result.status === 'rejected')
        logger.error('A part did not end cleanly', { err: toError(result.reason) })
    }
  }
  let ending: Promise<void> | undefined
  return {
    command: parts.command,
    openLink: linkOpener(ports, parts),
    keepsRunningInTray: () => settings.value.get().closeToTray && tray.isAvailable(),
    usesNativeFrame: () => settings.value.get().nativeFrame,
    close: () => (ending ??= withinTime(ports, end())),
  }
}

async function openStores({ facts, clock, logger }: AppPorts) {
  const notices = createStorageNotices()
  const files = { folder: facts.userDataDir, notices, clock, logger }
  const dataDir = join(facts.userDataDir, 'local')
  const [
    settingsFile,
    deploymentsFile,
    coderCliFile,
    mcpAddressesFile,
    mcpOriginsFile,
    knownHeadersFile,
    gatewaysFile,
    transfersFile,
    tunnelsFile,
    dictationFile,
  ] = await Promise.all([
    openSettingsFile(files),
    openDeploymentsFile(files),
    openCoderCliFile(files),
    openMcpAddressesFile(files),
    openMcpOriginsFile(files),
    openKnownHeadersFile(files),
    openGatewaysFile(files),
    openTransfersFile(files),
    openTunnelsFile(files),
    openDictationFile(files),
    // The local server says in words what is wrong with its folder.
    mkdir(dataDir, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      logger.error('The folder of the local deployment could not be made', { err: toError(error) })
    }),
  ])
  return {
    notices,
    dataDir,
    settingsFile,
    deploymentsFile,
    coderCliFile,
    mcpAddressesFile,
    mcpOriginsFile,
    knownHeadersFile,
    gatewaysFile,
    transfersFile,
    tunnelsFile,
    dictationFile,
  }
}

type Stores = Awaited<ReturnType<typeof openStores>>

/** What the app consists of, made but not started. */
function createParts(ports: AppPorts, stores: Stores) {
  const { clock, desktop, logger, processHost, windows } = ports
  const visible = createLiveValue(windows.isVisible())
  const keychain = createKeychain({ secrets: ports.secrets, logger: logger.child({ part: 'keychain' }) })
  const localServer = localServerOf(ports, stores.dataDir, keychain)
  const client = clientSurroundings(ports)
  const sessions = createSessionParts(client, keychain)
  const network = createNetworkParts(ports, {
    ...{ ...sessions, ...stores, keychain, localServer },
    onCliChanged: (deploymentId) => bridge.cliPlaceChanged(deploymentId),
  })
  const mcpStores = createMcpStores(ports, stores, keychain)
  const secretsAround = { ...sessions, keychain, headerVault: leavingWith(mcpStores, network.coderClis) }
  const deployments = createDeployments({
    ...sessions,
    file: stores.deploymentsFile,
    secrets: createDeploymentSecrets(secretsAround),
    networks: network.networks,
    connect: (saved, way) =>
      new DeploymentConnection({ ...client, visible, source: network.sourceOf(saved), network: way }),
  })
  const files = createFilesParts(ports, stores)
  const records = createConnectionRecords(ports)
  const bridge = createBridge({
    ...{ clock, random, processHost },
    windows,
    ...records.heard,
    onSignedOut: (deploymentId) => deployments.recheck(deploymentId),
    onGatewayState: (state) => mcp.headerGateways.onState(state),
    transfers: files.transfers,
    cliPlace: network.coderClis.place,
    onCliState: network.coderClis.onState,
    onTunnelState: (state) => tunnelParts.tunnels.onState(state),
    logger: logger.child({ part: 'bridge' }),
  })
  const lists = createWorkspaceLists({ clock, visible })
  const mcp = createMcpParts(ports, stores, { bridge, deployments, keychain, lists, ...mcpStores })
  const tunnelParts = createTunnelParts(ports, stores.tunnelsFile, { bridge, deployments, keychain, lists })
  const commands = createCommands(clock)
  return {
    notices: stores.notices,
    records,
    settings: createSettings({ file: stores.settingsFile, desktop, logger }),
    visible,
    keychain,
    ...mcp,
    ...mcpStores,
    tunnelParts,
    localServer,
    client,
    sessions,
    ...network,
    deployments,
    bridge,
    files,
    lists,
    changes: createWorkspaceChanges({ connection: deployments.connection, changed: lists.refresh }),
    commands,
    command(sent: AppCommand): void {
      commands.send(sent)
      windows.show()
    },
  }
}

/** The app's parts, and what tells how they are. */
function createAllParts(ports: AppPorts, stores: Stores) {
  const parts = createParts(ports, stores)
  const processes = combineProcessHealth(parts.bridge.state, parts.localServer.status)
  const { command } = parts
  return {
    ...parts,
    processes,
    dictation: createDictationParts(ports, stores, parts),
    diagnostics: createDiagnosticsParts(ports, stores, { ...parts, processes }),
    chats: createChatParts(ports, {
      ...parts,
      random,
      openChat: (deploymentId, chatId) => command({ kind: 'open-chat', deploymentId, chatId }),
    }),
  }
}

function localServerOf(
  { clock, facts, logger, processHost }: AppPorts,
  dataDir: string,
  keychain: Keychain,
): LocalServer {
  const own = logger.child({ part: 'local-server' })
  return createLocalServer({
    ...{ clock, random, processHost, dataDir },
    ownerName: facts.osUserName,
    secretKeys: createServerKeys({ keychain, logger: own }),
    logger: own,
  })
}

/** What every client of a deployment is made with. */
function clientSurroundings({ clock, facts, logger }: AppPorts): ClientSurroundings {
  return { clock, random, logger: logger.child({ part: 'client' }), userAgent: `outpost/${facts.version}` }
}

type Parts = ReturnType<typeof createAllParts>

/** What a page may call: that of the app everything, that of a desktop what its chat's desktop needs. */
function callsOf(page: WindowPage): MayCall | undefined {
  return page.kind === 'app' ? undefined : (procedure, input) => mayCallFromDesktop(page, procedure, input)
}

function linksOf(desktop: AppPorts['desktop'], deployments: Parts['deployments']): ExternalLinks {
  return createExternalLinks({
    desktop,
    decide: decideExternalUrl,
    deploymentUrls: () => deployments.view.get().deployments.map(({ url }) => url),
  })
}

function linkOpener(
  { desktop, logger }: AppPorts,
  { deployments, command, chats }: Parts,
): RunningApp['openLink'] {
  const links = createDeepLinks({
    ...{ desktop, logger, parse: parseDeepLink },
    deployments: () => deployments.view.get().deployments,
    openChat: (deploymentId, chatId) => command({ kind: 'open-chat', deploymentId, chatId }),
    openDesktop: chats.openDesktop,
  })
  return (link) =>
    void links.open(link).catch((error: unknown) => {
      logger.error('A link into the app was not opened', { err: toError(error) })
    })
}

function mcpServersHandlers(parts: Parts, links: ExternalLinks, clock: AppPorts['clock']) {
  return createMcpServersHandlers({
    changes: parts.headerChanges,
    addresses: parts.mcpAddresses,
    targets: parts.mcpTargets,
    signIn: createMcpSignIn({
      connection: parts.deployments.connection,
      // The deployment names the page: one that is not its own is shown and asked about.
      openPage: (url) => links.open(url, 'content'),
      clock,
    }),
    test: (target, signal) => parts.bridge.testMcp(target, signal),
    clock,
  })
}

/** Workspaces, and their apps inside of the window. */
function workspaceParts(ports: AppPorts, parts: Parts, links: ExternalLinks) {
  const { client, deployments } = parts
  const { connection } = deployments
  const apps = createWorkspaceApps({ connection, openLink: links.open })
  const workspaces = createWorkspacesHandlers({ ...client, ...parts, connection, apps })
  const previews = createPreviewParts(ports, { apps, deployments, links, watchWorkspace: workspaces.watch })
  return { workspaces, previews }
}

/** What answers pages, and the part of it that has processes of its own. */
function createAppRouter(
  ports: AppPorts,
  parts: Parts,
): { readonly router: Router; readonly previews: AppPreviewsFeature } {
  const { facts, desktop, windows, clock, logger } = ports
  const { bridge, client, commands, deployments, keychain, localServer } = parts
  const links = linksOf(desktop, deployments)
  const openPage = (url: string) => links.open(url, 'app')
  const around = { connection: deployments.connection, openPage, desktop, visible: parts.visible, clock }
  const { workspaces, previews } = workspaceParts(ports, parts, links)
  const router = createRouter({
    contract,
    handlers: {
      app: createAppHandlers({
        ...{ facts, desktop, windows, commands, links, clock },
        command: parts.command,
        processes: parts.processes,
        logger: logger.child({ part: 'window' }),
      }),
      ...createNetworkHandlers(parts),
      ...parts.chats.handlers,
      deployments: createDeploymentsHandlers({
        deployments,
        ...createSignInParts(client, { ...parts.sessions, desktop, links }),
        networks: parts.networks,
        localServer,
        bridge,
      }),
      dictation: parts.dictation,
      files: parts.files.handlers({ bridge, deployments, links }),
      diagnostics: parts.diagnostics.handlers,
      headerGateway: createHeaderGatewayHandlers({
        gateways: parts.headerGateways,
        desktop,
        onPlacesChanged: () => parts.awaited.look(),
      }),
      keychain: createKeychainHandlers(keychain),
      mcpServerAdmin: createMcpServerAdminHandlers(deployments.connection),
      mcpServers: mcpServersHandlers(parts, links, clock),
      settings: createSettingsHandlers(parts.settings, parts.notices),
      templates: createTemplatesHandlers(deployments.connection),
      terminals: createTerminalsHandlers(deployments.connection),
      tunnels: createTunnelsHandlers({ ...parts.tunnelParts, ...around }),
      appPreview: previews.handlers,
      workspaces,
    },
    logger: logger.child({ part: 'rpc' }),
    clock,
    checkOutputs: !facts.packaged,
  })
  return { router, previews }
}

async function withinTime({ clock, logger }: AppPorts, work: Promise<void>): Promise<void> {
  let cancel: () => void = () => undefined
  const late = new Promise<void>((resolve) => {
    cancel = clock.after(CLOSE_TIMEOUT_MS, () => {
      logger.error('The app did not end in time')
      resolve()
    })
  })
  await Promise.race([work, late])
  cancel()
}
