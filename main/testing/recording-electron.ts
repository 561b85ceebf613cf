/**
 * A recording stand-in for `electron`: every call is written down, every listener can be fired. It lets the shell's
 * wiring be read back in plain Node; the journeys prove it on a real Electron.
 */
import { EventEmitter } from 'node:events'
import { createRecordingPreviews } from './recording-previews.ts'

export interface Recorded {
  readonly name: string
  readonly args: readonly unknown[]
}

export class FakeContents extends EventEmitter {
  openHandler: ((details: { url: string }) => { action: string }) | undefined
  readonly posted: Recorded[] = []
  readonly mainFrame = {
    url: 'app://outpost/index.html',
    parent: null,
    postMessage: (...args: unknown[]) => {
      this.posted.push({ name: 'postMessage', args })
    },
  }
  getZoomFactor(): number {
    return 2
  }
  focus(): void {
    this.posted.push({ name: 'focus', args: [] })
  }
  sendInputEvent(...args: unknown[]): void {
    this.posted.push({ name: 'sendInputEvent', args })
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }
}

/** A `MessagePortMain` that keeps what was posted. */
export class FakePort extends EventEmitter {
  readonly sent: unknown[] = []
  closed = false
  started = false
  postMessage(message: unknown): void {
    this.sent.push(message)
  }
  start(): void {
    this.started = true
  }
  close(): void {
    this.closed = true
  }
}

/** How the recorded Electron behaves. */
export interface RecordingOptions {
  readonly isPackaged?: boolean
  /** Command-line switches Chromium has taken. */
  readonly switches?: readonly string[]
  /** False: another instance runs already. */
  readonly isFirstInstance?: boolean
  readonly userDataDir?: string
  /** What the system says of the microphone. */
  readonly mediaAccess?: 'granted' | 'denied'
  /** When the app becomes ready. Default: never. */
  readonly ready?: Promise<void>
}

