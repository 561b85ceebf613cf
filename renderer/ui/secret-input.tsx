import { useState, type ComponentProps, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { ClipboardPasteIcon, EyeIcon, EyeOffIcon } from './icons.tsx'
import { IconButton } from './icon-button.tsx'
import { Input } from './input.tsx'

export interface SecretInputProps extends Omit<
  ComponentProps<typeof Input>,
  'value' | 'onChange' | 'type' | 'trailing' | 'mono' | 'defaultValue'
> {
  /** What was typed now. A stored value never comes here: it is never shown again. */
  readonly value: string
  readonly onChange: (value: string) => void
  /** A value is stored already: says so in place of it. */
  readonly stored?: boolean | undefined
  /** About the stored value; gone while another is typed. */
  readonly note?: ReactNode
  /** Reads the clipboard on a press of Paste, where the page itself may not. */
  readonly readClipboard?: (() => Promise<string>) | undefined
}

/** A token or password: masked, monospace, with paste. Only what is being typed can be uncovered. */
export function SecretInput({
  value,
  onChange,
  stored,
  note,
  readClipboard,
  placeholder,
  ...rest
}: SecretInputProps) {
  const [shown, setShown] = useState(false)
  const [refused, setRefused] = useState(false)
  const paste = async () => {
    try {
      onChange((await (readClipboard ?? (() => navigator.clipboard.readText()))()).trim())
      setRefused(false)
    } catch {
      // Reading the clipboard is denied by policy in some set-ups; the key still works, so say that.
      setRefused(true)
    }
  }
  return (
    <Input
      {...rest}
      mono
      type={shown ? 'text' : 'password'}
      autoComplete="off"
      spellCheck={false}
      value={value}
      placeholder={stored ? '••••••••••••  saved, type to replace it' : placeholder}
      onChange={(event) => {
        onChange(event.target.value)
      }}
      trailing={
        <span className="-mr-1 flex flex-none items-center gap-0.5">
          {value === '' ? (
            note
          ) : (
            <IconButton
              size="sm"
              label={shown ? 'Hide' : 'Show what you typed'}
              icon={shown ? <EyeOffIcon /> : <EyeIcon />}
              onClick={() => {
                setShown(!shown)
              }}
            />
          )}
          <Button
            size="sm"
            variant="ghost"
            icon={<ClipboardPasteIcon />}
            onClick={() => {
              void paste()
            }}
          >
            {refused ? 'Press Ctrl V' : 'Paste'}
          </Button>
        </span>
      }
    />
  )
}
