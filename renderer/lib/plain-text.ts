/** Controls, and marks that turn the direction of the words around them; those a language needs by itself stay. */
const misleading = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

/** A text of somebody else as a page shows it: what it looks like is what it is, and it has at most that many characters. */
export function plainText(text: string, maxCharacters: number): string {
  const cut = text.length > maxCharacters * 2 ? text.slice(0, maxCharacters * 2) : text
  const characters = [...cut.replace(misleading, '')]
  if (characters.length <= maxCharacters && cut.length === text.length) return characters.join('')
  return `${characters.slice(0, maxCharacters - 1).join('')}…`
}
