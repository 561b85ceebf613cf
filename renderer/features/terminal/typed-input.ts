/**
 * What a terminal sends to its shell by itself, and nobody typed: answers to a program's questions (device attributes,
 * reports of cursor, modes, colours and window), focus and mouse reports. Broadcast to other shells they would be typed
 * into them as garbage. `CSI row;column R` is also what Ctrl+F3 sends; the report is the likelier one.
 */
const reports =
  /^(?:\u001b\[[?>=]?[\d;]*(?:c|n|R|t|\$y)|\u001b\[[IO]|\u001b\[<[\d;]+[mM]|\u001b\[M[\s\S]{3}|\u001b[\]P][\s\S]*)$/

/** Whether a person typed or pasted it. */
export function isTyped(text: string): boolean {
  return !reports.test(text)
}
