/** Text of models, tools, files and servers, so that what it looks like is what it is. */

/**
 * Controls, marks that turn the direction of the words around them, and characters without a shape: a text can hide or
 * reorder what it says by them. Joiners stay, as scripts and emoji are written with them.
 */
const unseen =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/u
const eachUnseen = new RegExp(unseen.source, 'gu')

/** The text with its unseen characters named: `a‹U+202E›b`. */
export function showUnseen(text: string): string {
  if (!unseen.test(text)) return text
  return text.replace(eachUnseen, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `‹U+${code.toString(16).toUpperCase().padStart(4, '0')}›`
  })
}

/** At most that many characters, with a mark where more was said. */
export function cutText(text: string, maxCharacters: number): string {
  return text.length <= maxCharacters ? text : `${text.slice(0, maxCharacters)}…`
}

/** One line to be read beside others: a title, a name, a path. */
export function oneLine(text: string, maxCharacters = 300): string {
  return showUnseen(
    cutText(
      text
        .slice(0, maxCharacters * 4)
        .replace(/\s+/g, ' ')
        .trim(),
      maxCharacters,
    ),
  )
}
