import { oneLine } from '../transcript/hostile-text.ts'
import type { DiffLine } from '../transcript/unified-diff.ts'
import { setLineComment, type WrittenComment } from './line-comment-store.ts'
import { LineComment } from './line-comment.tsx'

export interface FileCommentProps {
  readonly written: WrittenComment
  readonly onAdd: (line: DiffLine, text: string) => void
}

/** The form of a remark about a line of a file: it ends when the remark goes to the message, or is given up. */
export function FileComment({ written: { place, draft }, onAdd }: FileCommentProps) {
  const { line } = draft
  return (
    <LineComment
      key={JSON.stringify(line)}
      about={`line ${line.after ?? line.before ?? 0} of ${oneLine(place.path)}`}
      draft={draft}
      onChange={(next) => setLineComment(place, next)}
      onCancel={() => setLineComment(place, undefined)}
      onAdd={(text) => {
        onAdd(line, text)
        setLineComment(place, undefined)
      }}
    />
  )
}
