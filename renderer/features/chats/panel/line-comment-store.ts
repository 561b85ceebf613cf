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

/** Where remarks about a file are written. */
export interface CommentPlace {
  readonly deploymentId: string
  readonly chatId: string
  readonly repository: string
  readonly path: string
}

/** A remark with the file it is about. */
export interface WrittenComment {
  readonly place: CommentPlace
  readonly draft: LineCommentDraft
}

const useComments = create<{ readonly comments: ReadonlyMap<string, WrittenComment> }>(() => ({
  comments: new Map(),
}))

/** A list as JSON: names of files hold whatever would part them. */
export function placeKey({ deploymentId, chatId, repository, path }: CommentPlace): string {
  return JSON.stringify([deploymentId, chatId, repository, path])
}

/**
 * The remark that is written about a file, until the app is closed: with each scan, in another look of the changes, and
 * when somebody looks elsewhere meanwhile, the lines are drawn anew.
 */
export function useLineComment(
  place: CommentPlace,
): readonly [LineCommentDraft | undefined, (draft: LineCommentDraft | undefined) => void] {
  const key = placeKey(place)
  const draft = useComments(({ comments }) => comments.get(key)?.draft)
  return [draft, (next) => setLineComment(place, next)]
}

/** All that is written about files of a chat, by file: each stays where it is while it is written. */
export function useLineComments(deploymentId: string, chatId: string): readonly WrittenComment[] {
  return [...useComments(({ comments }) => comments)]
    .filter(([, { place }]) => place.deploymentId === deploymentId && place.chatId === chatId)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, written]) => written)
}

export function setLineComment(place: CommentPlace, draft: LineCommentDraft | undefined): void {
  const key = placeKey(place)
  useComments.setState(({ comments }) => {
    const others = [...comments].filter(([other]) => other !== key)
    const all = draft === undefined ? others : [...others, [key, { place, draft }] as const]
    return { comments: new Map(all.slice(-keptAtMost)) }
  })
}
