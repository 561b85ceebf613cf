import { classNames } from '../../../lib/class-names.ts'
import { formatDuration } from '../../../lib/duration.ts'
import { CopyButton } from '../../../ui/code.tsx'
import { BrainIcon, ChevronRightIcon } from '../../../ui/icons.tsx'
import { Elapsed } from '../../../ui/time.tsx'
import { useShownModes } from '../../own-agents/index.ts'
import { joinBlocks } from './markdown-blocks.ts'
import { MarkdownText } from './markdown-text.tsx'
import { useRowState } from './row-memory.tsx'
import type { RowOf } from './transcript-rows.ts'

/** What the model says to the user. */
export function TextRow({ row: { text } }: { readonly row: RowOf<'text'> }) {
  return (
    <div className="group relative px-2.5 py-1">
      <MarkdownText text={text} />
      {typeof text === 'string' ? (
        <div className="absolute top-0 right-0 rounded-md bg-page opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
          <CopyButton text={text} label="Copy as Markdown" />
        </div>
      ) : null}
    </div>
  )
}

/** What the model thought, folded unless the user wants it otherwise. */
export function ReasoningRow({ row }: { readonly row: RowOf<'reasoning'> }) {
  const { thinking } = useShownModes()
  // What was not touched follows the choice, also when that is known later than the row.
  const [chosen, setOpen] = useRowState<boolean | undefined>('open', undefined)
  const isOpen = chosen ?? thinking === 'always_expanded'
  const { text, isLive, startedAt } = row
  return (
    <div className="min-w-0">
      <button
        type="button"
        aria-expanded={isOpen}
        className="flex h-6 items-center gap-2 rounded-sm px-2.5 text-fg-3 hover:text-fg"
        onClick={() => setOpen(!isOpen)}
      >
        <BrainIcon />
        {isLive ? (
          <span className="pulse">
            Thinking {startedAt === undefined ? null : <Elapsed since={startedAt} />}
          </span>
        ) : (
          <span className="num">{thoughtWords(row)}</span>
        )}
        <ChevronRightIcon className={classNames('size-3', isOpen && 'rotate-90')} />
      </button>
      {isOpen ? (
        <div className="group relative ml-[17px] border-l-2 border-line-strong py-1 pl-4">
          <MarkdownText text={text} className="text-fg-2" />
          <div className="absolute top-0 right-0 rounded-md bg-page opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
            <CopyButton
              text={() => (typeof text === 'string' ? text : joinBlocks(text))}
              label="Copy as Markdown"
            />
          </div>
        </div>
      ) : thinking === 'preview' ? (
        <div
          inert
          className={classNames(
            'ml-[17px] max-h-[62px] overflow-hidden border-l-2 border-line-strong pl-4',
            // Of what is still written, the newest.
            isLive && 'flex flex-col justify-end',
          )}
        >
          <MarkdownText text={text} className="text-fg-2" />
        </div>
      ) : null}
    </div>
  )
}

function thoughtWords({ startedAt, endedAt }: RowOf<'reasoning'>): string {
  const ms =
    startedAt === undefined || endedAt === undefined ? NaN : Date.parse(endedAt) - Date.parse(startedAt)
  return Number.isNaN(ms) ? 'Thought' : `Thought for ${formatDuration(Math.max(1000, ms))}`
}
