const MAX_LENGTH = 60

/**
 * A name as a menu may show it. Names come from servers: control and direction characters could make one item look
 * like another, and a single `&` would become a keyboard mnemonic.
 */
export function menuText(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ').trim()
  const characters = [...plain]
  const short = characters.length > MAX_LENGTH ? `${characters.slice(0, MAX_LENGTH - 1).join('')}…` : plain
  return short.replaceAll('&', '&&')
}
