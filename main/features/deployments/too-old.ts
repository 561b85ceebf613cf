import { isTooOld, oldestVersion } from '#bridge/contract/oldest-version'

/** What is said of a deployment below the oldest version that is supported; `null` for all others. */
export function tooOld(version: string | null): string | null {
  if (version === null || !isTooOld(version)) return null
  return `This deployment runs Coder ${version}. Outpost supports ${oldestVersion} and newer, so parts of it will not work. Ask its administrator for an upgrade.`
}
