/** Builds the Electron ports, starts the app on them and ends it in order. */
import { mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { app } from 'electron'
import { pickChildEnvironment } from '#bridge/lib/child-environment'
import { systemClock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import { createPinoLogger } from '#bridge/lib/pino-logger'
import { createRotatingFile } from '#bridge/lib/rotating-file'
import type { BridgeFacts } from '#ipc/bridge-api'
import type { AppPorts, RunningApp } from '../ports/app-ports.ts'
import type { AppFacts } from '../ports/desktop.ts'
import { createMicrophoneGate, type MicrophoneGate } from '../security/microphone-gate.ts'
import { createAppPreviews } from './app-previews.ts'
import { serveApp } from './app-protocol.ts'
import { guardAllContents, guardDefaultSession } from './content-guards.ts'
import { watchDeepLinks, type IncomingLinks } from './deep-links.ts'
import { createDesktop } from './desktop.ts'
import { endInOrder } from './end-in-order.ts'
import { createKeytarSecrets } from './keytar-secrets.ts'
import { setApplicationMenu } from './menu.ts'
import { createMicrophone } from './microphone.ts'
import { ownAddresses } from './own-addresses.ts'
import { createPower } from './power.ts'
import { createSystemProxy } from './system-proxy.ts'
import { createTray } from './tray.ts'
import { watchTrayHost } from './tray-host.ts'
import { createUtilityProcessHost } from './utility-process-host.ts'
import { createWindows, type ShellWindows } from './windows.ts'

/** Output folders lie beside `dist/main`. */
const distDir = join(import.meta.dirname, '..')

/** @param environment of this process; children get an allow-list of it. */
export async function startShell(
  environment: NodeJS.ProcessEnv,
  createApp: (ports: AppPorts) => Promise<RunningApp>,
): Promise<void> {
  const facts = appFacts()
  const logger = createPinoLogger({
    name: 'main',
    level: facts.packaged ? 'info' : 'debug',
    sinks: [createRotatingFile({ path: join(facts.logDir, 'main.log') })],
  })
  logFatalErrors(logger)
  const microphoneGate = createMicrophoneGate(() => systemClock.now())
  guardAllContents(logger, microphoneGate)
  const links = watchDeepLinks(process.argv)
  await app.whenReady()
  guardDefaultSession(logger, microphoneGate)
  serveApp(join(distDir, 'renderer'))

  const current: { running?: RunningApp } = {}
  const windows = createWindows({
    facts: () => bridgeFacts(facts, current.running?.usesNativeFrame() ?? false),
    preload: join(distDir, 'preload/index.cjs'),
    userDataDir: facts.userDataDir,
    dragIcon: join(distDir, 'main/assets/tray-idle@2x.png'),
    theme: 'system',
    logger: logger.child({ part: 'windows' }),
  })
  const trayHost = watchTrayHost(process.platform, environment)
  const tray = createTray({
    iconDir: join(distDir, 'main/assets'),
    activate: () => windows.show(),
    hasHost: () => trayHost.isPresent(),
  })
  const secrets = createKeytarSecrets({ platform: process.platform, environment })
  const ports: AppPorts = {
    facts,
    windows,
    desktop: createDesktop({
      setTheme: (theme) => windows.setTheme(theme),
      appImage: environment['APPIMAGE'],
    }),
    tray,
    secrets,
    systemProxy: createSystemProxy(),
    commandEnvironment: pickChildEnvironment(environment),
    processHost: createUtilityProcessHost({ entryDir: join(distDir, 'server-bridge'), environment, logger }),
    logger,
    ...{ ...machinePorts(microphoneGate), ...pagePorts(windows, logger) },
  }
  const started = (current.running = await createApp(ports))
  meetUser(started, windows, links)
  endInOrder({
    running: started,
    windows,
    logger,
    hasTray: () => trayHost.isPresent(),
    isHeldUp: () => secrets.isBusy(),
    end: () => {
      tray.destroy()
      trayHost.close()
    },
  })
}

/** From here on the app does what menus and links ask of it, and shows its window unless it was started without. */
function meetUser(
  running: RunningApp,
  windows: Pick<ReturnType<typeof createWindows>, 'show'>,
  links: IncomingLinks,
): void {
  setApplicationMenu((command) => {
    windows.show()
    running.command(command)
  })
  if (!process.argv.includes('--hidden')) windows.show()
  links.deliver(running.openLink)
}

/** Main outlives an error nobody caught: its windows and shells are worth more than its certainty. */
function logFatalErrors(logger: Logger): void {
  process.on('uncaughtException', (error) => {
    logger.error('Uncaught exception in main', { error })
  })
  process.on('unhandledRejection', (error) => {
    logger.error('Unhandled rejection in main', { error })
  })
}

function pagePorts(windows: ShellWindows, logger: Logger): Pick<AppPorts, 'previews'> {
  const now = (): number => systemClock.now()
  const own = logger.child({ part: 'previews' })
  return { previews: createAppPreviews({ windowOf: (id) => windows.ofApp(id), now, logger: own }) }
}

function machinePorts(gate: MicrophoneGate): Pick<AppPorts, 'clock' | 'power' | 'addresses' | 'microphone'> {
  const microphone = createMicrophone(process.platform, gate)
  return { clock: systemClock, power: createPower(), addresses: ownAddresses, microphone }
}

function appFacts(): AppFacts {
  const userDataDir = app.getPath('userData')
  const logDir = join(userDataDir, 'logs')
  mkdirSync(logDir, { recursive: true, mode: 0o700 })
  return {
    version: app.getVersion(),
    electron: process.versions.electron,
    chrome: process.versions.chrome,
    node: process.versions.node,
    platform: supportedPlatform(process.platform),
    packaged: app.isPackaged,
    userDataDir,
    logDir,
    osUserName: userInfo().username,
  }
}

function supportedPlatform(platform: NodeJS.Platform): AppFacts['platform'] {
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux'
}

function bridgeFacts(facts: AppFacts, nativeFrame: boolean): BridgeFacts {
  return {
    platform: facts.platform,
    appVersion: facts.version,
    customTitleBar: facts.platform === 'darwin' || !nativeFrame,
    packaged: facts.packaged,
  }
}
