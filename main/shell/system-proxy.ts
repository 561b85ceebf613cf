/** The SystemProxy port on Electron: Chromium watches the system's settings and runs PAC files in a sandbox. */
import { session } from 'electron'
import type { SystemProxy } from '../ports/system-proxy.ts'

export function createSystemProxy(): SystemProxy {
  return { resolve: (url) => session.defaultSession.resolveProxy(url) }
}
