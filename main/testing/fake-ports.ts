/** The OS and Electron as a test wants them: everything asked of them is recorded. */
import type { ProcessEntry } from '#bridge/lib/process-host'
import { createLiveValue } from '../lib/live-value.ts'
import type { AppFacts, Desktop } from '../ports/desktop.ts'
import type { Microphone } from '../ports/microphone.ts'
import type { HostedUtilityProcess, UtilityProcessHost } from '../ports/process-host.ts'
import { SecretsError, type Secrets, type SecretsProbe } from '../ports/secrets.ts'
import type { Tray, TrayItem, TrayModel } from '../ports/tray.ts'
import type { DesktopPage, RpcPeer, WindowPage, Windows } from '../ports/windows.ts'

export interface FakeSecrets extends Secrets {
  readonly stored: Map<string, string>
  /** What the keychain is from now on. */
  become(probe: SecretsProbe): void
  /** What unlocking leads to. */
  unlocksTo: SecretsProbe
}

/** A keychain in memory that can be locked or missing. */
export function createFakeSecrets(
  initial: SecretsProbe = { kind: 'works', backend: 'Test Keyring' },
): FakeSecrets {
  let probe = initial
  const stored = new Map<string, string>()
  const open = <T>(work: () => T): Promise<T> => {
    if (probe.kind === 'locked')
      return Promise.reject(
        new SecretsError('locked', `${probe.backend} is locked. Unlock it and try again.`),
      )
    if (probe.kind === 'absent') return Promise.reject(new SecretsError('absent', probe.reason))
    return Promise.resolve(work())
  }
  const fake: FakeSecrets = {
    stored,
    become: (next) => void (probe = next),
    unlocksTo: { kind: 'works', backend: 'Test Keyring' },
    get: (account) => open(() => stored.get(account) ?? null),
    set: (account, value) => open(() => void stored.set(account, value)),
    delete: (account) => open(() => void stored.delete(account)),
    probe: () => Promise.resolve(probe),
    unlock: () => Promise.resolve((probe = fake.unlocksTo)),
  }
  return fake
}

export interface FakeDesktop extends Desktop {
  readonly opened: string[]
  readonly openedFolders: string[]
  readonly questions: string[]
  beeps: number
  readonly notifications: { title: string; body: string; onClick: () => void }[]
  readonly themes: string[]
  readonly launchAtLogin: boolean[]
  clipboard: string
  clipboardImage: Buffer | null
  answer: number
  savePath: string | null
  /** What the next dialog for an existing file gives. */
  openPath: string | null
  /** What the user chooses to copy, or where to. */
  chosenPaths: readonly string[]
  readonly shownInFolder: string[]
  quits: number
}

/** A desktop that records. */
export function createFakeDesktop(): FakeDesktop {
  const desktop: FakeDesktop = {
    opened: [],
    openedFolders: [],
    questions: [],
    beeps: 0,
    notifications: [],
    themes: [],
    launchAtLogin: [],
    clipboard: '',
    clipboardImage: null,
    answer: 0,
    savePath: null,
    openPath: null,
    chosenPaths: [],
    shownInFolder: [],
    quits: 0,
    openExternal: async (url) => void desktop.opened.push(url),
    openFolder: async (path) => void desktop.openedFolders.push(path),
    ask: async ({ message }) => {
      desktop.questions.push(message)
      return desktop.answer
    },
    chooseSavePath: async () => desktop.savePath,
    chooseOpenPath: async () => desktop.openPath,
    choosePaths: async () => desktop.chosenPaths,
    showInFolder: (path) => void desktop.shownInFolder.push(path),
    readClipboard: async () => desktop.clipboard,
    readClipboardImage: async () => desktop.clipboardImage,
    writeClipboard: async (text) => void (desktop.clipboard = text),
    beep: () => void (desktop.beeps += 1),
    notify: (notification) => void desktop.notifications.push(notification),
    setLaunchAtLogin: (enabled) => void desktop.launchAtLogin.push(enabled),
    setTheme: (theme) => void desktop.themes.push(theme),
    quit: () => void (desktop.quits += 1),
  }
  return desktop
}

export interface FakeMicrophone extends Microphone {
  hasSystemDictation: boolean
  isAllowed: boolean
  /** Windows that may open it, in the order they asked. */
  readonly allowed: number[]
  systemDictations: number
}

/** A microphone that the system allows. */
export function createFakeMicrophone(): FakeMicrophone {
  const microphone: FakeMicrophone = {
    hasSystemDictation: false,
    isAllowed: true,
    allowed: [],
    systemDictations: 0,
    async allow(windowId) {
      if (microphone.isAllowed) microphone.allowed.push(windowId)
      return microphone.isAllowed
    },
    startSystemDictation: () => void (microphone.systemDictations += 1),
  }
  return microphone
}

export interface FakeTray extends Tray {
  model: TrayModel | undefined
  updates: number
  available: boolean
  /** All items, those of sub menus after their parent. */
  items(): TrayItem[]
  labels(): string[]
  /** Chooses an item by its id. */
  select(id: string): void
  /** Clicks the item that starts with this label, as a user would: only if it is enabled. */
  click(label: string): void
}

