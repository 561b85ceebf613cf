import { join } from 'node:path'
import { z } from 'zod'
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
    cursorStyle: 'block',
    lineHeight: 1.2,
    fontFamily: '',
    copyOnSelect: false,
    rightClick: 'menu',
    bell: 'visual',
    notifyAfterSeconds: 10,
  },
}

/** What a terminal could not be told before has its usual value. */
function withNewTerminalSettings(data: unknown): unknown {
  const stored = z.looseObject({ terminal: z.looseObject({}) }).parse(data)
  return { ...stored, terminal: { ...defaultSettings.terminal, ...stored.terminal } }
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
    version: 2,
    schema: settingsSchema,
    defaults: defaultSettings,
    migrations: { 1: withNewTerminalSettings },
    whenNotWritten: 'keep',
    onNotice: (message) => input.notices.add(message),
    clock: input.clock,
    logger: input.logger,
  })
}
