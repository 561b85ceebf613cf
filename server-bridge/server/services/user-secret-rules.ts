import type { ValidationError } from '../../contract/response.ts'

export const MAX_SECRETS = 50
export const MAX_VALUE_BYTES = 24 * 1024
export const MAX_TOTAL_BYTES = 200 * 1024
const MAX_ENV_NAME = 256
const MAX_FILE_PATH = 4096

/** Variables that shells, programs and the agent itself rely on. */
const RESERVED_NAMES = new Set(
  [
    'PATH HOME SHELL USER LOGNAME PWD OLDPWD TERM LANG IFS CDPATH TMPDIR TZ DISPLAY EDITOR VISUAL PAGER HOSTNAME',
    'MAIL ENV BASH_ENV PS1 PS2 PS4 PROMPT_COMMAND SHLVL UID EUID SSH_AUTH_SOCK SSH_AGENT_PID SSH_CLIENT SSH_TTY',
    'SSH_CONNECTION SSH_ASKPASS NODE_OPTIONS PYTHONPATH PYTHONHOME RUBYOPT PERL5OPT JAVA_TOOL_OPTIONS',
  ].flatMap((line) => line.split(' ')),
)
/** Families of variables: locale, git (which the agent sets up), dynamic linker, and what marks our own processes. */
const RESERVED_PREFIXES = ['GIT_', 'LC_', 'LD_', 'DYLD_', 'OUTPOST_']

/** What the rules look at of a secret. */
export interface SecretFields {
  readonly name: string
  readonly value: string
  readonly envName: string
  readonly filePath: string
  readonly enabled: boolean
}

/** Why a name cannot be used, or `undefined`. It is a segment of the routes' paths. */
export function nameProblem(name: string): string | undefined {
  if (name.trim() === '') return 'Name is required.'
  if (name.trim() !== name) return 'Name must not have leading or trailing whitespace.'
  if (name === '.' || name === '..' || name.length > MAX_ENV_NAME) return 'Name is not usable.'
  return /[/?#\p{Cc}]/u.test(name) ? 'Name must not contain /, ?, #, or control characters.' : undefined
}

/** Why a variable's name cannot be used, or `undefined`; empty means that there is none. */
export function envNameProblem(name: string): string | undefined {
  if (name === '') return undefined
  if (name.length > MAX_ENV_NAME) return `must be at most ${MAX_ENV_NAME} characters`
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return 'must start with a letter or underscore, followed by letters, digits, or underscores'
  }
  const upper = name.toUpperCase()
  if (upper === 'CODER' || upper.startsWith('CODER_')) {
    return 'environment variable names starting with CODER_ are reserved for internal use'
  }
  const isReserved = RESERVED_NAMES.has(upper) || RESERVED_PREFIXES.some((prefix) => upper.startsWith(prefix))
  return isReserved ? `${upper} is a reserved environment variable name` : undefined
}

/** Why a file path cannot be used, or `undefined`; empty means that there is none. */
export function filePathProblem(path: string): string | undefined {
  if (path === '') return undefined
  if (path.length > MAX_FILE_PATH) return `must be at most ${MAX_FILE_PATH} characters`
  if (!path.startsWith('~/') && !path.startsWith('/')) return 'must start with ~/ or /'
  if (/[\p{Cc}]/u.test(path)) return 'must not contain control characters'
  const segments = path.split('/').slice(1)
  // Also keeps one file from having two paths, and so two secrets.
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    return 'must name a file, without empty, . or .. segments'
  }
  return undefined
}

function valueProblem(value: string): string | undefined {
  if (value === '') return 'Value is required.'
  if (value.includes('\0')) return 'Value must not contain NUL bytes.'
  return Buffer.byteLength(value) > MAX_VALUE_BYTES
    ? `Value must be at most ${MAX_VALUE_BYTES} bytes.`
    : undefined
}

/** Everything that is wrong with one secret by itself, field by field. `prefix` stands before the fields of a batch. */
export function secretProblems(secret: SecretFields, prefix = ''): ValidationError[] {
  const problems: readonly (readonly [string, string | undefined])[] = [
    ['name', nameProblem(secret.name)],
    ['value', valueProblem(secret.value)],
    ['env_name', envNameProblem(secret.envName)],
    ['file_path', filePathProblem(secret.filePath)],
    [
      'enabled',
      secret.enabled && secret.envName === '' && secret.filePath === ''
        ? 'An enabled secret needs env_name or file_path.'
        : undefined,
    ],
  ]
  return problems.flatMap(([field, detail]) =>
    detail === undefined ? [] : [{ field: `${prefix}${field}`, detail }],
  )
}
