import { useState, type KeyboardEvent } from 'react'
import { Input as KitInput } from '@base-ui/react/input'
import { classNames } from '../lib/class-names.ts'
import { XIcon } from './icons.tsx'
import { controlFrame } from './input.tsx'

export interface TagInputProps {
  readonly value: readonly string[]
  readonly onChange: (value: readonly string[]) => void
  readonly placeholder?: string | undefined
  readonly max?: number | undefined
  readonly disabled?: boolean | undefined
  readonly 'aria-label'?: string | undefined
}

/** A list of free words: Enter or a comma adds one, Backspace in the empty field takes the last one back. */
export function TagInput({ value, onChange, placeholder, max, disabled, ...rest }: TagInputProps) {
  const [draft, setDraft] = useState('')
  const isFull = max !== undefined && value.length >= max

  const add = () => {
    const tag = draft.trim()
    if (tag === '' || isFull) return
    if (!value.includes(tag)) onChange([...value, tag])
    setDraft('')
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if ((event.key === 'Enter' || event.key === ',') && draft.trim() !== '') {
      event.preventDefault()
      add()
    } else if (event.key === 'Backspace' && draft === '' && value.length > 0) {
      onChange(value.slice(0, -1))
    }
  }

  return (
    <div className={classNames(controlFrame, 'min-h-8 flex-wrap gap-1 px-1.5 py-1')}>
      {value.map((tag) => (
        <span
          key={tag}
          className="inline-flex h-5 items-center gap-1 rounded-sm bg-accent-soft pr-0.5 pl-1.5 text-sm"
        >
          {tag}
          <button
            type="button"
            aria-label={`Remove ${tag}`}
            disabled={disabled}
            className="grid size-4 place-items-center rounded-sm text-fg-3 hover:text-fg"
            onClick={() => {
              onChange(value.filter((other) => other !== tag))
            }}
          >
            <XIcon className="size-3" />
          </button>
        </span>
      ))}
      <KitInput
        value={draft}
        onChange={(event) => {
          setDraft(event.target.value)
        }}
        onKeyDown={onKeyDown}
        onBlur={add}
        disabled={disabled === true}
        placeholder={value.length === 0 ? placeholder : undefined}
        aria-label={rest['aria-label']}
        className="h-5 min-w-20 flex-1 border-0 bg-transparent p-0 pl-1 outline-none"
      />
    </div>
  )
}
