import type { DiffLine } from '../transcript/unified-diff.ts'

/** One line of two columns. A head of a hunk lies over both. */
export type SplitLine =
  | { readonly kind: 'hunk'; readonly text: string }
  | { readonly kind: 'pair'; readonly left: DiffLine | undefined; readonly right: DiffLine | undefined }

/** Puts what went beside what came in its place. */
export function sideBySide(lines: readonly DiffLine[]): SplitLine[] {
  const split: SplitLine[] = []
  let removed: DiffLine[] = []
  let added: DiffLine[] = []
  const flush = (): void => {
    for (let at = 0; at < Math.max(removed.length, added.length); at += 1)
      split.push({ kind: 'pair', left: removed[at], right: added[at] })
    removed = []
    added = []
  }
  for (const line of lines) {
    if (line.kind === 'removed') {
      // A line that goes after one that came begins another change.
      if (added.length > 0) flush()
      removed.push(line)
    } else if (line.kind === 'added') {
      added.push(line)
    } else {
      flush()
      split.push(
        line.kind === 'hunk' ? { kind: 'hunk', text: line.text } : { kind: 'pair', left: line, right: line },
      )
    }
  }
  flush()
  return split
}
