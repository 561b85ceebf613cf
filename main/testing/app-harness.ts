/** The whole app in memory: real files in a temporary folder, real HTTP, fake desktop, one page connected. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '#bridge/lib/clock'
import { systemClock } from '#bridge/lib/clock'
import type { ProcessEntry } from '#bridge/lib/process-host'
import { createApp } from '../app.ts'
import type { UtilityProcessHost } from '../ports/process-host.ts'
import type { RunningApp } from '../ports/app-ports.ts'
import type { WindowPage } from '../ports/windows.ts'
import {
  createFakeDesktop,
  createFakeMicrophone,
  createFakeProcessHost,
  createFakeSecrets,
  createFakeTray,
  createFakeWindows,
  fakeFacts,
  type FakeDesktop,
  type FakeMicrophone,
  type FakeSecrets,
  type FakeTray,
  type FakeWindows,
} from './fake-ports.ts'
import { createFakePreviews, type FakePreviews } from './fake-previews.ts'
import { createInMemoryPage, type InMemoryPage } from './in-memory-page.ts'
import { createRecordingLogger, type RecordingLogger } from './recording-logger.ts'

export interface HarnessOptions {
  /** Kept over restarts when given; else made and removed with the harness. */
  readonly userDataDir?: string
  readonly secrets?: FakeSecrets
  readonly processHost?: UtilityProcessHost
  readonly clock?: Clock
  /** The local server's answer: an address it serves at and the owner's token. */
  readonly local?: { readonly url: string; readonly token: string }
  readonly packaged?: boolean
  /** What the system says about proxies; `DIRECT` without. */
  readonly systemProxy?: (url: string) => string
}

export interface AppHarness {
  readonly app: RunningApp
  readonly page: InMemoryPage
  readonly secrets: FakeSecrets
  readonly desktop: FakeDesktop
  readonly microphone: FakeMicrophone
  readonly previews: FakePreviews
  readonly tray: FakeTray
  readonly windows: FakeWindows
  readonly logger: RecordingLogger
  readonly userDataDir: string
  /** What was said to the helper process, all of its starts together. */
  saidTo(entry: ProcessEntry): readonly unknown[]
  /** The machine wakes up. */
  wake(): void
  /** Its screen is locked. */
  lock(): void
  /** It is in another network. */
  setAddresses(addresses: readonly string[]): void
  connectPage(windowId?: number, shows?: WindowPage): InMemoryPage
  close(): Promise<void>
}

/** Starts the app. */
export async function startHarness(options: HarnessOptions = {}): Promise<AppHarness> {
  const userDataDir = options.userDataDir ?? (await mkdtemp(join(tmpdir(), 'outpost-app-')))
  const secrets = options.secrets ?? createFakeSecrets()
  const desktop = createFakeDesktop()
  const microphone = createFakeMicrophone()
  const previews = createFakePreviews()
  const tray = createFakeTray()
  const windows = createFakeWindows()
  const logger = createRecordingLogger()
  const wakeListeners = new Set<() => void>()
  const lockListeners = new Set<() => void>()
  let addresses: readonly string[] = ['192.168.1.7']
  const host = createAnsweringHost(options.local)
  const app = await createApp({
    facts: {
      ...fakeFacts,
      userDataDir,
      logDir: join(userDataDir, 'logs'),
      packaged: options.packaged ?? false,
    },
    windows,
    desktop,
    tray,
    secrets,
    microphone,
    previews,
    systemProxy: { resolve: async (url) => options.systemProxy?.(url) ?? 'DIRECT' },
    commandEnvironment: { PATH: '/usr/bin:/bin' },
    processHost: options.processHost ?? host,
    clock: options.clock ?? systemClock,
    logger,
    power: {
      onResume(listener) {
        wakeListeners.add(listener)
        return () => wakeListeners.delete(listener)
      },
      onSuspend: () => () => undefined,
      onLock(listener) {
        lockListeners.add(listener)
        return () => lockListeners.delete(listener)
      },
    },
    addresses: () => addresses,
  })
  const pages: InMemoryPage[] = []
  const connectPage = (windowId = pages.length + 1, shows: WindowPage = { kind: 'app' }): InMemoryPage => {
    const page = createInMemoryPage(windowId)
    pages.push(page)
    windows.connect({ ...page.transport, page: shows })
    return page
  }
  return {
    app,
    page: connectPage(),
    secrets,
    desktop,
    microphone,
    previews,
    tray,
    windows,
    logger,
    userDataDir,
    saidTo: (entry) =>
      host.started.filter((process) => process.entry === entry).flatMap(({ posted }) => posted),
    wake() {
      for (const listener of wakeListeners) listener()
    },
    lock() {
      for (const listener of lockListeners) listener()
    },
    setAddresses(next) {
      addresses = next
    },
    connectPage,
    async close() {
      for (const page of pages) page.close()
      await app.close()
      if (options.userDataDir === undefined) await rm(userDataDir, { recursive: true, force: true })
    },
  }
}

/** Helper processes that are ready at once and end when asked to. */
function createAnsweringHost(local?: { readonly url: string; readonly token: string }) {
  const host = createFakeProcessHost()
  host.onStart = (process) => {
    const post = process.post
    process.post = (message) => {
      post(message)
      const { type, requestId } = message as { type: string; requestId?: string }
      queueMicrotask(() => {
        if (type === 'start' && local !== undefined) process.say({ type: 'ready', url: local.url, pid: 1 })
        if (type === 'mint-owner-session' && local !== undefined) {
          process.say({ type: 'owner-session', requestId, token: local.token })
        }
        if (type === 'shutdown') process.exit(0)
      })
    }
    if (process.entry === 'bridge') queueMicrotask(() => process.say({ type: 'ready', pid: 2 }))
  }
  return host
}
