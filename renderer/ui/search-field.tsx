import type { ReactNode, Ref } from 'react'
import { Input } from './input.tsx'
import { SearchIcon, XIcon } from './icons.tsx'
import { Kbd } from './kbd.tsx'

export interface SearchFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder: string
  /** Its name; the placeholder when left out. */
  readonly 'aria-label'?: string | undefined
  /** The key that brings the focus here, shown while empty. */
  readonly keys?: string | undefined
  /** Before the text: chosen filters. */
  readonly tokens?: ReactNode
  readonly onSubmit?: (() => void) | undefined
  readonly autoFocus?: boolean | undefined
  readonly className?: string | undefined
  readonly ref?: Ref<HTMLInputElement> | undefined
}

/** A search in a tool bar. Esc empties it first and leaves it second. */
export function SearchField({
  value,
  onChange,
  placeholder,
  keys,
  tokens,
  onSubmit,
  autoFocus,
  className,
  ref,
  ...rest
}: SearchFieldProps) {
  return (
    <Input
      {...(ref ? { ref } : {})}
      size="md"
      quiet
      type="text"
      role="searchbox"
      autoFocus={autoFocus}
      spellCheck={false}
      value={value}
      placeholder={placeholder}
      aria-label={rest['aria-label'] ?? placeholder}
      onChange={(event) => {
        onChange(event.target.value)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && value !== '') {
          event.stopPropagation()
          onChange('')
        } else if (event.key === 'Escape') event.currentTarget.blur()
        else if (event.key === 'Enter') onSubmit?.()
      }}
      leading={
        <>
          <SearchIcon />
          {tokens}
        </>
      }
      trailing={
        value !== '' ? (
          <button
            type="button"
            aria-label="Clear"
            className="grid size-5 place-items-center rounded-sm text-fg-3 hover:text-fg"
            onClick={() => {
              onChange('')
            }}
          >
            <XIcon className="size-3.5" />
          </button>
        ) : keys ? (
          <Kbd keys={keys} />
        ) : null
      }
      className={className}
    />
  )
}

/** A chosen filter inside a SearchField: `owner:me`. */
export function SearchToken({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <span className="inline-flex h-5 flex-none items-center gap-1 rounded-sm bg-accent-soft px-1.5 text-sm whitespace-nowrap">
      <span className="font-medium text-accent-fg">{name}:</span>
      {value}
    </span>
  )
}
