import type { Settings } from '#ipc/settings'
import { useApi } from '../../api/api-context.tsx'
import { Card } from '../../ui/card.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Switch } from '../../ui/switch.tsx'
import { SettingRow } from './setting-row.tsx'
import { TerminalSettings } from './terminal-settings.tsx'
import { useSettings, useUpdateSettings } from './use-settings.ts'

const themes: readonly { readonly value: Settings['theme']; readonly label: string }[] = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
  { value: 'high-contrast', label: 'High contrast' },
]

/** Settings, General: look, window and terminal. Changes hold at once. */
export function GeneralSettings() {
  const { settings } = useSettings()
  const update = useUpdateSettings()
  const { facts } = useApi()
  return (
    <>
      <Card title="Appearance" flush>
        <SettingRow label="Theme" help="System follows your desktop, also when it changes at night.">
          <Segmented
            aria-label="Theme"
            options={themes}
            value={settings.theme}
            onChange={(theme) => update({ theme })}
          />
        </SettingRow>
        {facts.platform === 'linux' ? (
          <SettingRow
            label="Native window frame"
            help="Your desktop draws the title bar. Holds from the next window."
          >
            <Switch
              aria-label="Native window frame"
              checked={settings.nativeFrame}
              onChange={(nativeFrame) => update({ nativeFrame })}
            />
          </SettingRow>
        ) : null}
      </Card>
      <Card title="Window" flush>
        <SettingRow
          label="Keep running in the tray"
          help="Closing the window leaves workspaces one click away in the tray. Quit ends the app."
        >
          <Switch
            aria-label="Keep running in the tray"
            checked={settings.closeToTray}
            onChange={(closeToTray) => update({ closeToTray })}
          />
        </SettingRow>
        <SettingRow
          label="Start at login"
          help="Outpost starts in the tray when you sign in to this machine."
        >
          <Switch
            aria-label="Start at login"
            checked={settings.launchAtLogin}
            onChange={(launchAtLogin) => update({ launchAtLogin })}
          />
        </SettingRow>
      </Card>
      <Card title="Agents" flush>
        <SettingRow
          label="Notifications of chats"
          help="A chat that waits for you, stopped with an error or is done tells it while you look elsewhere."
        >
          <Switch
            aria-label="Notifications of chats"
            checked={settings.agents.notify}
            onChange={(notify) => update({ agents: { notify } })}
          />
        </SettingRow>
        <SettingRow
          label="Sound at the end"
          help="Your system’s own sound when the turn of an agent is over."
        >
          <Switch
            aria-label="Sound at the end"
            checked={settings.agents.sound}
            onChange={(sound) => update({ agents: { sound } })}
          />
        </SettingRow>
      </Card>
      <TerminalSettings />
    </>
  )
}
