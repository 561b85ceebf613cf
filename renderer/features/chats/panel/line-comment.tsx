import { useEffect, useRef, type SyntheticEvent } from 'react'
import { Button } from '../../../ui/button.tsx'
import type { LineCommentDraft } from './line-comment-store.ts'

export interface LineCommentProps {
  /** `line 42 of retry.go` */
  readonly about: string
  readonly draft: LineCommentDraft
  readonly onChange: (draft: LineCommentDraft) => void
  readonly onAdd: (text: string) => void
  readonly onCancel: () => void
}

/** A remark about a line, which goes to where messages are written. */
export function LineComment({ about, draft, onChange, onAdd, onCancel }: LineCommentProps) {
  const { text } = draft
  const field = useFocusAgain(draft)
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
        ref={field}
        rows={2}
        value={text}
        aria-label={`Comment on ${about}`}
        placeholder="What should the agent do here?"
        className="block w-full resize-y rounded-md border border-line-ui bg-control px-2 py-1.5 text-fg placeholder:text-fg-3"
        onChange={(event) => onChange({ ...draft, text: event.target.value })}
        onFocus={() => onChange({ ...draft, hasFocus: true })}
        onBlur={() => onChange({ ...draft, hasFocus: false })}
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

/** Where somebody types; the editor of files has a part of its own for that, which only its role names. */
const typedInto = 'textarea, input, [contenteditable]:not([contenteditable="false"]), [role="textbox"]'

/** Gives the field the focus when it comes to the page for somebody who opened it, or who was typing there. */
function useFocusAgain({ hasFocus, text }: LineCommentDraft) {
  const field = useRef<HTMLTextAreaElement>(null)
  const first = useRef({ hasFocus, end: text.length })
  useEffect(() => {
    const { hasFocus: takesFocus, end } = first.current
    // A field that left the page with the focus did not hear that it lost it: meanwhile somebody may type elsewhere.
    if (!takesFocus || document.activeElement?.matches(typedInto)) return
    field.current?.focus()
    field.current?.setSelectionRange(end, end)
  }, [])
  return field
}
