import type { RemoteEntry } from '#bridge/contract/remote-files'

const letters = 'rwxrwxrwx'
const kinds = new Map([
  [0o140000, 's'],
  [0o120000, 'l'],
  [0o100000, '-'],
  [0o060000, 'b'],
  [0o040000, 'd'],
  [0o020000, 'c'],
  [0o010000, 'p'],
])

/** Type and permissions as `ls -l` writes them: `drwxr-xr-x`. */
export function modeText(mode: number): string {
  const bits = Array.from(letters, (letter, index) => ((mode >> (8 - index)) & 1 ? letter : '-'))
  const special: readonly [bit: number, at: number, letter: string][] = [
    [0o4000, 2, 's'],
    [0o2000, 5, 's'],
    [0o1000, 8, 't'],
  ]
  for (const [bit, at, letter] of special) {
    if (mode & bit) bits[at] = bits[at] === 'x' ? letter : letter.toUpperCase()
  }
  return `${kinds.get(mode & 0o170000) ?? '?'}${bits.join('')}`
}

/** What kind of thing it is, for who hears the list. */
export function kindWords({ kind, target }: RemoteEntry): string {
  if (kind !== 'link') return { file: 'File', folder: 'Folder', other: 'Special file' }[kind]
  if (!target?.kind) return 'Broken link'
  return { file: 'Link to a file', folder: 'Link to a folder', other: 'Link' }[target.kind]
}

const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** When it was changed, in local time; `seconds` of the epoch. */
export function changedText(seconds: number): string {
  return seconds > 0 ? day.format(seconds * 1000) : '–'
}
