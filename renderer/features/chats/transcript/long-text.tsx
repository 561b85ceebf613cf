import type { ReactNode } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { showUnseen } from './hostile-text.ts'
import { useRowState } from './row-memory.tsx'
import { linesOf } from './unified-diff.ts'

/** The most lines that are drawn of anything; the editor is for more. */
export const maxShownLines = 2000

/** The first lines of a text, and how many there are, as far as that is worth counting. */
export function firstLines(
  text: string,
  limit: number,
): { readonly lines: readonly string[]; readonly more: number } {
  const lines: string[] = []
  let more = 0
  for (const line of linesOf(text)) {
    if (lines.length < limit) lines.push(line)
    else if (more < 100_000) more += 1
    else break
  }
  return { lines, more }
}

export interface FoldedLinesProps<Line> {
  readonly name: string
  /** What they are, if not lines. */
  readonly unit?: string
  readonly lines: readonly Line[]
  /** Shown before somebody asks for more. */
  readonly few: number
  /** Lines that are not among `lines`. */
  readonly left?: number | undefined
  /** All lines are shown until somebody wants fewer. */
  readonly startsWhole?: boolean | undefined
  readonly children: (lines: readonly Line[]) => ReactNode
}

/** Some lines, and a button for the others. */
export function FoldedLines<Line>(props: FoldedLinesProps<Line>) {
  const { name, unit = 'lines', lines, few, left = 0, startsWhole = false, children } = props
  const [chosen, setWhole] = useRowState<boolean | undefined>(`lines ${name}`, undefined)
  const isWhole = chosen ?? startsWhole
  const isFolded = !isWhole && lines.length > few
  return (
    <>
      {children(isFolded ? lines.slice(0, few) : lines)}
      {lines.length > few ? (
        <button
          type="button"
          className="block h-7 w-full border-t border-line px-2.5 text-left text-sm text-fg-2 hover:bg-hover hover:text-fg focus-visible:-outline-offset-2"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
        >
          {isFolded ? `Show all ${lines.length + left} ${unit}` : `Show fewer ${unit}`}
        </button>
      ) : null}
      {left > 0 && !isFolded ? (
        <div className="border-t border-line px-2.5 py-1 text-sm text-fg-3">
          {left} more {unit} are not shown.
        </div>
      ) : null}
    </>
  )
}

/** A text in the type of code, bounded in height and in what is drawn. */
export function PlainText({ text, className }: { readonly text: string; readonly className?: string }) {
  const { lines, more } = firstLines(text, maxShownLines)
  return (
    <pre
      tabIndex={0}
      className={classNames(
        'max-h-80 overflow-auto px-3 py-2 break-words whitespace-pre-wrap code-text copyable focus-visible:-outline-offset-2',
        className,
      )}
    >
      {showUnseen(lines.join('\n'))}
      {more > 0 ? `\n… ${more} more lines` : ''}
    </pre>
  )
}
