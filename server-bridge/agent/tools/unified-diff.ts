/** Lines around a change. */
const CONTEXT = 3
/** Above this many pairs of lines, what differs is shown as one block, which takes no time to find. */
const MAX_PAIRS = 4_000_000

interface Line {
  readonly kind: ' ' | '-' | '+'
  readonly text: string
}

/** What was changed, as `diff -u` shows it; empty for no change. */
export function unifiedDiff(path: string, before: string, after: string): string {
  if (before === after) return ''
  const lines = compare(toLines(before), toLines(after))
  const hunks = hunksOf(lines)
  return [`--- ${path}`, `+++ ${path}`, ...hunks.flatMap((hunk) => formatHunk(lines, hunk))].join('\n')
}

/** A last line without its end is told apart, as `diff` does. */
function toLines(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') return lines.slice(0, -1)
  return [...lines.slice(0, -1), `${lines.at(-1) ?? ''}\n\\ No newline at end of file`]
}

function compare(before: readonly string[], after: readonly string[]): Line[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1
  let end = 0
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  )
    end += 1
  const same = (text: string): Line => ({ kind: ' ', text })
  return [
    ...before.slice(0, start).map(same),
    ...compareMiddle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(same),
  ]
}

/** The longest common subsequence, by its table of lengths. */
function compareMiddle(before: readonly string[], after: readonly string[]): Line[] {
  const [rows, columns] = [before.length, after.length]
  const removed = before.map((text): Line => ({ kind: '-', text }))
  const added = after.map((text): Line => ({ kind: '+', text }))
  if (rows === 0 || columns === 0 || rows * columns > MAX_PAIRS) return [...removed, ...added]
  const width = columns + 1
  const lengths = new Uint32Array((rows + 1) * width)
  const at = (row: number, column: number): number => lengths[row * width + column] ?? 0
  for (let row = rows - 1; row >= 0; row -= 1)
    for (let column = columns - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1))
  const lines: Line[] = []
  let [row, column] = [0, 0]
  while (row < rows && column < columns) {
    if (before[row] === after[column]) {
      lines.push({ kind: ' ', text: before[row] ?? '' })
      row += 1
      column += 1
    } else if (at(row + 1, column) >= at(row, column + 1)) {
      lines.push({ kind: '-', text: before[row] ?? '' })
      row += 1
    } else {
      lines.push({ kind: '+', text: after[column] ?? '' })
      column += 1
    }
  }
  return [...lines, ...removed.slice(row), ...added.slice(column)]
}

interface Hunk {
  readonly from: number
  readonly to: number
}

/** Changes with what is around them; ones that would touch are one. */
function hunksOf(lines: readonly Line[]): Hunk[] {
  const hunks: Hunk[] = []
  lines.forEach(({ kind }, index) => {
    if (kind === ' ') return
    const from = Math.max(0, index - CONTEXT)
    const to = Math.min(lines.length, index + CONTEXT + 1)
    const last = hunks.at(-1)
    if (last && from <= last.to) hunks[hunks.length - 1] = { from: last.from, to }
    else hunks.push({ from, to })
  })
  return hunks
}

function formatHunk(lines: readonly Line[], { from, to }: Hunk): string[] {
  const count = (part: readonly Line[], kind: '-' | '+'): number =>
    part.filter((line) => line.kind === ' ' || line.kind === kind).length
  const [above, part] = [lines.slice(0, from), lines.slice(from, to)]
  const range = (kind: '-' | '+'): string => {
    const length = count(part, kind)
    // An empty side names the line before it.
    const first = count(above, kind) + (length === 0 ? 0 : 1)
    return length === 1 ? `${first}` : `${first},${length}`
  }
  return [`@@ -${range('-')} +${range('+')} @@`, ...part.map(({ kind, text }) => kind + text)]
}
