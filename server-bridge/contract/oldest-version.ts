/**
 * What of a deployment's version matters. Features are found by asking for them, never by the version; below this one
 * too much is missing for that to be worth anything.
 */

/**
 * The oldest Coder the app supports. Its CLI is the first that reaches workspaces by wildcard host names, and from it on
 * a deployment offers the installer of its own CLI: without both there is no way into a workspace end to end.
 */
export const oldestVersion = '2.19.0'

/**
 * Whether a deployment is too old. Untagged builds (`v0.0.0-devel`), and versions that cannot be read, are taken for new:
 * whoever runs those knows.
 */
export function isTooOld(version: string): boolean {
  const found = /^v?(\d+)\.(\d+)\.(\d+)(-devel\b)?/.exec(version)
  if (found === null || found[4] !== undefined) return false
  const oldest = oldestVersion.split('.').map(Number)
  for (const [index, least] of oldest.entries()) {
    const part = Number(found[index + 1])
    if (part !== least) return part < least
  }
  return false
}
