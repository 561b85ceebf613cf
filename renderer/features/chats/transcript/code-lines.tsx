import { memo } from 'react'
import { colourLine, type CodeColour } from './code-colours.ts'
import { showUnseen } from './hostile-text.ts'

const colours: Record<CodeColour, string | undefined> = {
  keyword: 'text-(--a5)',
  text: 'text-(--a2)',
  number: 'text-(--a3)',
  remark: 'text-(--a8)',
  call: 'text-(--a4)',
  type: 'text-(--a6)',
  plain: undefined,
}

/** One line of code in colours. */
export const CodeLine = memo(function CodeLine({
  text,
  plain = false,
}: {
  readonly text: string
  readonly plain?: boolean
}) {
  const shown = showUnseen(text)
  if (plain) return shown
  return colourLine(shown).map((piece, index) =>
    piece.colour === 'plain' ? (
      piece.text
    ) : (
      <span key={index} className={colours[piece.colour]}>
        {piece.text}
      </span>
    ),
  )
})

/** How many lines came and went: `+2 -1`. */
export function ChangeCount({ added, removed }: { readonly added: number; readonly removed: number }) {
  if (added === 0 && removed === 0) return null
  return (
    <span className="font-medium">
      {added > 0 ? <span className="text-ok-fg">+{added}</span> : null}
      {added > 0 && removed > 0 ? ' ' : null}
      {removed > 0 ? <span className="text-bad-fg">-{removed}</span> : null}
    </span>
  )
}
