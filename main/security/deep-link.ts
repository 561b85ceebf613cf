/** The one grammar of links into the app. Whoever makes one is a stranger: a page, a mail, another program. */

/** What a link asks for. Nothing is started, added or changed by any. */
export interface DeepLink {
  /** The chat, or the desktop of its workspace in a window of its own. */
  readonly kind: 'chat' | 'desktop'
  /** With its port where it has one, in small letters; `local` is the local deployment. */
  readonly host: string
  readonly chatId: string
}

const longest = 400
const host = String.raw`[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?|\[[0-9a-f:.]{2,45}\](?::\d{1,5})?`
const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const chat = new RegExp(`^outpost://(${host})/agents/(${uuid})(?:/(desktop|embed))?/?$`, 'i')

/**
 * Reads `outpost://HOST/agents/ID` with nothing, `/desktop` or `/embed` after it, which are the addresses of the chat's pages
 * with another scheme. The page that an editor embeds is the chat itself here. Anything else is none.
 */
export function parseDeepLink(text: string): DeepLink | undefined {
  if (text.length > longest) return undefined
  const [, found, chatId, page = ''] = chat.exec(text) ?? []
  if (found === undefined || chatId === undefined) return undefined
  const kind = page.toLowerCase() === 'desktop' ? 'desktop' : 'chat'
  return { kind, host: found.toLowerCase(), chatId: chatId.toLowerCase() }
}

/** The link among the arguments of a start. A start with several is not one that the system made for a link. */
export function linkAmong(argv: readonly string[]): string | undefined {
  const links = argv.filter((argument) => /^outpost:/i.test(argument))
  return links.length === 1 ? links[0] : undefined
}
