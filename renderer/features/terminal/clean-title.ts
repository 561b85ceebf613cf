const titleMaxChars = 80
const unseen = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/**
 * A title as a label shows it. A program sets it: no control characters, nothing that turns the direction of the words
 * around it, and no label of any length.
 */
export function cleanTitle(title: string): string {
  return [...title.slice(0, 4 * titleMaxChars).replace(unseen, '')].slice(0, titleMaxChars).join('')
}
