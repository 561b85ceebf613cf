import { memo } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { colourLine, type CodeColour } from './code-colours.ts'
import { showUnseen } from './hostile-text.ts'
import type { DiffLine } from './unified-diff.ts'

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

const looks = {
  same: { line: '', mark: '', sign: ' ' },
  added: { line: 'bg-(--add-bg)', mark: 'text-(--add-fg)', sign: '+' },
  removed: { line: 'bg-(--del-bg)', mark: 'text-(--del-fg)', sign: '-' },
} as const

/** Lines that came and went, numbered as in the file. */
export function DiffLines({
  lines,
  plain,
}: {
  readonly lines: readonly DiffLine[]
  readonly plain: boolean
}) {
  return (
    <div className="copyable overflow-x-auto">
      <div className="w-fit min-w-full code-text">
        {lines.map((line, index) =>
          line.kind === 'hunk' ? (
            <div key={index} className="bg-sunken px-3 py-0.5 whitespace-pre text-fg-3">
              {showUnseen(line.text)}
            </div>
          ) : (
            <div key={index} className={classNames('flex whitespace-pre', looks[line.kind].line)}>
              <span
                className={classNames(
                  'w-[38px] flex-none pr-2 text-right select-none',
                  looks[line.kind].mark || 'text-fg-3',
                )}
              >
                {line.after ?? line.before ?? ''}
              </span>
              <span className={classNames('w-4 flex-none select-none', looks[line.kind].mark)}>
                {looks[line.kind].sign}
              </span>
              <code className="pr-3">
                <CodeLine text={line.text} plain={plain} />
                {line.text === '' ? '\u200b' : null}
              </code>
            </div>
          ),
        )}
      </div>
    </div>
  )
}

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
