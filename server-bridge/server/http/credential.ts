export const sessionCookieName = 'coder_session_token'

/** The value of the session cookie, if the request carries one. */
export function readSessionCookie(headers: Headers): string | undefined {
  return readCookie(headers, sessionCookieName)
}

/** The value of the first cookie of that name; `undefined` for none and for an empty one. */
export function readCookie(headers: Headers, name: string): string | undefined {
  for (const pair of (headers.get('cookie') ?? '').split(';')) {
    const separator = pair.indexOf('=')
    if (separator !== -1 && pair.slice(0, separator).trim() === name) {
      return pair.slice(separator + 1).trim() || undefined
    }
  }
  return undefined
}

/** The credential of a request in Coder's order of places; an earlier place wins even when its value is stale. */
export function readCredential(headers: Headers, query: URLSearchParams): string | undefined {
  const bearer = /^bearer (.+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  return (
    readSessionCookie(headers) ||
    query.get(sessionCookieName) ||
    headers.get('coder-session-token') ||
    bearer ||
    query.get('access_token') ||
    undefined
  )
}

/** The cookie of a sign-in. It outlives the key on purpose: the key's own expiry decides. */
export function sessionCookie(token: string): string {
  return `${sessionCookieName}=${token}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax`
}

export const clearedSessionCookie = `${sessionCookieName}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax`
