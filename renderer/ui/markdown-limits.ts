/** No README that somebody wrote by hand is near these; a text made to freeze the window is over one of them. */
export const markdownMaxChars = 100_000
const maxPipes = 10_000
/** Emphasis is resolved by comparing each mark of a paragraph with those before it. */
const maxMarksInParagraph = 1000
/** Quotes and lists inside of each other: each level is a call in the parser and in the drawing. */
const deepLine = /^[ \t]*(?:>[ \t]*|[-+*][ \t]+|\d{1,9}[.)][ \t]+){33}|^[ \t]{200,}[-+*>\d]/m

/** Whether drawing this text as Markdown could take seconds or more levels than there is stack. */
export function isTooMuchMarkdown(text: string): boolean {
  if (text.length > markdownMaxChars || deepLine.test(text) || count(text, '|') > maxPipes) return true
  return text.split(/\n[ \t]*\r?\n/).some((paragraph) => countMarks(paragraph) > maxMarksInParagraph)
}

function countMarks(paragraph: string): number {
  return count(paragraph, '*') + count(paragraph, '_') + count(paragraph, '~')
}

function count(text: string, character: string): number {
  let found = 0
  for (let at = text.indexOf(character); at !== -1; at = text.indexOf(character, at + 1)) found += 1
  return found
}
