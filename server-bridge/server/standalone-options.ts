import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Experiment } from '../contract/experiments.ts'
import {
  parseAddress,
  parseDuration,
  parseExperiments,
  parseFlag,
  parsePort,
  parseUrl,
  parseWildcard,
  UsageError,
} from './option-values.ts'
import type { ListenAddress } from './listeners.ts'
import type { TlsFiles } from './tls-credentials.ts'

export interface StandaloneOptions {
  readonly dataDir: string
  readonly http: ListenAddress
  readonly tls: (ListenAddress & TlsFiles) | undefined
  readonly accessUrl: string | undefined
  readonly wildcardAccessUrl: string | undefined
  readonly logJson: string | undefined
  readonly logHuman: string | undefined
  readonly verbose: boolean
  readonly disableRateLimits: boolean
  /** Seal the stored secrets with a new key before serving. */
  readonly rotateSecretKey: boolean
  readonly maxTokenLifetimeSeconds: number | undefined
  /** Whether chats may work at all. */
  readonly chatsEnabled: boolean
  /** Whether owners of chats may let others read them. */
  readonly chatSharingEnabled: boolean
  readonly experiments: readonly Experiment[]
  /** Whether what models are asked is written down for all chats. */
  readonly chatDebugLoggingForced: boolean
  /** Sentences about what is allowed and yet to be thought about. */
  readonly warnings: readonly string[]
}

interface Option {
  /** As `coder server` calls it; absent for what is ours. */
  readonly env?: string
  /** What stands for the value in the help text; absent for a switch. */
  readonly value?: string
  readonly about: string
}

/** Names and meanings as in `coder server --help`, but for the first two. */
const OPTIONS = {
  'data-dir': { value: 'DIR', about: 'folder of the database and the workspaces (default: ./outpost-data)' },
  port: { value: 'N', about: 'port on 127.0.0.1; 0 (the default) takes any free one' },
  'http-address': {
    env: 'CODER_HTTP_ADDRESS',
    value: 'HOST:PORT',
    about: 'listen there instead; ":3000" is every interface',
  },
  'access-url': {
    env: 'CODER_ACCESS_URL',
    value: 'URL',
    about: 'where others reach the server, by a proxy say (default: its own address)',
  },
  'wildcard-access-url': {
    env: 'CODER_WILDCARD_ACCESS_URL',
    value: 'HOST',
    about: 'host of subdomain apps, like *.apps.example.com or *.localhost (default: none)',
  },
  'tls-enable': { env: 'CODER_TLS_ENABLE', about: 'listen with TLS too' },
  'tls-address': {
    env: 'CODER_TLS_ADDRESS',
    value: 'HOST:PORT',
    about: 'where to listen with TLS (default: 127.0.0.1:3443)',
  },
  'tls-cert-file': { env: 'CODER_TLS_CERT_FILE', value: 'FILE', about: 'certificate and its chain, PEM' },
  'tls-key-file': { env: 'CODER_TLS_KEY_FILE', value: 'FILE', about: 'key of the certificate, PEM' },
  'log-json': {
    env: 'CODER_LOGGING_JSON',
    value: 'FILE',
    about: 'JSON log lines (default: /dev/stderr, unless --log-human is given)',
  },
  'log-human': { env: 'CODER_LOGGING_HUMAN', value: 'FILE', about: 'log lines for people' },
  verbose: { env: 'CODER_VERBOSE', about: 'log every request' },
  'dangerous-disable-rate-limits': {
    env: 'CODER_DANGEROUS_DISABLE_RATE_LIMITS',
    about: 'let everybody call as often as they like',
  },
  'max-token-lifetime': {
    env: 'CODER_MAX_TOKEN_LIFETIME',
    value: 'DURATION',
    about: 'longest life of a token, e.g. 720h (default: 876600h0m0s)',
  },
  'ai-gateway-enabled': {
    env: 'CODER_AI_GATEWAY_ENABLED',
    value: 'BOOL',
    about: 'false: no chat works, and nobody can switch them on (default: true)',
  },
  'disable-chat-sharing': {
    env: 'CODER_DISABLE_CHAT_SHARING',
    about: "nobody reads another's chat, whatever was shared before",
  },
  experiments: {
    env: 'CODER_EXPERIMENTS',
    value: 'NAMES',
    about:
      'what to switch on before it is finished, by commas: chat-advisor, chat-virtual-desktop, or * for all',
  },
  'chat-debug-logging-enabled': {
    env: 'CODER_CHAT_DEBUG_LOGGING_ENABLED',
    about: 'keep what models are asked and answer, for all chats',
  },
  'rotate-secret-key': { about: 'seal the stored secrets with a new key before serving' },
  help: { about: 'this text' },
} satisfies Record<string, Option>
type Name = keyof typeof OPTIONS

