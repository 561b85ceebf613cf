import { join } from 'node:path'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import { settingsSchema, type Settings } from '#ipc/settings'
import type { StorageNotices } from '../../lib/storage-notices.ts'
import { openVersionedFile, type VersionedFile } from '../../lib/versioned-file.ts'

/** What a new user starts with. */
export const defaultSettings: Settings = {
  theme: 'system',
  closeToTray: true,
  launchAtLogin: false,
  nativeFrame: false,
  terminal: {
    fontSize: 13,
    scrollback: 10_000,
    renderer: 'auto',
    warnOnMultilinePaste: true,
    cursorBlink: true,
  },
}

/** Opens `settings.json`. A change that cannot be written holds until the app ends. */
export function openSettingsFile(input: {
  readonly folder: string
  readonly notices: StorageNotices
  readonly clock: Clock
  readonly logger: Logger
}): Promise<VersionedFile<Settings>> {
  return openVersionedFile({
    path: join(input.folder, 'settings.json'),
    holds: 'settings',
    version: 1,
    schema: settingsSchema,
    defaults: defaultSettings,
    migrations: {},
    whenNotWritten: 'keep',
    onNotice: (message) => input.notices.add(message),
    clock: input.clock,
    logger: input.logger,
  })
}
