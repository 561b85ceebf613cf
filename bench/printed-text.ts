/** Text like that of a build: lines of different length, some colour, the same every time. */

const words =
  'compiling linking checking src/server/routes.ts lib node_modules/.cache ok warning unused 200 GET'.split(
    ' ',
  )
const colours = ['31', '32', '33', '36', '1', '2']

/** At least `bytes` long, ASCII, with the line ends a terminal gets. */
export function createPrintedText(bytes: number): string {
  let state = 0x2f6e_2b1
  const next = (limit: number): number => {
    // A linear congruential generator is random enough for line lengths.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  const lines: string[] = []
  let length = 0
  while (length < bytes) {
    let line = `[${String(lines.length)}]`
    for (let count = 2 + next(12); count > 0; count -= 1) {
      const word = words[next(words.length)] ?? ''
      line += next(6) === 0 ? ` \u001b[${colours[next(colours.length)] ?? '0'}m${word}\u001b[0m` : ` ${word}`
    }
    lines.push(line)
    length += line.length + 2
  }
  return `${lines.join('\r\n')}\r\n`
}
