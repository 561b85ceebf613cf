/**
 * OSC 52: a program on the other side wants to write the clipboard, or asks what is in it. `52 ; target ; base64`; `?` in
 * place of the text asks, which is never answered.
 */

/** More than a person copies out of a terminal; the text could not be shown for a decision either. */
const maxBase64Chars = 100_000

/** The text to be written; `undefined` for a question, or for what is no text. */
export function readClipboardRequest(data: string): string | undefined {
  const separator = data.indexOf(';')
  const payload = data.slice(separator + 1)
  if (separator < 0 || payload === '' || payload === '?' || payload.length > maxBase64Chars) return undefined
  try {
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))
    return clean(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // Not base64, or not UTF-8: whatever it is, it is no text for a clipboard.
    return undefined
  }
}

/** Pasted into another terminal later, a control character would act there. */
function clean(text: string): string | undefined {
  const cleaned = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '')
  return cleaned === '' ? undefined : cleaned
}
