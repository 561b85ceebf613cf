/** Whether a file's name fits a pattern with `*` and `?`; an empty one fits all. In linear time, whatever the pattern. */
export function isNamedLike(name: string, pattern: string): boolean {
  if (pattern === '') return true
  let at = 0
  let next = 0
  // Where the last star stood, and how much of the name it has taken.
  let star = -1
  let taken = 0
  while (at < name.length) {
    const wanted = pattern[next]
    if (wanted === '*') {
      star = next
      taken = at
      next += 1
    } else if (wanted !== undefined && (wanted === '?' || wanted === name[at])) {
      at += 1
      next += 1
    } else if (star >= 0) {
      taken += 1
      at = taken
      next = star + 1
    } else return false
  }
  return /^\**$/.test(pattern.slice(next))
}