export function createRecordingElectron(options: RecordingOptions = {}) {
  const calls: Recorded[] = []
  const record =
    (name: string, answer?: unknown) =>
    (...args: unknown[]): unknown => {
      calls.push({ name, args })
      return answer
    }

  const sessionHandlers: Record<string, (...args: never[]) => unknown> = {}
  const defaultSession = Object.assign(new EventEmitter(), {
    resolveProxy: record('resolveProxy', Promise.resolve('PROXY a.example:3128')),
    setPermissionRequestHandler: (handler: (...args: never[]) => unknown) => {
      sessionHandlers['request'] = handler
    },
    setPermissionCheckHandler: (handler: (...args: never[]) => unknown) => {
      sessionHandlers['check'] = handler
    },
    setDevicePermissionHandler: (handler: (...args: never[]) => unknown) => {
      sessionHandlers['device'] = handler
    },
    setUSBProtectedClassesHandler: (handler: (...args: never[]) => unknown) => {
      sessionHandlers['usb'] = handler
    },
    setDisplayMediaRequestHandler: (handler: (...args: never[]) => unknown) => {
      sessionHandlers['display'] = handler
    },
  })

  const previews = createRecordingPreviews((contents) => app.emit('web-contents-created', {}, contents))

  const windows: FakeWindow[] = []
  let nextWindowId = 1
  class FakeWindow extends EventEmitter {
    readonly id = nextWindowId++
    readonly webContents = new FakeContents()
    readonly contentView = {
      addChildView: record('addChildView'),
      removeChildView: record('removeChildView'),
    }
    readonly options: unknown
    visible = false
    destroyed = false
    reloads = 0
    constructor(options: unknown) {
      super()
      this.options = options
      windows.push(this)
      calls.push({ name: 'new BrowserWindow', args: [options] })
    }
    removeMenu(): void {
      calls.push({ name: 'removeMenu', args: [] })
    }
    loadURL(url: string): Promise<void> {
      calls.push({ name: 'loadURL', args: [url] })
      return Promise.resolve()
    }
    show(): void {
      this.visible = true
      this.emit('show')
    }
    close(): void {
      calls.push({ name: 'close', args: [this.id] })
    }
    hide(): void {
      this.visible = false
      this.emit('hide')
    }
    focus(): void {
      calls.push({ name: 'focus', args: [this.id] })
    }
    reload(): void {
      this.reloads += 1
    }
    isVisible(): boolean {
      return this.visible
    }
    isFocused(): boolean {
      return false
    }
    flashFrame(on: boolean): void {
      calls.push({ name: 'flashFrame', args: [on] })
    }
    isMinimized(): boolean {
      return false
    }
    isDestroyed(): boolean {
      return this.destroyed
    }
    getNormalBounds() {
      return { x: 10, y: 10, width: 1280, height: 800 }
    }
    setBackgroundColor(colour: string): void {
      calls.push({ name: 'setBackgroundColor', args: [colour] })
    }
    setTitleBarOverlay(overlay: unknown): void {
      calls.push({ name: 'setTitleBarOverlay', args: [overlay] })
    }
    static getAllWindows(): FakeWindow[] {
      return windows
    }
    static fromWebContents(contents: unknown): FakeWindow | null {
      return windows.find((window) => window.webContents === contents) ?? null
    }
    static getFocusedWindow(): FakeWindow | null {
      return windows.find((window) => window.visible) ?? null
    }
  }

  class FakeNotification extends EventEmitter {
    static isSupported(): boolean {
      return true
    }
    readonly #options: unknown
    constructor(shown: unknown) {
      super()
      this.#options = shown
    }
    show(): void {
      calls.push({ name: 'notification', args: [this.#options] })
    }
  }

  const { switches = [], isFirstInstance = true, userDataDir = '/nowhere' } = options
  const whenReady = options.ready ?? new Promise<void>(() => undefined)
  const app = Object.assign(new EventEmitter(), {
    isPackaged: options.isPackaged ?? false,
    quit: record('app.quit'),
    exit: record('app.exit'),
    enableSandbox: record('app.enableSandbox'),
    requestSingleInstanceLock: record('app.requestSingleInstanceLock', isFirstInstance),
    whenReady: record('app.whenReady', whenReady),
    commandLine: { hasSwitch: (name: string) => switches.includes(name) },
    getPath: () => userDataDir,
    getVersion: () => '1.0.0',
  })
  const electron = {
    app,
    session: { defaultSession, fromPartition: previews.fromPartition },
    WebContentsView: previews.WebContentsView,
    ipcMain: new EventEmitter(),
    nativeTheme: Object.assign(new EventEmitter(), { shouldUseDarkColors: true, themeSource: 'system' }),
    screen: { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }] },
    BrowserWindow: FakeWindow,
    MessageChannelMain: class {
      readonly port1 = new FakePort()
      readonly port2 = new FakePort()
    },
    protocol: {
      registerSchemesAsPrivileged: record('registerSchemesAsPrivileged'),
      handle: record('protocol.handle'),
    },
    Menu: {
      buildFromTemplate: (template: unknown) => ({ template }),
      setApplicationMenu: record('setApplicationMenu'),
      sendActionToFirstResponder: record('sendActionToFirstResponder'),
    },
    shell: {
      openExternal: record('openExternal', Promise.resolve()),
      openPath: record('openPath', Promise.resolve('')),
      beep: record('beep'),
    },
    systemPreferences: {
      askForMediaAccess: record('askForMediaAccess', Promise.resolve(options.mediaAccess !== 'denied')),
      getMediaAccessStatus: record('getMediaAccessStatus', options.mediaAccess ?? 'granted'),
    },
    powerMonitor: new EventEmitter(),
    utilityProcess: { fork: record('utilityProcess.fork') },
    Tray: EventEmitter,
    nativeImage: { createFromPath: record('nativeImage.createFromPath', {}) },
    dialog: {
      showMessageBox: record('showMessageBox', Promise.resolve({ response: 1 })),
      showOpenDialog: record(
        'showOpenDialog',
        Promise.resolve({ canceled: false, filePaths: ['/chosen.pem'] }),
      ),
    },
    clipboard: { readText: () => '', writeText: record('clipboard.writeText') },
    Notification: FakeNotification,
  }
  return { electron, calls, windows, sessionHandlers, previews }
}

export type RecordingElectron = ReturnType<typeof createRecordingElectron>
