/**
 * What `terraform graph` draws: which block needs which. Blocks have no index here, and both forms of the output are
 * read, `"a" -> "b"` and the older `"[root] a (expand)" -> "[root] b (expand)"`, which has locals and variables as well.
 */
export interface DependencyGraph {
  /** Blocks that need this one, nearest first, each with how far away it is. */
  dependents(label: string): Reached[]
  /** Blocks this one needs, nearest first. */
  dependencies(label: string): Reached[]
}

export interface Reached {
  readonly label: string
  readonly distance: number
}

const edgePattern = /^\s*"([^"]+)" -> "([^"]+)"/

export function parseGraph(text: string): DependencyGraph {
  const needs = new Map<string, Set<string>>()
  const neededBy = new Map<string, Set<string>>()
  for (const line of text.split('\n')) {
    const [, from, to] = edgePattern.exec(line) ?? []
    if (from === undefined || to === undefined || isAuxiliary(from) || isAuxiliary(to)) continue
    add(needs, cleanLabel(from), cleanLabel(to))
    add(neededBy, cleanLabel(to), cleanLabel(from))
  }
  return {
    dependents: (label) => reach(neededBy, label),
    dependencies: (label) => reach(needs, label),
  }
}

/** An address without the numbers of its instances, as the graph names it. */
export function labelOf(address: string): string {
  return address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '')
}

function reach(edges: ReadonlyMap<string, ReadonlySet<string>>, start: string): Reached[] {
  const seen = new Set([start])
  const found: Reached[] = []
  let frontier = [start]
  for (let distance = 1; frontier.length > 0; distance += 1) {
    const next = new Set(frontier.flatMap((label) => [...(edges.get(label) ?? [])]))
    frontier = [...next].filter((label) => !seen.has(label)).sort()
    for (const label of frontier) {
      seen.add(label)
      found.push({ label, distance })
    }
  }
  return found
}

function add(edges: Map<string, Set<string>>, from: string, to: string): void {
  const known = edges.get(from)
  if (known === undefined) edges.set(from, new Set([to]))
  else known.add(to)
}

/** Nodes that only order the work: what needs all of them, or what all of them need. */
function isAuxiliary(label: string): boolean {
  return label.endsWith(' (close)') || /^(?:\[root\] )?(?:root$|provider\[)/.test(label)
}

function cleanLabel(label: string): string {
  return labelOf(label.replace(/^\[root\] /, '').replace(/ \(expand\)$/, ''))
}
