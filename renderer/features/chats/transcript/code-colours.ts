/**
 * Colours for code without a grammar: words, texts, numbers and remarks as most languages write them. For a few lines
 * that are glanced at; the editor knows languages.
 */

export type CodeColour = 'keyword' | 'text' | 'number' | 'remark' | 'call' | 'type' | 'plain'

export interface CodePiece {
  readonly text: string
  readonly colour: CodeColour
}

const keywords = new Set(
  (
    'abstract and as assert async await bool break case catch chan class const continue debugger def default defer ' +
    'delete do elif else end enum except export extends false final finally fn for from func function go goto if ' +
    'impl implements import in instanceof interface is lambda let loop match mod module mut nil none not null of or ' +
    'package pass private protected pub public raise range readonly return satisfies select self static struct super ' +
    'switch then this throw trait true try type typeof undefined union unless until use using var void when where ' +
    'while with yield None True False'
  ).split(' '),
)

/** Text, remark, number, word with what follows it. Each alternative goes forward only. */
const token =
  /("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`?)|(\/\/.*|#(?![a-zA-Z0-9]{3}).*|\/\*.*?(?:\*\/|$)|--\s.*)|(\b(?:0x[\da-fA-F_]+|\d[\d_]*(?:\.\d+)?)\b)|([A-Za-z_$][\w$]*)(\s*\()?/g

const maxLineLength = 400

/** The pieces of one line, in order. A line that is too long to be read stays plain. */
export function colourLine(line: string): readonly CodePiece[] {
  if (line.length > maxLineLength) return [{ text: line, colour: 'plain' }]
  const pieces: CodePiece[] = []
  let at = 0
  for (const match of line.matchAll(token)) {
    const [, text, remark, number, word, bracket] = match
    const found = text ?? remark ?? number ?? word ?? ''
    if (match.index > at) pieces.push({ text: line.slice(at, match.index), colour: 'plain' })
    at = match.index + found.length
    pieces.push({ text: found, colour: colourOf({ text, remark, number, bracket }, found) })
  }
  if (at < line.length) pieces.push({ text: line.slice(at), colour: 'plain' })
  return joinPlain(pieces)
}

function colourOf(
  groups: Readonly<Record<'text' | 'remark' | 'number' | 'bracket', string | undefined>>,
  found: string,
): CodeColour {
  if (groups.text !== undefined) return 'text'
  if (groups.remark !== undefined) return 'remark'
  if (groups.number !== undefined) return 'number'
  if (keywords.has(found)) return 'keyword'
  if (groups.bracket !== undefined) return 'call'
  return /^[A-Z]\w*[a-z]/.test(found) ? 'type' : 'plain'
}

function joinPlain(pieces: readonly CodePiece[]): readonly CodePiece[] {
  const joined: CodePiece[] = []
  for (const piece of pieces) {
    const last = joined.at(-1)
    if (last?.colour === 'plain' && piece.colour === 'plain') {
      joined[joined.length - 1] = { text: last.text + piece.text, colour: 'plain' }
    } else joined.push(piece)
  }
  return joined
}

/** Languages whose marks of remarks and texts would colour plain words. */
const plainLanguages = new Set([
  '',
  'text',
  'txt',
  'plaintext',
  'markdown',
  'md',
  'diff',
  'csv',
  'log',
  'console',
  'output',
])

/** Whether colours help a reader of that language. */
export function isColoured(language: string): boolean {
  return !plainLanguages.has(language.toLowerCase())
}
