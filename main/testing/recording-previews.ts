/** The parts of a recorded Electron that show pages of apps: views, their contents and their sessions. */
import { EventEmitter } from 'node:events'

export class FakePreviewContents extends EventEmitter {
  openHandler: ((details: { url: string }) => { action: string }) | undefined
  readonly calls: string[] = []
  url = ''
  title = ''
  loading = false
  destroyed = false
  focused = false
  readonly navigationHistory = {
    canGoBack: () => this.calls.includes('back'),
    canGoForward: () => false,
    goBack: () => void this.calls.push('goBack'),
    goForward: () => void this.calls.push('goForward'),
  }
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.openHandler = handler
  }
  loadURL(url: string): Promise<void> {
    this.calls.push(`loadURL ${url}`)
    this.url = url
    return Promise.resolve()
  }
  getURL(): string {
    return this.url
  }
  getTitle(): string {
    return this.title
  }
  isLoading(): boolean {
    return this.loading
  }
  isDestroyed(): boolean {
    return this.destroyed
  }
  isFocused(): boolean {
    return this.focused
  }
  reload(): void {
    this.calls.push('reload')
  }
  stop(): void {
    this.calls.push('stop')
  }
  focus(): void {
    this.calls.push('focus')
  }
  close(): void {
    this.destroyed = true
  }
  capturePage(): Promise<{ isEmpty(): boolean; toJPEG(): Buffer }> {
    return Promise.resolve({ isEmpty: () => false, toJPEG: () => Buffer.from('still') })
  }
}

export class FakePreviewSession extends EventEmitter {
  readonly calls: string[] = []
  beforeRequest: ((details: object, answer: (decision: { cancel: boolean }) => void) => void) | undefined
  headersReceived: ((details: object, answer: (change: object) => void) => void) | undefined
  readonly webRequest = {
    onHeadersReceived: (listener: NonNullable<FakePreviewSession['headersReceived']>) => {
      this.headersReceived = listener
    },
    onBeforeRequest: (listener: NonNullable<FakePreviewSession['beforeRequest']>) => {
      this.beforeRequest = listener
    },
  }
  readonly #call = (name: string) => (): Promise<void> => {
    this.calls.push(name)
    return Promise.resolve()
  }
  closeAllConnections = this.#call('closeAllConnections')
  clearStorageData = this.#call('clearStorageData')
  clearCache = this.#call('clearCache')
  clearAuthCache = this.#call('clearAuthCache')
  clearHostResolverCache = this.#call('clearHostResolverCache')
}

/** @param onContents called with the contents of each view as it is made, as Electron does. */
export function createRecordingPreviews(onContents: (contents: FakePreviewContents) => void) {
  const views: FakeView[] = []
  const sessions = new Map<string, FakePreviewSession>()
  class FakeView {
    readonly webContents = new FakePreviewContents()
    readonly options: unknown
    visible = true
    bounds: unknown
    constructor(options: unknown) {
      this.options = options
      views.push(this)
      onContents(this.webContents)
    }
    setBackgroundColor(): void {}
    setVisible(visible: boolean): void {
      this.visible = visible
    }
    setBounds(bounds: unknown): void {
      this.bounds = bounds
    }
  }
  return {
    views,
    sessions,
    WebContentsView: FakeView,
    fromPartition(partition: string): FakePreviewSession {
      const known = sessions.get(partition) ?? new FakePreviewSession()
      sessions.set(partition, known)
      return known
    },
  }
}
