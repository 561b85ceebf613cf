/**
 * Permissions of pages. The app needs two, from our page's main frame: writing the clipboard on the user's own action, and
 * the microphone, never the camera, while a dictation begins. Everything else goes through main. Deciding by the requesting
 * frame's own origin matters: an iframe hands in any string (CVE-2026-34777).
 */
import { appOrigin } from './origin.ts'

export interface PermissionRequest {
  readonly permission: string
  readonly origin: string
  readonly isMainFrame: boolean
  /** Of `media`: what of audio and video is wanted. */
  readonly media?: readonly (string | undefined)[] | undefined
}

/** @param mayListen whether the gate of the microphone is open for the window; only asked where it matters. */
export function mayUsePermission(request: PermissionRequest, mayListen: () => boolean): boolean {
  const isOurs = request.isMainFrame && (request.origin === appOrigin || request.origin === `${appOrigin}/`)
  if (!isOurs) return false
  switch (request.permission) {
    case 'clipboard-sanitized-write':
      return true
    case 'media':
      return request.media?.length === 1 && request.media[0] === 'audio' && mayListen()
    default:
      return false
  }
}
