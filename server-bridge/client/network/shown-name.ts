const maxChars = 120

/** A name or line from outside, fit for a sentence: one line, no invisible or reordering characters, not too long. */
export function shownName(text: string): string {
  const plain = text
    .slice(0, maxChars * 8)
    .replaceAll(/[\p{Cf}\p{Cs}\p{Co}]/gu, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
  return plain.length > maxChars ? `${plain.slice(0, maxChars)}…` : plain
}