/** Options of `coder server` that people may bring along; ignoring them would be a wrong promise. */
const NOT_OURS = new Set([
  'cache-dir',
  'config',
  'derp-config-url',
  'derp-server-enable',
  'disable-password-auth',
  'ephemeral',
  'pg-auth',
  'postgres-url',
  'prometheus-enable',
  'provisioner-daemons',
  'proxy-trusted-headers',
  'proxy-trusted-origins',
  'redirect-to-access-url',
  'secure-auth-cookie',
  'ssh-keygen-algorithm',
  'strict-transport-security',
  'telemetry',
  'tls-client-auth',
  'tls-client-ca-file',
  'trace',
])
const LOOPBACK_HOSTS = new Set(['127.0.0.1', '::1', 'localhost'])
const EVERY_INTERFACE = new Set(['0.0.0.0', '::'])

/** The text of `--help`. */
export function standaloneUsage(): string {
  const rows = (Object.entries(OPTIONS) as [string, Option][]).map(([name, { value, env, about }]) => {
    const left = `  --${name}${value === undefined ? '' : ` ${value}`}`
    return `${left.padEnd(34)} ${about}${env === undefined ? '' : ` [${env}]`}`
  })
  return `Usage: npm run server -- [OPTION…]

Runs a Coder-compatible local deployment, on 127.0.0.1 unless told otherwise.

${rows.join('\n')}

An option on the command line wins over its variable, which is in brackets.
When it is ready it prints one line of JSON: {"url":"http://127.0.0.1:…","pid":…}.
A fresh folder has no user: make the first one with POST /api/v2/users/first.
SIGTERM or Ctrl+C ends it, workspaces that run are started again the next time.
SIGHUP reads the certificate files again; without TLS it changes nothing, but for the end of a terminal.`
}

/**
 * Reads the command line, and variables for what it leaves out.
 *
 * @throws {UsageError} a sentence for whoever typed it.
 */
export function parseStandaloneOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): StandaloneOptions | 'help' {
  const given = readCommandLine(argv)
  if (given['help'] === true) return 'help'
  const text = (name: Name): string | undefined => {
    const typed = given[name]
    if (typeof typed === 'string') return typed
    const { env }: Option = OPTIONS[name]
    return env === undefined ? undefined : environment[env] || undefined
  }
  const flag = (name: Name): boolean => {
    const { env = '' }: Option = OPTIONS[name]
    return given[name] === true || parseFlag(env, environment[env])
  }
  const http = httpAddress(text('http-address'), given)
  const tls = flag('tls-enable') ? tlsListener(text) : undefined
  if (!tls) refuseLooseTlsFiles(given)
  const accessUrl = parseUrl('--access-url', text('access-url'))
  const lifetime = text('max-token-lifetime')
  return {
    dataDir: resolve(text('data-dir') ?? 'outpost-data'),
    http,
    tls,
    accessUrl,
    wildcardAccessUrl: parseWildcard('--wildcard-access-url', text('wildcard-access-url')),
    logJson: logFile('--log-json', text('log-json')),
    logHuman: logFile('--log-human', text('log-human')),
    verbose: flag('verbose'),
    disableRateLimits: flag('dangerous-disable-rate-limits'),
    rotateSecretKey: given['rotate-secret-key'] === true,
    maxTokenLifetimeSeconds:
      lifetime === undefined ? undefined : parseDuration('--max-token-lifetime', lifetime),
    chatsEnabled: parseFlag('--ai-gateway-enabled', text('ai-gateway-enabled') ?? 'true'),
    chatSharingEnabled: !flag('disable-chat-sharing'),
    experiments: parseExperiments('--experiments', text('experiments')),
    chatDebugLoggingForced: flag('chat-debug-logging-enabled'),
    warnings: exposureWarnings(http, tls, accessUrl),
  }
}

