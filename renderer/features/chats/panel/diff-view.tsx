import { useState, type ReactNode } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { Button } from '../../../ui/button.tsx'
import { PlusIcon } from '../../../ui/icons.tsx'
import { CodeLine } from '../transcript/code-lines.tsx'
import { showUnseen } from '../transcript/hostile-text.ts'
import { parseDiff, type DiffLine } from '../transcript/unified-diff.ts'
import { sideBySide } from './side-by-side.ts'

export type DiffLayout = 'unified' | 'split'

export interface DiffViewProps {
  readonly path: string
  readonly diff: string
  readonly layout: DiffLayout
  /** Left out where nothing can be said about it. */
  readonly onComment?: ((line: DiffLine) => void) | undefined
  /** Below the line it is about: what is being written. */
  readonly comment?: { readonly line: DiffLine; readonly form: ReactNode } | undefined
}

const firstLines = 400
const mostLines = 20_000

/** What changed in one file, with a way to say something about a line. */
export function DiffView(props: DiffViewProps) {
  const [limit, setLimit] = useState(firstLines)
  const lines = parseDiff(props.diff, limit)
  return (
    <div className="copyable overflow-x-auto">
      <div className="w-fit min-w-full code-text">
        {props.layout === 'split' ? (
          <SplitLines {...props} lines={lines} />
        ) : (
          <Lines {...props} lines={lines} />
        )}
      </div>
      {lines.length === limit && limit < mostLines ? (
        <div className="sticky left-0 p-2">
          <Button onClick={() => setLimit(mostLines)}>Show the rest of the file</Button>
        </div>
      ) : null}
    </div>
  )
}

type LinesProps = DiffViewProps & { readonly lines: readonly DiffLine[] }

const looks = {
  same: { line: '', mark: 'text-fg-3', sign: ' ' },
  added: { line: 'bg-(--add-bg)', mark: 'text-(--add-fg)', sign: '+' },
  removed: { line: 'bg-(--del-bg)', mark: 'text-(--del-fg)', sign: '-' },
} as const

function Lines({ lines, path, onComment, comment }: LinesProps) {
  return lines.map((line, index) =>
    line.kind === 'hunk' ? (
      <Hunk key={index} text={line.text} />
    ) : (
      <div key={index}>
        <div className={classNames('group relative flex whitespace-pre', looks[line.kind].line)}>
          <Number value={line.before} look={looks[line.kind].mark} />
          <Number value={line.after} look={looks[line.kind].mark} />
          <span className={classNames('w-4 flex-none select-none', looks[line.kind].mark)}>
            {looks[line.kind].sign}
          </span>
          <Text text={line.text} />
          {onComment ? <CommentButton path={path} line={line} onComment={onComment} /> : null}
        </div>
        {comment?.line === line || isSameLine(comment?.line, line) ? comment?.form : null}
      </div>
    ),
  )
}

function SplitLines({ lines, path, onComment, comment }: LinesProps) {
  return sideBySide(lines).map((line, index) =>
    line.kind === 'hunk' ? (
      <Hunk key={index} text={line.text} />
    ) : (
      <div key={index}>
        <div className="group relative grid grid-cols-2 whitespace-pre">
          <Side line={line.left} number={line.left?.before} />
          <Side line={line.right} number={line.right?.after} />
          {onComment ? (
            <CommentButton path={path} line={line.right ?? line.left} onComment={onComment} />
          ) : null}
        </div>
        {comment !== undefined && [line.left, line.right].some((side) => isSameLine(comment.line, side))
          ? comment.form
          : null}
      </div>
    ),
  )
}

function Side({
  line,
  number,
}: {
  readonly line: DiffLine | undefined
  readonly number: number | undefined
}) {
  if (line === undefined || line.kind === 'hunk') return <span className="bg-sunken" />
  return (
    <span className={classNames('flex min-w-0 overflow-hidden', looks[line.kind].line)}>
      <Number value={number} look={looks[line.kind].mark} />
      <Text text={line.text} />
    </span>
  )
}

function Hunk({ text }: { readonly text: string }) {
  return <div className="bg-sunken px-3 py-0.5 whitespace-pre text-fg-3">{showUnseen(text)}</div>
}

function Number({ value, look }: { readonly value: number | undefined; readonly look: string }) {
  return <span className={classNames('w-9 flex-none pr-2 text-right select-none', look)}>{value ?? ''}</span>
}

function Text({ text }: { readonly text: string }) {
  return (
    <code className="pr-8">
      <CodeLine text={text} />
      {text === '' ? '\u200b' : null}
    </code>
  )
}

function CommentButton({
  path,
  line,
  onComment,
}: {
  readonly path: string
  readonly line: DiffLine | undefined
  readonly onComment: (line: DiffLine) => void
}) {
  if (line === undefined) return null
  const number = line.after ?? line.before ?? 0
  return (
    <button
      type="button"
      aria-label={`Comment on line ${number} of ${path}`}
      className="absolute inset-y-0 left-0 grid w-5 place-items-center bg-accent text-on-accent opacity-0 group-hover:opacity-100 focus-visible:opacity-100 [&>.lucide]:size-3"
      onClick={() => onComment(line)}
    >
      <PlusIcon />
    </button>
  )
}

/** Lines are read anew with each scan: the same one has the same numbers and the same text. */
function isSameLine(a: DiffLine | undefined, b: DiffLine | undefined): boolean {
  if (a === undefined || b === undefined) return false
  return a.kind === b.kind && a.text === b.text && a.before === b.before && a.after === b.after
}
