/** The app's own scheme. A standard, secure scheme gives the pages a real origin, which `file://` never has. */
export const appScheme = 'app'
export const appHost = 'outpost'
export const appOrigin = `${appScheme}://${appHost}`
export const appEntryUrl = `${appOrigin}/index.html`

/** `URL.parse` of newer runtimes: `null` instead of a throw. */
export function parseUrl(url: string): URL | null {
  try {
    return new URL(url)
  } catch {
    return null
  }
}

/** True for pages of our own scheme and host only; everything that cannot be parsed is foreign. */
export function isAppUrl(url: string): boolean {
  const parsed = parseUrl(url)
  return parsed !== null && parsed.protocol === `${appScheme}:` && parsed.host === appHost
}
