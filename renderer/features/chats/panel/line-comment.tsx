import { useState, type SyntheticEvent } from 'react'
import { Button } from '../../../ui/button.tsx'

export interface LineCommentProps {
  /** `line 42 of retry.go` */
  readonly about: string
  readonly onAdd: (text: string) => void
  readonly onCancel: () => void
}

/** A remark about a line, which goes to where messages are written. */
export function LineComment({ about, onAdd, onCancel }: LineCommentProps) {
  const [text, setText] = useState('')
  const add = (): void => {
    if (text.trim() !== '') onAdd(text.trim())
  }
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault()
    add()
  }
  return (
    <form className="sticky left-0 w-full max-w-[560px] p-2 font-sans" onSubmit={onSubmit}>
      <textarea
        autoFocus
        rows={2}
        value={text}
        aria-label={`Comment on ${about}`}
        placeholder="What should the agent do here?"
        className="block w-full resize-y rounded-md border border-line-ui bg-control px-2 py-1.5 text-fg placeholder:text-fg-3"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) add()
          // What was typed is not lost to a key.
          if (event.key === 'Escape' && text.trim() === '') onCancel()
        }}
      />
      <div className="mt-1.5 flex justify-end gap-2">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" disabled={text.trim() === ''}>
          Add to message
        </Button>
      </div>
    </form>
  )
}
