/** What else the desktop gives: dialogs, clipboard, opening links, notifications, launch at login, theme. */
export interface Desktop {
  /** The only way out of the app. The URL was decided by `main/security/external-url`. */
  openExternal(url: string): Promise<void>
  /** Shows a folder main itself made (logs). */
  openFolder(path: string): Promise<void>
  /** Asks with a native dialog; resolves the index of the chosen button. */
  ask(question: {
    readonly message: string
    readonly detail: string
    readonly buttons: readonly string[]
    /** Index of the button that Escape means. */
    readonly cancel: number
  }): Promise<number>
  /** Path chosen by the user in the system's dialog, or `null`. */
  chooseSavePath(suggestedName: string): Promise<string | null>
  /** An existing file chosen by the user in the system's dialog, or `null`. */
  chooseOpenPath(title: string): Promise<string | null>
  /** Asks with the system's dialog what to upload, or where to put downloads. Empty: nothing was chosen. */
  choosePaths(what: 'files' | 'folders' | 'target-folder'): Promise<readonly string[]>
  /** Shows a file in the system's file manager. The path is one main gave itself. */
  showInFolder(path: string): void
  readClipboard(): Promise<string>
  /** As PNG; `null` where the clipboard holds no picture. */
  readClipboardImage(): Promise<Buffer | null>
  writeClipboard(text: string): Promise<void>
  /** The system's own sound for something that happened. */
  beep(): void
  notify(notification: { readonly title: string; readonly body: string; readonly onClick: () => void }): void
  setLaunchAtLogin(enabled: boolean): void
  setTheme(theme: 'system' | 'light' | 'dark' | 'high-contrast'): void
  quit(): void
}

/** Facts of this run of the app. Folders are absolute and exist. */
export interface AppFacts {
  readonly version: string
  readonly electron: string
  readonly chrome: string
  readonly node: string
  readonly platform: 'linux' | 'darwin' | 'win32'
  readonly packaged: boolean
  readonly userDataDir: string
  readonly logDir: string
  /** The OS user's short name, for the local deployment's owner. */
  readonly osUserName: string
}
