import { create } from 'zustand'
import type { DiffLine } from '../transcript/unified-diff.ts'

/** A remark that is being written. */
export interface LineCommentDraft {
  readonly line: DiffLine
  readonly text: string
  /** Somebody types there: it has the focus again where the line is drawn anew, and takes it from nobody else. */
  readonly hasFocus: boolean
}

/** The ones changed last. */
const keptAtMost = 200

const useComments = create<{ readonly comments: ReadonlyMap<string, LineCommentDraft> }>(() => ({
  comments: new Map(),
}))

/** Where remarks about a file are written. */
export interface CommentPlace {
  readonly deploymentId: string
  readonly chatId: string
  readonly repository: string
  readonly path: string
}

/**
 * The remark that is written about a file, until the app is closed: with each scan, in another look of the changes, and
 * when somebody looks elsewhere meanwhile, the lines are drawn anew.
 */
export function useLineComment({
  deploymentId,
  chatId,
  repository,
  path,
}: CommentPlace): readonly [LineCommentDraft | undefined, (draft: LineCommentDraft | undefined) => void] {
  // A list as JSON: names of files hold whatever would part them.
  const key = JSON.stringify([deploymentId, chatId, repository, path])
  const draft = useComments(({ comments }) => comments.get(key))
  return [draft, (next) => setComment(key, next)]
}

function setComment(key: string, draft: LineCommentDraft | undefined): void {
  useComments.setState(({ comments }) => {
    const others = [...comments].filter(([other]) => other !== key)
    const all = draft === undefined ? others : [...others, [key, draft] as const]
    return { comments: new Map(all.slice(-keptAtMost)) }
  })
}
