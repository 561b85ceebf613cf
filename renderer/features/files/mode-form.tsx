import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { Notice } from '../../ui/notice.tsx'
import { modeText } from './entry-words.ts'
import { useSubmit } from './use-submit.ts'

const who = [
  { label: 'Owner', shift: 6 },
  { label: 'Group', shift: 3 },
  { label: 'Others', shift: 0 },
] as const
const rights = [
  { label: 'read', bit: 4 },
  { label: 'write', bit: 2 },
  { label: 'run or enter', bit: 1 },
] as const

export interface ModeFormProps {
  /** The permission bits to begin with. */
  readonly mode: number
  readonly onSubmit: (mode: number) => Promise<void>
  readonly onClose: () => void
}

/** Permissions by checks or as a number; both show the same. */
export function ModeForm({ mode: initial, onSubmit, onClose }: ModeFormProps) {
  const [text, setText] = useState(initial.toString(8).padStart(3, '0'))
  const { isBusy, problem, submit } = useSubmit(onClose)
  const mode = /^[0-7]{1,4}$/.test(text) ? Number.parseInt(text, 8) : undefined
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (mode !== undefined && !isBusy) void submit(() => onSubmit(mode))
      }}
    >
      <div className="grid grid-cols-[auto_1fr_1fr_1fr] items-center gap-x-4 gap-y-2">
        {who.map(({ label, shift }) => (
          <div key={label} role="group" aria-label={label} className="contents">
            <span className="text-fg-2">{label}</span>
            {rights.map((right) => {
              const bit = right.bit << shift
              return (
                <Checkbox
                  key={right.label}
                  aria-label={`${label}: ${right.label}`}
                  label={right.label}
                  disabled={mode === undefined}
                  checked={((mode ?? 0) & bit) !== 0}
                  onChange={(isOn) => {
                    const next = isOn ? (mode ?? 0) | bit : (mode ?? 0) & ~bit
                    setText(next.toString(8).padStart(3, '0'))
                  }}
                />
              )
            })}
          </div>
        ))}
      </div>
      <Field
        label="As a number"
        hint={mode === undefined ? undefined : modeText(mode).slice(1)}
        error={mode === undefined ? 'Up to four digits from 0 to 7, such as 644.' : undefined}
      >
        <Input mono value={text} maxLength={4} onChange={(event) => setText(event.target.value)} />
      </Field>
      {problem === undefined ? null : <Notice tone="bad">{problem}</Notice>}
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" loading={isBusy} disabled={mode === undefined}>
          Apply
        </Button>
      </div>
    </form>
  )
}
