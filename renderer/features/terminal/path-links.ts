/** A path in the output of a program, as it is written there. */
export interface PathLink {
  readonly path: string
  /** From 1. */
  readonly line: number | undefined
  readonly column: number | undefined
}

/** Columns counted over all rows of the wrapped line. */
interface Stretch {
  readonly start: number
  readonly end: number
}
export type FoundPath = PathLink & Stretch

// Not in a path: what programs put around one. A colon ends it, since a place in the file may follow.
const word = String.raw`[^\s"'${'`'}<>|()[\]{}:;,\u0000-\u001f]+`
const pathPattern = new RegExp(
  // tsc and MSVC write file(3,5); most others file:3:5; Python File "x", line 3.
  `(${word})(?:\\((\\d+),(\\d+)\\)|:(\\d+)(?::(\\d+))?(?![\\w/])|(?=",? line (\\d+))|)`,
  'g',
)
const trailingDots = /\.+$/

/** The paths in a line of text: what has a slash in it, or a place behind it. Web addresses are none. */
export function findPaths(line: string, urls: readonly Stretch[]): readonly FoundPath[] {
  const found: FoundPath[] = []
  for (const match of line.matchAll(pathPattern)) {
    const [whole, written = '', tscLine, tscColumn, plainLine, plainColumn, pythonLine] = match
    const lineText = tscLine ?? plainLine ?? pythonLine
    const path = lineText === undefined ? written.replace(trailingDots, '') : written
    const hasPlace = lineText !== undefined && /[A-Za-z]/.test(path)
    const start = match.index
    const end = start + (lineText === undefined ? path.length : whole.length) - 1
    if (!(path.includes('/') || hasPlace) || /^[/.]*$/.test(path) || path.startsWith('//')) continue
    if (urls.some((url) => start <= url.end && end >= url.start)) continue
    found.push({ path, line: number(lineText), column: number(tscColumn ?? plainColumn), start, end })
  }
  return found
}

function number(text: string | undefined): number | undefined {
  const value = Number(text)
  return text === undefined || !Number.isSafeInteger(value) || value < 1 ? undefined : value
}
