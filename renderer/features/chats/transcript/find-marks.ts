/** Marks words on the page without changing it, by the highlights of CSS. */

const all = 'chat-find'
const current = 'chat-find-current'
const maxRanges = 2000

/** How the marks look; the build's own reader of styles does not know highlights yet. */
export const markStyles = `
::highlight(${all}) { background: var(--warn-bg); text-decoration: underline 1px var(--warn); }
::highlight(${current}) { background: var(--accent); color: var(--on-accent); }`

/** Paints every place of the words below an element, and the one that is looked at in another way. */
export function paintMarks(
  root: HTMLElement,
  query: string,
  at: { readonly row: number; readonly nth: number } | undefined,
): void {
  if (!('highlights' in CSS)) return
  const ranges = findRanges(root, query.toLowerCase())
  const row = at && root.querySelector(`[data-index="${at.row}"]`)
  const inRow = row ? ranges.filter(({ startContainer }) => row.contains(startContainer)) : []
  const chosen = inRow[at?.nth ?? 0] ?? inRow[0]
  CSS.highlights.set(all, new Highlight(...ranges))
  CSS.highlights.set(current, new Highlight(...(chosen ? [chosen] : [])))
}

/** Takes all marks away. */
export function clearMarks(): void {
  if (!('highlights' in CSS)) return
  CSS.highlights.delete(all)
  CSS.highlights.delete(current)
}

function findRanges(root: HTMLElement, needle: string): Range[] {
  const ranges: Range[] = []
  if (needle === '') return ranges
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null && ranges.length < maxRanges; node = walker.nextNode()) {
    const text = (node.nodeValue ?? '').toLowerCase()
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
      const range = root.ownerDocument.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + needle.length)
      ranges.push(range)
    }
  }
  return ranges
}
