/** A name that a stranger chose, as part of one of our sentences: in one line, without marks that turn text around. */
export function shownName(name: string): string {
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, '').trim()
  const characters = [...plain]
  return characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : plain
}
