/**
 * The block of `~/.ssh/config` by which OpenSSH, and what is built on it, reaches workspaces by name. In the manner of
 * `coder config-ssh`, with marks of our own, so that both can live in one file.
 */

const blockStart = '# ------------START-OUTPOST-----------'
const blockEnd = '# ------------END-OUTPOST------------'

/**
 * What a deployment may set (its `--ssh-config-options`, mostly keep-alives and how patient a connection is). Anything
 * else might run a program, forward something of the person's, send their variables, or read and write their files.
 */
const acceptedOptions = new Set([
  'addressfamily',
  'batchmode',
  'ciphers',
  'compression',
  'connectionattempts',
  'connecttimeout',
  'exitonforwardfailure',
  'gssapiauthentication',
  'hostkeyalgorithms',
  'identitiesonly',
  'ipqos',
  'kbdinteractiveauthentication',
  'kexalgorithms',
  'loglevel',
  'macs',
  'numberofpasswordprompts',
  'passwordauthentication',
  'preferredauthentications',
  'pubkeyauthentication',
  'rekeylimit',
  'requesttty',
  'serveralivecountmax',
  'serveraliveinterval',
  'stricthostkeychecking',
  'tcpkeepalive',
  'updatehostkeys',
  'user',
  'visualhostkey',
])

/** Names and numbers. Newer versions of OpenSSH put variables and tokens into more and more options (`$`, `%`). */
const plainValue = /^[A-Za-z0-9@^+*_=,.:-]+(?: [A-Za-z0-9@^+*_=,.:-]+)*$/

/** So that a comment stays one that a person reads. */
const maxNamedOptions = 20

/**
 * A host key of a workspace protects nothing, since the way there is authenticated: so nobody is asked about it. AES-GCM
 * goes first, which Node encrypts several times as fast as what OpenSSH would choose.
 */
const ownOptions: Readonly<Record<string, string>> = {
  ConnectTimeout: '0',
  StrictHostKeyChecking: 'no',
  UserKnownHostsFile: '/dev/null',
  LogLevel: 'ERROR',
  Ciphers: '^aes128-gcm@openssh.com',
}

export interface OpenSshConfigInput {
  /** Program and arguments of the proxy; the host's name is added. */
  readonly proxyCommand: readonly string[]
  /** `Host <prefix>*`. Empty: none. */
  readonly hostPrefix: string
  /** `Host *.<suffix>`, without the dot. Empty: none. */
  readonly hostSuffix: string
  /**
   * From `GET /deployment/ssh`. The safe ones are written before our own, since OpenSSH takes the first value of an
   * option; a comment names the others.
   */
  readonly deploymentOptions: Readonly<Record<string, string>>
  readonly platform?: NodeJS.Platform
}

/**
 * Writes the block, marks included.
 *
 * @throws {TypeError} for names or arguments that could mean something else in the file.
 */
export function writeOpenSshConfig(input: OpenSshConfigInput): string {
  const { hostPrefix, hostSuffix, platform = process.platform } = input
  const command = input.proxyCommand.map((argument) => quoteArgument(argument, platform))
  const options = Object.entries({ ...input.deploymentOptions })
  const accepted = options.filter(isAccepted)
  const leftOut = options.filter((option) => !isAccepted(option)).map(([name]) => name)
  const common = [
    ...accepted.map(([name, value]) => `${name} ${value}`),
    ...Object.entries(ownOptions).map(([name, value]) => `${name} ${value}`),
  ]
  const section = (pattern: string, flags: readonly string[]): string =>
    [
      `Host ${pattern}`,
      ...[...common, `ProxyCommand ${[...command, ...flags, '%h'].join(' ')}`].map((line) => `  ${line}`),
    ].join('\n')
  const sections: string[] = []
  if (hostPrefix !== '') {
    const name = checkedName(hostPrefix)
    sections.push(section(`${name}*`, ['--ssh-host-prefix', name]))
  }
  if (hostSuffix !== '') {
    const name = checkedName(hostSuffix)
    sections.push(section(`*.${name}`, ['--hostname-suffix', name]))
  }
  const note = '# Written by Outpost. Changes between these marks are lost the next time.'
  return [blockStart, note, ...leftOutNote(leftOut), ...sections, blockEnd, ''].join('\n')
}

function isAccepted([name, value]: readonly [string, string]): boolean {
  return acceptedOptions.has(name.toLowerCase()) && plainValue.test(value)
}

/** Names come from the deployment as well: what cannot be one of an option is counted only. */
function leftOutNote(names: readonly string[]): string[] {
  if (names.length === 0) return []
  const readable = names.filter((name) => /^[A-Za-z0-9]{1,40}$/.test(name)).slice(0, maxNamedOptions)
  const others = names.length - readable.length
  const list = [...readable, ...(others > 0 ? [`${others} more`] : [])].join(', ')
  return [`# Options of the deployment that were left out, since they are not safe to take over: ${list}`]
}

/** OpenSSH hands the command to the user's shell, after it has replaced its own `%` sequences. */
function quoteArgument(argument: string, platform: NodeJS.Platform): string {
  if (/[\0\r\n]/.test(argument)) throw new TypeError('An argument of the proxy command has a line break.')
  const escaped = argument.replaceAll('%', '%%')
  if (platform === 'win32') {
    if (argument.includes('"')) throw new TypeError('An argument of the proxy command has a quotation mark.')
    return `"${escaped}"`
  }
  if (/^[\w@+=:,./-]+$/.test(argument)) return argument
  return `'${escaped.replaceAll("'", `'\\''`)}'`
}

function checkedName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) return name
  throw new TypeError(`${JSON.stringify(name)} is no part of a host name.`)
}
