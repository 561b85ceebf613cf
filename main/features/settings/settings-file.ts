import { z } from 'zod'
import { settingsSchema, type Settings } from '#ipc/settings'
import { openDataFile, type DataFileSurroundings } from '../../lib/data-file.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'

/** What a new user starts with. */
export const defaultSettings: Settings = {
  theme: 'system',
  closeToTray: true,
  launchAtLogin: false,
  nativeFrame: false,
  agents: { notify: true, sound: false },
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
    ligatures: false,
    profiles: [],
  },
}

/** What a terminal could not be told before has its usual value. */
function withNewTerminalSettings(data: unknown): unknown {
  const stored = z.looseObject({ terminal: z.looseObject({}) }).parse(data)
  return { ...stored, terminal: { ...defaultSettings.terminal, ...stored.terminal } }
}

function withAgentSettings(data: unknown): unknown {
  return { agents: defaultSettings.agents, ...z.looseObject({}).parse(data) }
}

/** Opens `settings.json`. A change that cannot be written holds until the app ends. */
export function openSettingsFile(surroundings: DataFileSurroundings): Promise<VersionedFile<Settings>> {
  return openDataFile(surroundings, {
    name: 'settings.json',
    holds: 'settings',
    version: 4,
    schema: settingsSchema,
    defaults: defaultSettings,
    migrations: { 1: withNewTerminalSettings, 2: withNewTerminalSettings, 3: withAgentSettings },
    whenNotWritten: 'keep',
  })
}
