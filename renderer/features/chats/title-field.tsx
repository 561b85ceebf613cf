import { useState } from 'react'
import { errorWords } from '../../api/error-words.ts'
import { Input } from '../../ui/input.tsx'
import { toast } from '../../ui/toast-store.ts'

export interface TitleFieldProps {
  readonly title: string
  readonly isEditing: boolean
  /** Left out where it cannot be changed. */
  readonly onEditing: ((isEditing: boolean) => void) | undefined
  readonly onSave: (title: string) => Promise<void>
}

/** A title that is changed where it stands: double click or Enter, Enter saves, Escape leaves it as it was. */
export function TitleField({ title, isEditing, onEditing, onSave }: TitleFieldProps) {
  if (onEditing === undefined) return <h2 className="cut text-lg font-semibold">{title}</h2>
  if (isEditing) return <TitleInput title={title} onEditing={onEditing} onSave={onSave} />
  return (
    <h2 className="min-w-0">
      <button
        type="button"
        title="Rename"
        className="block max-w-full cut rounded-sm text-lg font-semibold"
        onClick={() => onEditing(true)}
      >
        {title}
      </button>
    </h2>
  )
}

type TitleInputProps = Pick<TitleFieldProps, 'title' | 'onSave'> & {
  readonly onEditing: (isEditing: boolean) => void
}

function TitleInput({ title, onEditing, onSave }: TitleInputProps) {
  const [typed, setTyped] = useState(title)
  const next = typed.trim().slice(0, 200)
  const save = (): void => {
    if (next === '' || next === title) {
      onEditing(false)
      return
    }
    onSave(next)
      .then(() => onEditing(false))
      // The field stays, with what was typed.
      .catch((error: unknown) =>
        toast({ tone: 'bad', title: 'The chat is not renamed', detail: errorWords(error).message }),
      )
  }
  return (
    <Input
      size="md"
      autoFocus
      aria-label="Title"
      maxLength={200}
      className="max-w-96"
      value={typed}
      onFocus={(event) => event.target.select()}
      onChange={(event) => setTyped(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === 'Enter') save()
        else if (event.key === 'Escape') onEditing(false)
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
    />
  )
}
