/** The user's settings: stored, applied to the desktop, live to whoever depends on them. */
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import type { Settings, SettingsPatch } from '#ipc/settings'
import type { LiveValue } from '../../lib/live-value.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'
import type { Desktop } from '../../ports/desktop.ts'

export interface SettingsService {
  readonly value: LiveValue<Settings>
  /** @throws {FileNotWrittenError} The change holds for this run all the same. */
  update(patch: SettingsPatch): Promise<Settings>
}

export interface SettingsDeps {
  readonly file: VersionedFile<Settings>
  readonly desktop: Pick<Desktop, 'setTheme' | 'setLaunchAtLogin'>
  readonly logger: Logger
}

/** Applies the stored settings and every later change. */
export function createSettings({ file, desktop, logger }: SettingsDeps): SettingsService {
  let applied: Settings | undefined
  const apply = (settings: Settings): void => {
    if (settings.theme !== applied?.theme) desktop.setTheme(settings.theme)
    // At the start the system already has what was chosen; asking again would undo a change made outside the app.
    if (applied !== undefined && settings.launchAtLogin !== applied.launchAtLogin) {
      try {
        desktop.setLaunchAtLogin(settings.launchAtLogin)
      } catch (error) {
        logger.warn('Launch at login could not be changed', { err: toError(error) })
      }
    }
    applied = settings
  }
  apply(file.value.get())
  file.value.onChange(apply)
  return {
    value: file.value,
    update: (patch) => file.update((current) => merge(current, patch)),
  }
}

function merge(current: Settings, patch: SettingsPatch): Settings {
  return {
    ...current,
    ...withoutUndefined(patch),
    agents: { ...current.agents, ...withoutUndefined(patch.agents ?? {}) },
    terminal: { ...current.terminal, ...withoutUndefined(patch.terminal ?? {}) },
  }
}

/** Over the port an absent field can arrive as `undefined`, which must not erase the stored one. */
function withoutUndefined<T extends object>(patch: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
