/** The one gate for leaving the app by a link. */
import { parseUrl } from './origin.ts'

/** Editor schemes a user knows; each is confirmed, since it starts another program with the link as its input. */
const editorSchemes: ReadonlySet<string> = new Set([
  'vscode:',
  'vscode-insiders:',
  'cursor:',
  'windsurf:',
  'zed:',
  'jetbrains:',
  'jetbrains-gateway:',
])

export type ExternalUrlDecision =
  | { readonly kind: 'open'; readonly url: string }
  /** Show the real target and ask. `target` is what to show: the host, or the program's scheme. */
  | { readonly kind: 'ask'; readonly url: string; readonly target: string }
  /** `reason` is a sentence. */
  | { readonly kind: 'refuse'; readonly reason: string }

/**
 * Where a link comes from: the app's own text, a terminal's output, content a server, template or agent wrote, or a page
 * with scripts of its own, which could follow it without its reader.
 */
export type LinkSource = 'app' | 'terminal' | 'content' | 'page'

/**
 * Web links to deployments the user added open at once; any other host is shown and asked about, unless the link is
 * the app's own; from a page with scripts every link is asked about. A link with a name or password in it is refused: it
 * only serves to disguise the host.
 *
 * @param deploymentHosts hosts (with port) of the deployments in the list.
 */
export function decideExternalUrl(
  raw: string,
  context: { readonly source: LinkSource; readonly deploymentHosts: ReadonlySet<string> },
): ExternalUrlDecision {
  // Controls and bidi marks can make the shown target differ from the real one.
  if (/[\u0000-\u0020\u007F\u200E\u200F\u202A-\u202E\u2066-\u2069]/.test(raw)) {
    return { kind: 'refuse', reason: 'This link contains hidden characters, so it was not opened.' }
  }
  const url = parseUrl(raw)
  if (url === null) return { kind: 'refuse', reason: 'This is not a complete link, so it was not opened.' }
  if (url.username !== '' || url.password !== '') {
    return { kind: 'refuse', reason: 'This link carries a sign-in in its address, so it was not opened.' }
  }
  if (url.protocol === 'https:' || url.protocol === 'http:') {
    const isKnown = context.source !== 'page' && context.deploymentHosts.has(url.host)
    if (context.source === 'app' || isKnown) return { kind: 'open', url: url.href }
    return { kind: 'ask', url: url.href, target: url.host }
  }
  if (editorSchemes.has(url.protocol)) {
    return { kind: 'ask', url: url.href, target: url.protocol.slice(0, -1) }
  }
  return { kind: 'refuse', reason: `Outpost does not open links of the kind "${url.protocol.slice(0, 20)}".` }
}
