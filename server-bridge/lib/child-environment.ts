/** Names our processes pass on. Everything else stays out, above all what names a token, a secret or a key. */
const passedOn = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LANGUAGE',
  'TZ',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_DATA_HOME',
  'XDG_CACHE_HOME',
  'XDG_STATE_HOME',
])

/** Without these a Windows process finds neither its libraries nor its user. */
const passedOnWindows = new Set([
  'APPDATA',
  'COMMONPROGRAMFILES',
  'COMSPEC',
  'HOMEDRIVE',
  'HOMEPATH',
  'LOCALAPPDATA',
  'NUMBER_OF_PROCESSORS',
  'PATHEXT',
  'PROCESSOR_ARCHITECTURE',
  'PROGRAMDATA',
  'PROGRAMFILES',
  'PROGRAMFILES(X86)',
  'SYSTEMDRIVE',
  'SYSTEMROOT',
  'TEMP',
  'TMP',
  'USERNAME',
  'USERPROFILE',
  'WINDIR',
])

/**
 * The environment our own processes, and through them every shell of a workspace, start with: an allow-list, so that
 * a credential in the environment of whoever started the app never reaches a workspace.
 */
export function pickChildEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform = process.platform,
): Record<string, string> {
  const isWindows = platform === 'win32'
  const picked: Record<string, string> = {}
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue
    const key = isWindows ? name.toUpperCase() : name
    if (passedOn.has(key) || key.startsWith('LC_') || (isWindows && passedOnWindows.has(key))) {
      picked[name] = value
    }
  }
  return picked
}