function readCommandLine(argv: readonly string[]): Readonly<Record<string, string | boolean | undefined>> {
  const options = Object.fromEntries(
    (Object.entries(OPTIONS) as [string, Option][]).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  const shorts = { help: { type: 'boolean', short: 'h' }, verbose: { type: 'boolean', short: 'v' } } as const
  for (const word of argv) {
    const name = /^--([\w-]+)/.exec(word)?.[1]
    if (name !== undefined && NOT_OURS.has(name)) {
      throw new UsageError(
        `--${name} is an option of "coder server" that the local deployment does not have. A deployment that needs it is one for Coder itself.`,
      )
    }
  }
  try {
    return parseArgs({ args: [...argv], options: { ...options, ...shorts } }).values
  } catch (error) {
    const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('. To specify')
    throw new UsageError(reason, { cause: error })
  }
}

type ReadText = (name: Name) => string | undefined
type Given = Readonly<Record<string, string | boolean | undefined>>

function httpAddress(address: string | undefined, given: Given): ListenAddress {
  const { port } = given
  if (typeof port === 'string') {
    if (given['http-address'] !== undefined) {
      throw new UsageError('--port and --http-address both say where to listen. Give one of them.')
    }
    return { host: '127.0.0.1', port: parsePort('--port', port) }
  }
  return address === undefined ? { host: '127.0.0.1', port: 0 } : parseAddress('--http-address', address)
}

function tlsListener(text: ReadText): ListenAddress & TlsFiles {
  const certFile = text('tls-cert-file')
  const keyFile = text('tls-key-file')
  if (certFile === undefined || keyFile === undefined) {
    throw new UsageError('--tls-enable needs --tls-cert-file and --tls-key-file.')
  }
  return {
    ...parseAddress('--tls-address', text('tls-address') ?? '127.0.0.1:3443'),
    certFile: resolve(certFile),
    keyFile: resolve(keyFile),
  }
}

function refuseLooseTlsFiles(given: Given): void {
  const loose = ['tls-cert-file', 'tls-key-file', 'tls-address'].find((name) => given[name] !== undefined)
  if (loose !== undefined) throw new UsageError(`--${loose} does nothing without --tls-enable.`)
}

function logFile(option: string, path: string | undefined): string | undefined {
  if (path === '/dev/stdout' || path === '-') {
    throw new UsageError(
      `${option} cannot be standard output: that is for the one line that says where the server is.`,
    )
  }
  return path
}

function exposureWarnings(
  http: ListenAddress,
  tls: ListenAddress | undefined,
  accessUrl: string | undefined,
): string[] {
  for (const { host } of tls ? [http, tls] : [http]) {
    if (EVERY_INTERFACE.has(host) && accessUrl === undefined) {
      throw new UsageError(
        'A server that listens on every interface needs --access-url: how others reach it.',
      )
    }
  }
  if (LOOPBACK_HOSTS.has(http.host)) return []
  return [
    `The server listens on ${http.host} without TLS: passwords and tokens cross the network readable. Use --tls-enable, or a proxy with TLS in front of 127.0.0.1.`,
  ]
}
