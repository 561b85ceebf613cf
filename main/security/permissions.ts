/**
 * Permissions of pages. The app needs one: writing the clipboard on the user's own action, from our page's main frame.
 * Everything else goes through main. Deciding by the requesting frame's own origin matters: an iframe hands in any
 * string (CVE-2026-34777).
 */
import { appOrigin } from './origin.ts'

const allowed: ReadonlySet<string> = new Set(['clipboard-sanitized-write'])

export function mayUsePermission(request: {
  readonly permission: string
  readonly origin: string
  readonly isMainFrame: boolean
}): boolean {
  return (
    allowed.has(request.permission) &&
    request.isMainFrame &&
    (request.origin === appOrigin || request.origin === `${appOrigin}/`)
  )
}
