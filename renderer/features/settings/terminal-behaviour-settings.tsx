import type { Settings } from '#ipc/settings'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import { SettingRow } from './setting-row.tsx'

type Terminal = Settings['terminal']

export interface TerminalBehaviourSettingsProps {
  readonly terminal: Terminal
  readonly update: (change: Partial<Terminal>) => void
}

interface Option<Value> {
  readonly value: Value
  readonly label: string
}

const rightClicks: readonly Option<Terminal['rightClick']>[] = [
  { value: 'menu', label: 'Opens the menu' },
  { value: 'paste', label: 'Pastes' },
]
const bells: readonly Option<Terminal['bell']>[] = [
  { value: 'off', label: 'Off' },
  { value: 'visual', label: 'Flashes the terminal' },
  { value: 'attention', label: 'Flashes, and the task bar' },
]
const times: readonly Option<string>[] = [
  { value: '0', label: 'Never' },
  { value: '10', label: 'After 10 seconds' },
  { value: '30', label: 'After 30 seconds' },
  { value: '60', label: 'After a minute' },
  { value: '300', label: 'After 5 minutes' },
]

/** How terminals take the mouse and how they call for attention. */
export function TerminalBehaviourSettings({ terminal, update }: TerminalBehaviourSettingsProps) {
  return (
    <>
      <SettingRow label="Copy what is selected" help="As soon as the button is let go.">
        <Switch
          aria-label="Copy what is selected"
          checked={terminal.copyOnSelect}
          onChange={(copyOnSelect) => update({ copyOnSelect })}
        />
      </SettingRow>
      <SettingRow label="Right click" help="With Shift it always opens the menu.">
        <Select
          aria-label="Right click"
          size="md"
          className="w-52"
          options={rightClicks}
          value={terminal.rightClick}
          onChange={(rightClick) => update({ rightClick })}
        />
      </SettingRow>
      <SettingRow label="Bell">
        <Select
          aria-label="Bell"
          size="md"
          className="w-52"
          options={bells}
          value={terminal.bell}
          onChange={(bell) => update({ bell })}
        />
      </SettingRow>
      <SettingRow
        label="Tell when a command ends"
        help="While the window is not looked at. Needs a shell that marks its prompts (OSC 133)."
      >
        <Select
          aria-label="Tell when a command ends"
          size="md"
          className="w-52"
          options={times}
          value={String(terminal.notifyAfterSeconds)}
          onChange={(seconds) => update({ notifyAfterSeconds: Number(seconds) })}
        />
      </SettingRow>
    </>
  )
}
