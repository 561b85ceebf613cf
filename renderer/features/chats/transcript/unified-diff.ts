/** Reads a unified diff of one file. Lines that are no diff are passed over. */

export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed' | 'hunk'
  readonly text: string
  /** The number in the file before; absent for what was added. */
  readonly before?: number
  readonly after?: number
}

const hunkHead = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/

export function parseDiff(diff: string, maxLines: number): readonly DiffLine[] {
  const lines: DiffLine[] = []
  let [before, after, isInHunk] = [0, 0, false]
  for (const line of linesOf(diff)) {
    if (lines.length >= maxLines) break
    const head = hunkHead.exec(line)
    if (head) {
      before = Number(head[1])
      after = Number(head[2])
      isInHunk = true
      lines.push({ kind: 'hunk', text: line })
    } else if (isInHunk) {
      const text = line.slice(1)
      if (line.startsWith('+')) lines.push({ kind: 'added', text, after: after++ })
      else if (line.startsWith('-')) lines.push({ kind: 'removed', text, before: before++ })
      else if (line.startsWith(' ') || line === '')
        lines.push({ kind: 'same', text, before: before++, after: after++ })
    }
  }
  return lines
}

/** Lines one by one, so that a huge text is not cut into all of its lines when only some are shown. */
export function* linesOf(text: string): Generator<string> {
  const end = text.endsWith('\n') ? text.length - 1 : text.length
  for (let at = 0; at <= end;) {
    const next = text.indexOf('\n', at)
    const to = next === -1 || next > end ? end : next
    yield text.slice(at, to).replace(/\r$/, '')
    at = to + 1
  }
}

/** What an edit would do, before it has: the old text, then the new one. */
export function editLines(oldText: string, newText: string, maxLines: number): readonly DiffLine[] {
  const lines: DiffLine[] = []
  const add = (kind: 'added' | 'removed', text: string): void => {
    if (text === '') return
    for (const line of linesOf(text)) {
      if (lines.length >= maxLines) return
      lines.push({ kind, text: line })
    }
  }
  add('removed', oldText)
  add('added', newText)
  return lines
}

/** A new file: all of it was added. */
export function newFileLines(content: string, maxLines: number): readonly DiffLine[] {
  return editLines('', content, maxLines).map((line, index) => ({ ...line, after: index + 1 }))
}

/** How many lines came and went. */
export function countChanges(lines: readonly DiffLine[]): {
  readonly added: number
  readonly removed: number
} {
  return {
    added: lines.filter(({ kind }) => kind === 'added').length,
    removed: lines.filter(({ kind }) => kind === 'removed').length,
  }
}
