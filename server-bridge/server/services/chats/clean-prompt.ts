/**
 * A prompt without characters that nobody sees: with them, text could hold instructions that its reader does not know of.
 * Those that join letters and emoji stay.
 */
export function cleanPrompt(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, (char) => (/[\n\t\u200C\u200D]/.test(char) ? char : ''))
    .trim()
}
