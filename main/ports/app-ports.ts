/** Everything `createApp` needs from Electron, as one object built in `main/index.ts`. */
import type { AppCommand } from '#ipc/app'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import type { AppPreviews } from './app-previews.ts'
import type { AppFacts, Desktop } from './desktop.ts'
import type { Microphone } from './microphone.ts'
import type { UtilityProcessHost } from './process-host.ts'
import type { Secrets } from './secrets.ts'
import type { SystemProxy } from './system-proxy.ts'
import type { Tray } from './tray.ts'
import type { Windows } from './windows.ts'

export interface AppPorts {
  readonly facts: AppFacts
  readonly windows: Windows
  readonly desktop: Desktop
  readonly previews: AppPreviews
  readonly tray: Tray
  readonly secrets: Secrets
  readonly microphone: Microphone
  readonly systemProxy: SystemProxy
  /** For commands the user set; an allow-list of what the app was started with. */
  readonly commandEnvironment: Readonly<Record<string, string>>
  readonly processHost: UtilityProcessHost
  readonly clock: Clock
  readonly logger: Logger
  readonly power: {
    onResume(listener: () => void): () => void
    onSuspend(listener: () => void): () => void
    /** The screen was locked. Linux does not tell. */
    onLock(listener: () => void): () => void
  }
  /** Of this computer as it is now, but for the loopback. */
  readonly addresses: () => readonly string[]
}

/** What the shell asks of the running app. */
export interface RunningApp {
  /** From the application menu. */
  command(command: AppCommand): void
  /** From outside of the app: another program's word, which is checked and asked about. */
  openLink(link: string): void
  /** Whether closing the last window should leave the app in the tray. */
  keepsRunningInTray(): boolean
  /** Whether the next window leaves its frame to the desktop. */
  usesNativeFrame(): boolean
  /** Ends helper processes in order and flushes files. Resolves within a few seconds whatever happens. */
  close(): Promise<void>
}
