import { useId, useState, type ClipboardEvent, type KeyboardEvent, type RefObject } from 'react'
import { errorWords } from '../../../api/error-words.ts'
import { toast } from '../../../ui/toast-store.ts'
import { useSendKey } from '../../own-agents/index.ts'
import { isLongPaste } from './attachment-rules.ts'
import { sendsOn } from './send-key.ts'
import { Suggestions } from './suggestions.tsx'
import { usePromptHistory } from './use-prompt-history.ts'
import {
  useSuggestions,
  type MentionPlace,
  type SlashCommand,
  type SuggestionsView,
} from './use-suggestions.ts'

export interface ComposerTextProps {
  readonly label: string
  readonly placeholder: string
  readonly value: string
  readonly field: RefObject<HTMLTextAreaElement | null>
  readonly commands: readonly SlashCommand[]
  readonly files: MentionPlace | undefined
  readonly readHistory: (() => Promise<readonly string[]>) | undefined
  readonly onText: (text: string) => void
  readonly onSend: () => void
  readonly onFiles: (files: readonly File[]) => void
  readonly onLongPaste: (text: string) => void
  /** Nothing of the text's own is left to leave. */
  readonly onEscape: () => void
}

/** The text of a message: it grows, sends, suggests, and goes through what was written before. */
export function ComposerText(props: ComposerTextProps) {
  const { value, field, onText } = props
  const listId = useId()
  const [key] = useSendKey()
  const [caret, setCaret] = useState(0)
  const history = usePromptHistory(props.readHistory)
  const put = (text: string, at: number): void => {
    onText(text)
    setCaret(at)
    // After React has put the text there.
    requestAnimationFrame(() => field.current?.setSelectionRange(at, at))
  }
  const suggestions = useSuggestions({
    text: value,
    caret: Math.min(caret, value.length),
    commands: props.commands,
    files: props.files,
    onText: put,
  })
  const stepHistory = (direction: 1 | -1): void => {
    const asked = field.current
    // What is typed while the prompts are read stays, and another place has another box.
    const isWanted = (): boolean => field.current === asked && asked?.value === value
    history.step(direction, isWanted).then(
      (text) => {
        if (text !== undefined) put(text, text.length)
      },
      (error: unknown) =>
        toast({
          tone: 'bad',
          title: 'What you wrote before cannot be read',
          detail: errorWords(error).message,
        }),
    )
  }
  const leave = (): void => {
    if (!history.isCycling) {
      props.onEscape()
      return
    }
    history.stop()
    put('', 0)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing) return
    if (suggestions && suggestionKey(event.key, suggestions)) {
      event.preventDefault()
      event.stopPropagation()
      return
    }
    const step = historyStep(event, history.isCycling)
    if (event.key === 'Enter' && sendsOn(event, key)) props.onSend()
    else if (step !== undefined) stepHistory(step)
    else if (event.key === 'Escape') leave()
    else return
    event.preventDefault()
  }
  const onPaste = (event: ClipboardEvent<HTMLTextAreaElement>): void => {
    const files = [...event.clipboardData.files]
    const text = event.clipboardData.getData('text/plain')
    if (files.length > 0) props.onFiles(files)
    else if (isLongPaste(text)) props.onLongPaste(text)
    else return
    event.preventDefault()
  }
  return (
    <div className="relative">
      {suggestions === undefined ? null : (
        <Suggestions
          id={listId}
          {...suggestions}
          onCurrent={suggestions.setCurrent}
          onSelect={suggestions.choose}
        />
      )}
      <textarea
        ref={field}
        rows={1}
        aria-label={props.label}
        aria-autocomplete="list"
        {...(suggestions && suggestions.options.length > 0
          ? { 'aria-controls': listId, 'aria-activedescendant': `${listId}-${suggestions.current}` }
          : {})}
        placeholder={props.placeholder}
        value={value}
        className="block max-h-[40vh] min-h-9 w-full resize-none field-sizing-content border-0 bg-transparent px-3 py-2 outline-none"
        onChange={(event) => {
          history.stop()
          setCaret(event.target.selectionStart)
          onText(event.target.value)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
      />
    </div>
  )
}

/** Where an arrow leads among the prompts of before: from an empty text, or from one of them. */
function historyStep(event: KeyboardEvent<HTMLTextAreaElement>, isCycling: boolean): 1 | -1 | undefined {
  if (event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return undefined
  const { value, selectionStart } = event.currentTarget
  if (event.key === 'ArrowUp') return isCycling || value === '' ? 1 : undefined
  return event.key === 'ArrowDown' && isCycling && selectionStart === value.length ? -1 : undefined
}

/** What a key does to the suggestions; false: it is for the text. */
function suggestionKey(key: string, view: SuggestionsView): boolean {
  const count = view.options.length
  if (key === 'Escape') view.dismiss()
  else if (count === 0) return false
  else if (key === 'ArrowDown') view.setCurrent((view.current + 1) % count)
  else if (key === 'ArrowUp') view.setCurrent((view.current + count - 1) % count)
  else if (key === 'Enter' || key === 'Tab') view.choose(view.current)
  else return false
  return true
}
