import { stripVTControlCharacters } from 'node:util'

/**
 * One line of text that came from elsewhere, for a person's terminal, which is not the deployment's to steer: without
 * control characters, sequences of a terminal and marks that turn the direction of what follows. Line breaks become
 * spaces, so that it cannot pass for a second line of ours.
 */
export function printable(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/[\r\n\u2028\u2029]+/g, ' ')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '')
}
