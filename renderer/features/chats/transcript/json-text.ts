const maxDepth = 24

/** How far a value is written. */
interface Budget {
  characters: number
}

/**
 * A value as indented JSON, bounded in depth and length however it is nested: what is left out is marked by `…`. Texts of
 * several lines stay JSON, so that nothing in them looks like structure.
 */
export function jsonText(value: unknown, maxCharacters = 20_000): string {
  const budget: Budget = { characters: maxCharacters }
  return write(value, { budget, depth: 0 })
}

interface Place {
  readonly budget: Budget
  readonly depth: number
}

function write(value: unknown, place: Place): string {
  if (place.budget.characters <= 0) return '…'
  if (typeof value !== 'object' || value === null) return spend(place.budget, writePlain(value, place.budget))
  if (place.depth >= maxDepth) return '…'
  const isList = Array.isArray(value)
  const entries: Iterable<readonly [string, unknown]> = isList
    ? value.map((item: unknown) => ['', item] as const)
    : Object.entries(value)
  const indent = '  '.repeat(place.depth + 1)
  const lines: string[] = []
  for (const [key, item] of entries) {
    if (place.budget.characters <= 0) {
      lines.push(`${indent}…`)
      break
    }
    const name = isList ? '' : `${spend(place.budget, writePlain(key, place.budget))}: `
    lines.push(`${indent}${name}${write(item, { ...place, depth: place.depth + 1 })}`)
  }
  const [open, close] = isList ? '[]' : '{}'
  return lines.length === 0
    ? `${open}${close}`
    : `${open}\n${lines.join(',\n')}\n${'  '.repeat(place.depth)}${close}`
}

function writePlain(value: unknown, { characters }: Budget): string {
  if (typeof value === 'string') {
    return value.length <= characters
      ? JSON.stringify(value)
      : `${JSON.stringify(value.slice(0, characters))}…`
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : 'null'
}

function spend(budget: Budget, text: string): string {
  budget.characters -= text.length + 2
  return text
}
