import type { TextEdit } from '../../contract/agent-tools.ts'

export type EditedText =
  { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string }

/**
 * Replaces a passage. What is not there to the letter is looked for line by line, first without the spaces at the ends of
 * lines, then without indentation, which the new text then gets; such a match has to be the only one.
 */
export function editText(text: string, edit: TextEdit): EditedText {
  const hasCrLf = text.includes('\r\n')
  const fit = (passage: string): string =>
    hasCrLf ? passage.replaceAll(/\r?\n/g, '\r\n') : passage.replaceAll('\r\n', '\n')
  const [old, replacement] = [fit(edit.old_text), fit(edit.new_text)]
  if (old === '') return refused('old_text is empty. To make a file, write it.')
  if (old === replacement) return refused('old_text and new_text are the same.')
  const parts = text.split(old)
  if (parts.length === 2 || (parts.length > 2 && edit.replace_all))
    return { ok: true, text: parts.join(replacement) }
  if (parts.length > 2)
    return refused(
      `old_text is there ${parts.length - 1} times. Give more of what is around it, or set replace_all.`,
    )
  return editLoosely(text, { old, replacement, lineEnd: hasCrLf ? '\r\n' : '\n' })
}

const refused = (reason: string): EditedText => ({ ok: false, reason })

interface LoosePassage {
  readonly old: string
  readonly replacement: string
  readonly lineEnd: string
}

function editLoosely(text: string, { old, replacement, lineEnd }: LoosePassage): EditedText {
  const lines = text.split(lineEnd)
  const wanted = withoutLastEnd(old, lineEnd).split(lineEnd)
  for (const simplify of [(line: string) => line.trimEnd(), (line: string) => line.trim()]) {
    const places = findLines(lines.map(simplify), wanted.map(simplify))
    if (places.length > 1)
      return refused(
        `Something like old_text is there ${places.length} times. Give more of what is around it.`,
      )
    const [at] = places
    if (at === undefined) continue
    const shift = indentShift(lines.slice(at, at + wanted.length), wanted)
    const inserted = withoutLastEnd(replacement, lineEnd).split(lineEnd).map(shift)
    const next = replacement === '' ? [] : inserted
    return {
      ok: true,
      text: [...lines.slice(0, at), ...next, ...lines.slice(at + wanted.length)].join(lineEnd),
    }
  }
  return refused('old_text is not in the file. Read it again.')
}

const withoutLastEnd = (passage: string, lineEnd: string): string =>
  passage.endsWith(lineEnd) ? passage.slice(0, -lineEnd.length) : passage

function findLines(lines: readonly string[], wanted: readonly string[]): number[] {
  // Nothing but blank lines would fit anywhere.
  if (wanted.every((line) => line === '')) return []
  const places: number[] = []
  for (let at = 0; at + wanted.length <= lines.length; at += 1)
    if (wanted.every((line, index) => lines[at + index] === line)) places.push(at)
  return places
}

const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? ''

/** What turns the indentation the model used into that of the file. */
function indentShift(found: readonly string[], wanted: readonly string[]): (line: string) => string {
  const index = wanted.findIndex((line) => line.trim() !== '')
  const [has, had] = [indentOf(found[index] ?? ''), indentOf(wanted[index] ?? '')]
  if (has === had) return (line) => line
  return (line) => {
    if (line.trim() === '') return line
    return line.startsWith(had) ? has + line.slice(had.length) : line
  }
}
