/** A language by the first line of a text, for files whose name says nothing. */
const interpreters: readonly (readonly [pattern: RegExp, language: string])[] = [
  [/\b(?:ba|z|k|da)?sh\b/, 'shell'],
  [/\bpython[\d.]*\b/, 'python'],
  [/\bnode\b|\bdeno\b|\bbun\b/, 'javascript'],
  [/\bruby\b/, 'ruby'],
  [/\bperl\b/, 'perl'],
  [/\bphp\b/, 'php'],
  [/\bpwsh\b/, 'powershell'],
]

/** What the text itself says of its language; `undefined`: nothing. */
export function languageOfText(text: string): string | undefined {
  const line = text.slice(0, 200).split('\n', 1)[0] ?? ''
  if (line.startsWith('#!')) return interpreters.find(([pattern]) => pattern.test(line))?.[1]
  if (line.startsWith('<?xml')) return 'xml'
  if (/^<!doctype html/i.test(line)) return 'html'
  if (line.startsWith('diff --git ')) return 'diff'
  return undefined
}
