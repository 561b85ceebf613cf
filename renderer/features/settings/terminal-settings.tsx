import { useState } from 'react'
import type { Settings } from '#ipc/settings'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { Select } from '../../ui/select.tsx'
import { Switch } from '../../ui/switch.tsx'
import { SettingRow } from './setting-row.tsx'
import { TerminalBehaviourSettings } from './terminal-behaviour-settings.tsx'
import { TerminalProfilesSettings } from './terminal-profiles-settings.tsx'
import { TerminalPreview } from './terminal-preview.tsx'
import { useSettings, useUpdateSettings } from './use-settings.ts'

const renderers: readonly { readonly value: Settings['terminal']['renderer']; readonly label: string }[] = [
  { value: 'auto', label: 'Automatic' },
  { value: 'webgl', label: 'Graphics card' },
  { value: 'dom', label: 'Page elements' },
]

const lineHeights = ['1', '1.1', '1.2', '1.3', '1.4', '1.6', '1.8', '2'].map((value) => ({
  value,
  label: value,
}))

const cursors: readonly { readonly value: Settings['terminal']['cursorStyle']; readonly label: string }[] = [
  { value: 'block', label: 'Block' },
  { value: 'bar', label: 'Bar' },
  { value: 'underline', label: 'Underline' },
]

/** Settings of the terminal, with a sample of how it looks. */
export function TerminalSettings() {
  const { settings } = useSettings()
  const update = useUpdateSettings()
  const { terminal } = settings
  return (
    <Card title="Terminal" flush>
      <TerminalPreview settings={terminal} />
      <SettingRow label="Font size">
        <NumberSetting
          name="Font size"
          unit="px"
          min={8}
          max={32}
          value={terminal.fontSize}
          onChange={(fontSize) => update({ terminal: { fontSize } })}
        />
      </SettingRow>
      <SettingRow label="Scrollback" help="Lines kept above the screen. More lines take more memory.">
        <NumberSetting
          name="Scrollback"
          unit="lines"
          min={100}
          max={100_000}
          // On the way from 10000 to 20000 lies 2, which would cut every open terminal to two lines.
          onlyWhenDone
          value={terminal.scrollback}
          onChange={(scrollback) => update({ terminal: { scrollback } })}
        />
      </SettingRow>
      <SettingRow label="Font" help="Families of this machine, separated by commas. Empty: JetBrains Mono.">
        <FontSetting
          value={terminal.fontFamily}
          onChange={(fontFamily) => update({ terminal: { fontFamily } })}
        />
      </SettingRow>
      <SettingRow label="Ligatures" help="Draws => and != as one sign, where the font has it.">
        <Switch
          aria-label="Ligatures"
          checked={terminal.ligatures}
          onChange={(ligatures) => update({ terminal: { ligatures } })}
        />
      </SettingRow>
      <SettingRow label="Line height">
        <Select
          aria-label="Line height"
          size="md"
          className="w-44"
          options={lineHeights}
          value={String(terminal.lineHeight)}
          onChange={(lineHeight) => update({ terminal: { lineHeight: Number(lineHeight) } })}
        />
      </SettingRow>
      <SettingRow label="Cursor">
        <Select
          aria-label="Cursor"
          size="md"
          className="w-44"
          options={cursors}
          value={terminal.cursorStyle}
          onChange={(cursorStyle) => update({ terminal: { cursorStyle } })}
        />
      </SettingRow>
      <SettingRow label="Drawing" help="Automatic takes the graphics card where it is a real one.">
        <Select
          aria-label="Drawing"
          size="md"
          className="w-44"
          options={renderers}
          value={terminal.renderer}
          onChange={(renderer) => update({ terminal: { renderer } })}
        />
      </SettingRow>
      <SettingRow label="Ask before pasting several lines" help="Where the shell would run them at once.">
        <Switch
          aria-label="Ask before pasting several lines"
          checked={terminal.warnOnMultilinePaste}
          onChange={(warnOnMultilinePaste) => update({ terminal: { warnOnMultilinePaste } })}
        />
      </SettingRow>
      <SettingRow label="Blinking cursor">
        <Switch
          aria-label="Blinking cursor"
          checked={terminal.cursorBlink}
          onChange={(cursorBlink) => update({ terminal: { cursorBlink } })}
        />
      </SettingRow>
      <TerminalBehaviourSettings terminal={terminal} update={(change) => update({ terminal: change })} />
      <TerminalProfilesSettings
        profiles={terminal.profiles}
        onChange={(profiles) => update({ terminal: { profiles: [...profiles] } })}
      />
    </Card>
  )
}

/** What `fontFamily` of the contract takes: it becomes part of a style. */
const fontNames = /^[\w\s,"'.-]{0,200}$/

/** Font families, taken on Enter or when the field is left. */
function FontSetting({
  value,
  onChange,
}: {
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  const [typed, setTyped] = useState<string>()
  const isValid = fontNames.test(typed ?? value)
  const finish = (): void => {
    if (!isValid || typed === undefined) return
    onChange(typed.trim())
    setTyped(undefined)
  }
  return (
    <Field
      hideLabel
      label="Font"
      className="w-64"
      error={isValid ? undefined : 'Letters, digits, spaces, commas.'}
    >
      <Input
        size="md"
        value={typed ?? value}
        placeholder="JetBrains Mono"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === 'Enter') finish()
        }}
      />
    </Field>
  )
}

interface NumberSettingProps {
  readonly name: string
  readonly unit: string
  readonly min: number
  readonly max: number
  readonly value: number
  /** Takes the number on Enter or when the field is left, not with each digit. */
  readonly onlyWhenDone?: boolean
  readonly onChange: (value: number) => void
}

/** A whole number, taken when it is one and within its limits; else said why not and kept as typed. */
function NumberSetting({ name, unit, min, max, value, onlyWhenDone = false, onChange }: NumberSettingProps) {
  const [typed, setTyped] = useState<string>()
  const shown = typed ?? String(value)
  const fits = (text: string): boolean => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max
  const isValid = fits(shown)
  const finish = (): void => {
    if (!isValid || typed === undefined) return
    if (onlyWhenDone) onChange(Number(typed))
    setTyped(undefined)
  }
  return (
    <Field
      hideLabel
      label={name}
      className="w-44"
      error={isValid ? undefined : `From ${min} to ${max.toLocaleString('en')} ${unit}.`}
    >
      <Input
        size="md"
        inputMode="numeric"
        value={shown}
        trailing={<span className="text-sm text-fg-3">{unit}</span>}
        onChange={(event) => {
          const next = event.target.value.trim()
          setTyped(next)
          if (!onlyWhenDone && fits(next)) onChange(Number(next))
        }}
        onBlur={finish}
        onKeyDown={(event) => {
          if (event.key === 'Enter') finish()
        }}
      />
    </Field>
  )
}
