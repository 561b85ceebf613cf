import { useState, type ReactNode } from 'react'
import { Button } from '../../../ui/button.tsx'
import { PlusIcon } from '../../../ui/icons.tsx'
import { DiffLineView, HunkLine } from '../transcript/diff-line.tsx'
import { oneLine } from '../transcript/hostile-text.ts'
import { parseDiff, type DiffLine } from '../transcript/unified-diff.ts'
import { sideBySide } from './side-by-side.ts'

export type DiffLayout = 'unified' | 'split'

export interface DiffViewProps {
  readonly path: string
  readonly diff: string
  readonly layout: DiffLayout
  /** Left out where nothing can be said about it. */
  readonly onComment?: ((line: DiffLine) => void) | undefined
  /** Below the line it is about, or at the end where that is not shown: what is being written. */
  readonly comment?: { readonly line: DiffLine; readonly form: ReactNode } | undefined
}

const firstLines = 400
const mostLines = 20_000

/** What changed in one file, with a way to say something about a line. */
export function DiffView(props: DiffViewProps) {
  const [limit, setLimit] = useState(firstLines)
  const lines = parseDiff(props.diff, limit)
  const { comment } = props
  return (
    <div className="copyable overflow-x-auto">
      <div className="w-fit min-w-full code-text">
        {props.layout === 'split' ? (
          <SplitLines {...props} lines={lines} />
        ) : (
          <Lines {...props} lines={lines} />
        )}
        {comment === undefined || lines.some((line) => isSameLine(comment.line, line)) ? null : (
          <LooseComment {...comment} />
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

function Lines({ lines, path, onComment, comment }: LinesProps) {
  return lines.map((line, index) =>
    line.kind === 'hunk' ? (
      <HunkLine key={index} text={line.text} />
    ) : (
      <div key={index}>
        <DiffLineView line={line} numbers={[line.before, line.after]} className="group relative">
          {onComment ? <CommentButton path={path} line={line} onComment={onComment} /> : null}
        </DiffLineView>
        {isSameLine(comment?.line, line) ? comment?.form : null}
      </div>
    ),
  )
}

function SplitLines({ lines, path, onComment, comment }: LinesProps) {
  return sideBySide(lines).map((line, index) =>
    line.kind === 'hunk' ? (
      <HunkLine key={index} text={line.text} />
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

interface SideProps {
  readonly line: DiffLine | undefined
  readonly number: number | undefined
}

function Side({ line, number }: SideProps) {
  if (line === undefined) return <span className="bg-sunken" />
  return <DiffLineView line={line} numbers={[number]} hasSign={false} className="min-w-0 overflow-hidden" />
}

/** What is written about a line that is not, or not yet, among those that are shown. */
export function LooseComment({ line, form }: NonNullable<DiffViewProps['comment']>) {
  return (
    <div role="group" aria-label="About a line that is not shown any more" className="border-t border-line">
      <DiffLineView line={line} numbers={[line.before, line.after]} className="overflow-x-auto opacity-60" />
      {form}
    </div>
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
      aria-label={`Comment on line ${number} of ${oneLine(path)}`}
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
