export interface LinePlace {
  /** −1: none yet. */
  readonly current: number
  readonly count: number
  /** Lines of one page. */
  readonly page: number
}

/** The line a key goes to in a list of lines, within its bounds; `undefined`: the key goes nowhere. */
export function lineTarget(key: string, place: LinePlace): number | undefined {
  const to = wanted(key, place)
  return to === undefined ? undefined : Math.min(place.count - 1, Math.max(0, to))
}

function wanted(key: string, { current, count, page }: LinePlace): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return current + 1
    case 'ArrowUp':
      return current === -1 ? count - 1 : current - 1
    case 'PageDown':
      return Math.max(current, 0) + page
    case 'PageUp':
      return current - page
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return undefined
  }
}
