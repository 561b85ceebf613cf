import { drafts } from './draft-store.ts'

/** The boxes that are shown, by the place whose draft is written in them. */
const fields = new Map<string, HTMLTextAreaElement>()

/** Where the caret of a place is found while its box is shown; the returned function forgets it. */
export function showField(place: string, field: HTMLTextAreaElement): () => void {
  fields.set(place, field)
  return () => {
    if (fields.get(place) === field) fields.delete(place)
  }
}

/** Puts what was said into a draft: at the caret, or at the end where its box is not shown. Nothing is replaced. */
export function insertDictated(place: string, said: string): void {
  const field = fields.get(place)
  const { text } = drafts.read(place).draft
  const at = field?.value === text ? field.selectionEnd : text.length
  const { inserted, caret } = withSpaces(text, at, said)
  drafts.change(place, (draft) => ({
    ...draft,
    text: `${draft.text.slice(0, at)}${inserted}${draft.text.slice(at)}`,
  }))
  if (field === undefined) return
  // After React has put the text there.
  requestAnimationFrame(() => field.setSelectionRange(caret, caret))
}

/** Words do not run into each other. */
function withSpaces(text: string, at: number, said: string): { inserted: string; caret: number } {
  const before = at === 0 || /\s/.test(text.charAt(at - 1)) ? '' : ' '
  const after = at === text.length || /[\s.,;:!?)\]]/.test(text.charAt(at)) ? '' : ' '
  return { inserted: `${before}${said}${after}`, caret: at + before.length + said.length + after.length }
}
