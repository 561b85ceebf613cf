import { useState } from 'react'
import { IconButton } from '../../ui/icon-button.tsx'
import { ArrowDownIcon, ArrowUpIcon, XIcon } from '../../ui/icons.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import type { FindResult, TerminalScreen } from './screen.ts'

/** Finds text in a terminal's output. Enter goes on, Shift+Enter goes back, Esc closes. */
export function FindBar({
  screen,
  onClose,
}: {
  readonly screen: TerminalScreen
  readonly onClose: () => void
}) {
  const [text, setText] = useState('')
  const [result, setResult] = useState<FindResult>()
  const find = (next: string, direction: 'next' | 'previous'): void => setResult(screen.find(next, direction))
  return (
    <div
      role="search"
      className="absolute top-2 right-4 z-10 flex items-center gap-1 rounded-lg bg-float p-1 shadow-float"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
        else if (event.key === 'Enter') find(text, event.shiftKey ? 'previous' : 'next')
      }}
    >
      <SearchField
        autoFocus
        className="w-52"
        value={text}
        onChange={(next) => {
          setText(next)
          find(next, 'next')
        }}
        placeholder="Find in the terminal"
      />
      <span role="status" className="num min-w-14 text-center text-sm text-fg-3">
        {countWords(text, result)}
      </span>
      <IconButton size="sm" label="Previous" icon={<ArrowUpIcon />} onClick={() => find(text, 'previous')} />
      <IconButton size="sm" label="Next" icon={<ArrowDownIcon />} onClick={() => find(text, 'next')} />
      <IconButton size="sm" label="Close" keys="Escape" icon={<XIcon />} onClick={onClose} />
    </div>
  )
}

function countWords(text: string, result: FindResult | undefined): string {
  if (text === '' || result === undefined) return ''
  if (result.count === 0) return 'None'
  return result.index < 0 ? 'Many' : `${result.index + 1} of ${result.count}`
}