/** A tray without an icon. */
export function createFakeTray(): FakeTray {
  const listeners = new Set<(id: string) => void>()
  const flatten = (items: readonly TrayItem[]): TrayItem[] =>
    items.flatMap((item) => (item.kind === 'submenu' ? [item, ...flatten(item.items)] : [item]))
  const tray: FakeTray = {
    model: undefined,
    updates: 0,
    available: true,
    update(model) {
      tray.model = model
      tray.updates += 1
    },
    onSelect(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    isAvailable: () => tray.available,
    items: () => flatten(tray.model?.items ?? []),
    labels: () => tray.items().map((item) => (item.kind === 'separator' ? '---' : item.label)),
    click(label) {
      const item = tray.items().find((one) => one.kind !== 'separator' && one.label.startsWith(label))
      if (item?.kind !== 'action' && item?.kind !== 'toggle') throw new Error(`No item "${label}" to click.`)
      if (!item.enabled) throw new Error(`"${label}" is disabled.`)
      tray.select(item.id)
    },
    select(id) {
      for (const listener of [...listeners]) listener(id)
    },
  }
  return tray
}

export interface FakeWindows extends Windows {
  attentions: number
  shows: number
  setVisible(visible: boolean): void
  connect(peer: RpcPeer): void
  requestBridgePort(windowId: number, page?: WindowPage): void
  /** Desktops that were asked for, again where they had windows. */
  readonly shownDesktops: DesktopPage[]
  dropFiles(windowId: number, dropId: string, paths: readonly string[]): void
  /** What was dragged out. */
  readonly dragged: (readonly string[])[]
  /** Ports handed out, by window. */
  readonly given: number[]
  /** Windows that are gone and get no port. */
  readonly gone: Set<number>
}

/** Windows without pixels. */
export function createFakeWindows(visibleAtStart = true): FakeWindows {
  const visible = createLiveValue(visibleAtStart)
  const peers = new Set<(peer: RpcPeer) => void>()
  const drops = new Set<(windowId: number, dropId: string, paths: readonly string[]) => void>()
  const requests = new Set<(windowId: number, page: WindowPage) => void>()
  const desktops = createLiveValue<readonly DesktopPage[]>([])
  const isOf = (page: DesktopPage) => (other: DesktopPage) =>
    other.deploymentId === page.deploymentId && other.chatId === page.chatId
  const windows: FakeWindows = {
    shows: 0,
    attentions: 0,
    askAttention() {
      windows.attentions += 1
    },
    given: [],
    gone: new Set(),
    show() {
      windows.shows += 1
    },
    isVisible: () => visible.get(),
    onVisibilityChange: (listener) => visible.onChange(listener),
    setVisible: (next) => visible.set(next),
    onPeer(listener) {
      peers.add(listener)
      return () => peers.delete(listener)
    },
    connect(peer) {
      for (const listener of peers) listener(peer)
    },
    onBridgePortRequest(listener) {
      requests.add(listener)
      return () => requests.delete(listener)
    },
    requestBridgePort(windowId, page = { kind: 'app' }) {
      for (const listener of requests) listener(windowId, page)
    },
    shownDesktops: [],
    showDesktop(page) {
      windows.shownDesktops.push(page)
      if (!desktops.get().some(isOf(page))) desktops.set([...desktops.get(), page])
    },
    closeDesktop(page) {
      const left = desktops.get().filter((open) => !isOf(page)(open))
      if (left.length < desktops.get().length) desktops.set(left)
    },
    desktops: () => desktops.get(),
    onDesktopsChange: (listener) => desktops.onChange(listener),
    dragged: [],
    onFilesDropped(listener) {
      drops.add(listener)
      return () => drops.delete(listener)
    },
    dropFiles(...drop) {
      for (const listener of drops) listener(...drop)
    },
    startDrag: (_, paths) => void windows.dragged.push(paths),
    giveBridgePort(windowId) {
      if (windows.gone.has(windowId)) return undefined
      windows.given.push(windowId)
      return {}
    },
  }
  return windows
}

export interface FakeProcess extends HostedUtilityProcess {
  readonly entry: ProcessEntry
  readonly posted: unknown[]
  readonly transferred: unknown[]
  killed: boolean
  /** The process says something. */
  say(message: unknown): void
  exit(code: number | null): void
}

export interface FakeProcessHost extends UtilityProcessHost {
  readonly started: FakeProcess[]
  /** Called for each process, so that a test can let it answer by itself. */
  onStart: (process: FakeProcess) => void
}

/** A process host whose processes do what the test says. */
export function createFakeProcessHost(): FakeProcessHost {
  const host: FakeProcessHost = {
    started: [],
    onStart: () => undefined,
    spawn(entry) {
      const process = createFakeProcess(entry, 1000 + host.started.length)
      host.started.push(process)
      host.onStart(process)
      return process
    },
  }
  return host
}

function createFakeProcess(entry: ProcessEntry, pid: number): FakeProcess {
  const messages = new Set<(message: unknown) => void>()
  const exits = new Set<(code: number | null) => void>()
  const fake: FakeProcess = {
    entry,
    pid,
    posted: [],
    transferred: [],
    killed: false,
    post: (message) => void fake.posted.push(structuredClone(message)),
    postWithPorts(message, ports) {
      fake.posted.push(structuredClone(message))
      fake.transferred.push(...ports)
    },
    kill() {
      fake.killed = true
    },
    onMessage(listener) {
      messages.add(listener)
      return () => messages.delete(listener)
    },
    onExit(listener) {
      exits.add(listener)
      return () => exits.delete(listener)
    },
    say(message) {
      for (const listener of [...messages]) listener(structuredClone(message))
    },
    exit(code) {
      for (const listener of [...exits]) listener(code)
      exits.clear()
    },
  }
  return fake
}

export const fakeFacts: AppFacts = {
  version: '0.1.0',
  electron: '33.2.1',
  chrome: '130.0.0.0',
  node: '20.18.0',
  platform: 'linux',
  packaged: false,
  userDataDir: '/nonexistent',
  logDir: '/nonexistent/logs',
  osUserName: 'tester',
}
