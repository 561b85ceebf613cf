/** How much scrollback all terminals may keep together; beyond it those that nobody looks at lose theirs first. */

/** About ten terminals of 120 columns, full: 300 MB. */
const defaultMaxCells = 6_000_000

export interface ScrollbackHolder {
  /** Cells of screen and scrollback. */
  readonly cells: number
  /** A window shows it, and has a scrollback of its own. */
  readonly isSeen: boolean
  dropScrollback(): void
}

export interface ScrollbackBudget {
  /** Counts this one, too, until the returned function is called. */
  join(holder: ScrollbackHolder): () => void
  /** To be called when one has grown. */
  check(): void
}

/** Makes a budget of that many cells. */
export function createScrollbackBudget(maxCells: number = defaultMaxCells): ScrollbackBudget {
  const holders = new Set<ScrollbackHolder>()
  const total = () => [...holders].reduce((sum, { cells }) => sum + cells, 0)
  return {
    join: (holder) => {
      holders.add(holder)
      return () => void holders.delete(holder)
    },
    check: () => {
      if (total() <= maxCells) return
      // The biggest first: so the fewest lose anything.
      const order = [...holders].sort((a, b) => Number(a.isSeen) - Number(b.isSeen) || b.cells - a.cells)
      for (const holder of order) {
        holder.dropScrollback()
        if (total() <= maxCells) return
      }
    },
  }
}
