const MAX_LENGTH = 300

/**
 * A text as a notification may show it. Linux desktops read markup in the body (Desktop Notifications, "Markup"): links
 * with another target than they show, pictures that are loaded. Texts come from servers, and not every desktop takes
 * escapes, so the brackets are replaced by ones that look alike.
 */
export function notificationText(text: string): string {
  const plain = text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .replaceAll('<', '\u2039')
    .replaceAll('>', '\u203A')
    .trim()
  const characters = [...plain]
  return characters.length > MAX_LENGTH ? `${characters.slice(0, MAX_LENGTH - 1).join('')}…` : plain
}
