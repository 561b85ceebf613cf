/** The running app, without Electron: what is made of what, in which order it starts and ends. */
import { randomInt } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { toError } from '#bridge/lib/to-error'
import type { AppCommand } from '#ipc/app'
import { contract } from '#ipc/contract'
import { createAppHandlers } from './features/app/app-handlers.ts'
import { createCommands } from './features/app/commands.ts'
import { createExternalLinks } from './features/app/external-links.ts'
import { combineProcessHealth } from './features/app/process-health.ts'
import { createBridge } from './features/bridge/bridge.ts'
import { DeploymentConnection } from './features/deployments/connection.ts'
import { createDeployments } from './features/deployments/deployments.ts'
import { createDeploymentsHandlers } from './features/deployments/deployments-handlers.ts'
import { openDeploymentsFile, type SavedDeployment } from './features/deployments/deployments-file.ts'
import { createLocalCredentials } from './features/deployments/local-credentials.ts'
import { createRemoteCredentials } from './features/deployments/remote-credentials.ts'
import { createSignIn } from './features/deployments/sign-in.ts'
import { createKeychain } from './features/keychain/keychain.ts'
import { createKeychainHandlers } from './features/keychain/keychain-handlers.ts'
import { createLocalServer } from './features/local-server/local-server.ts'
import { createSettings } from './features/settings/settings.ts'
import { openSettingsFile } from './features/settings/settings-file.ts'
import { createSettingsHandlers } from './features/settings/settings-handlers.ts'
import { createTemplatesHandlers } from './features/templates/templates-handlers.ts'
import { startTray } from './features/tray/tray-controller.ts'
import { createWorkspaceChanges } from './features/workspaces/workspace-changes.ts'
import { createWorkspaceLists } from './features/workspaces/workspace-lists.ts'
import { createWorkspacesHandlers } from './features/workspaces/workspaces-handlers.ts'
import { createLiveValue } from './lib/live-value.ts'
import { createStorageNotices } from './lib/storage-notices.ts'
import type { AppPorts, RunningApp } from './ports/app-ports.ts'
import { createRouter } from './rpc/router.ts'
import { decideExternalUrl } from './security/external-url.ts'

/** The whole end may take this long; whatever still runs then ends with the app. */
const CLOSE_TIMEOUT_MS = 8000

/** In [0, 1), for jitter. */
function random(): number {
  return randomInt(2 ** 32) / 2 ** 32
}

/** Reads what is stored, starts the helper processes and serves every page that connects. */
export async function createApp(ports: AppPorts): Promise<RunningApp> {
  const { clock, desktop, facts, logger, tray, windows } = ports
  const notices = createStorageNotices()
  const files = { folder: facts.userDataDir, notices, clock, logger }
  const dataDir = join(facts.userDataDir, 'local')
  const [settingsFile, deploymentsFile] = await Promise.all([
    openSettingsFile(files),
    openDeploymentsFile(files),
    // The local server says in words what is wrong with its folder.
    mkdir(dataDir, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      logger.error('The folder of the local deployment could not be made', { err: toError(error) })
    }),
  ])

  const visible = createLiveValue(windows.isVisible())
  const settings = createSettings({ file: settingsFile, desktop, logger })
  const keychain = createKeychain({ secrets: ports.secrets, logger: logger.child({ part: 'keychain' }) })
  const localServer = createLocalServer({
    processHost: ports.processHost,
    dataDir,
    ownerName: facts.osUserName,
    clock,
    random,
    logger: logger.child({ part: 'local-server' }),
  })
  const client = { clock, random, logger: logger.child({ part: 'client' }), userAgent: `outpost/${facts.version}` }
  const connect = (saved: SavedDeployment): DeploymentConnection =>
    new DeploymentConnection({
      ...client,
      visible,
      source:
        saved.kind === 'local'
          ? createLocalCredentials({ server: localServer, keychain, logger })
          : createRemoteCredentials({ deploymentId: saved.id, url: saved.url, keychain }),
    })
  // The server first: it takes longest to be ready.
  localServer.start()
  const deployments = createDeployments({ file: deploymentsFile, keychain, connect, logger })
  const bridge = createBridge({
    processHost: ports.processHost,
    windows,
    onSignedOut: (deploymentId) => {
      const known = deployments.view.get().deployments.some(({ id }) => id === deploymentId)
      if (known) deployments.connection(deploymentId).retry()
    },
    clock,
    random,
    logger: logger.child({ part: 'bridge' }),
  })
  bridge.start()

  const lists = createWorkspaceLists({ clock, visible })
  const changes = createWorkspaceChanges({ connection: deployments.connection, changed: lists.refresh })
  const commands = createCommands(clock)
  const command = (sent: AppCommand): void => {
    commands.send(sent)
    windows.show()
  }
  const links = createExternalLinks({
    desktop,
    decide: decideExternalUrl,
    deploymentUrls: () => deployments.view.get().deployments.map(({ url }) => url),
  })
  const router = createRouter({
    contract,
    handlers: {
      app: createAppHandlers({
        facts,
        desktop,
        commands,
        links,
        processes: combineProcessHealth(bridge.state, localServer.status),
        clock,
        logger: logger.child({ part: 'window' }),
      }),
      deployments: createDeploymentsHandlers({
        deployments,
        signIn: createSignIn(client),
        localServer,
        openPage: async (url) => void (await links.open(url, 'app')),
      }),
      keychain: createKeychainHandlers(keychain),
      settings: createSettingsHandlers(settings, notices),
      templates: createTemplatesHandlers(deployments.connection),
      workspaces: createWorkspacesHandlers({ ...client, connection: deployments.connection, lists, changes }),
    },
    logger: logger.child({ part: 'rpc' }),
    clock,
    checkOutputs: !facts.packaged,
  })

  const stops = [
    windows.onPeer((peer) => router.attach(peer)),
    windows.onVisibilityChange((next) => visible.set(next)),
    ports.power.onResume(() => deployments.retryAll()),
    deployments.onSession((deploymentId, session) => bridge.setSession(deploymentId, session)),
    startTray({ tray, windows, desktop, deployments, keychain, lists, changes, command, logger }),
  ]
  void keychain.refresh()

  const end = async (): Promise<void> => {
    for (const stop of stops) stop()
    router.close()
    lists.close()
    deployments.close()
    const results = await Promise.allSettled([
      bridge.close(),
      localServer.close(),
      settingsFile.settled(),
      deploymentsFile.settled(),
    ])
    for (const result of results) {
      if (result.status === 'rejected') logger.error('A part did not end cleanly', { err: toError(result.reason) })
    }
  }
  let ending: Promise<void> | undefined
  return {
    command,
    keepsRunningInTray: () => settings.value.get().closeToTray && tray.isAvailable(),
    usesNativeFrame: () => settings.value.get().nativeFrame,
    close: () => (ending ??= withinTime(end())),
  }

  async function withinTime(work: Promise<void>): Promise<void> {
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
}
