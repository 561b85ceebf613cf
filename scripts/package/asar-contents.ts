/** What may be in the app's archive: an allow-list, so that nothing gets in by accident. */
import { EXTERNAL_PACKAGES } from '../build/parts.ts'

/** Packages that the external ones load; all others are bundled. A test follows the dependencies and compares. */
export const PACKED_PACKAGES: readonly string[] = [
  ...EXTERNAL_PACKAGES,
  '@neon-rs/load',
  'detect-libc',
  'fs-extra',
  'graceful-fs',
  'jsonfile',
  'universalify',
]

/** Native parts are packages of their own, one a platform. */
const NATIVE_PACKAGES = /^(?:@libsql|@lydell\/node-pty)[/-][a-z0-9-]+$/

const FORBIDDEN = [/\.map$/, /\.tsx?$/, /(?:^|\/)\.env/, /\.test\./, /(?:^|\/)\.git/]

/** Answers the entries, with `/` in front as the archive lists them, that have no business there. */
export function findUnexpectedEntries(entries: readonly string[]): readonly string[] {
  return entries
    .map((entry) => entry.replaceAll('\\', '/').replace(/^\//, ''))
    .filter((entry) => !isAllowed(entry) || FORBIDDEN.some((pattern) => pattern.test(entry)))
}

function isAllowed(entry: string): boolean {
  if (entry === 'package.json' || entry === 'dist' || entry === 'node_modules') return true
  if (/^dist\/(?:main|preload|renderer|server-bridge)(?:\/|$)/.test(entry)) return true
  const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(entry)?.[1]
  if (name === undefined) return false
  // The folder of a scope is an entry of its own.
  if (/^@[^/]+$/.test(name))
    return PACKED_PACKAGES.some((packed) => packed.startsWith(`${name}/`)) || name === '@libsql'
  return PACKED_PACKAGES.includes(name) || NATIVE_PACKAGES.test(name)
}
