/**
 * The block of `~/.ssh/config` by which OpenSSH, and what is built on it, reaches workspaces by name. In the manner of
 * `coder config-ssh`, with marks of our own, so that both can live in one file.
 */

const blockStart = '# ------------START-OUTPOST-----------'
const blockEnd = '# ------------END-OUTPOST------------'

/** What a deployment must not set: each of them runs something, or lets the connection go somewhere else. */
const refusedOptions = new Set([
  'host',
  'match',
  'include',
  'proxycommand',
  'proxyjump',
  'localcommand',
  'permitlocalcommand',
  'remotecommand',
  'knownhostscommand',
  'pkcs11provider',
  'securitykeyprovider',
  'smartcarddevice',
  'xauthlocation',
])

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
  /** From `GET /deployment/ssh`, written before our own: OpenSSH takes the first value of an option. */
  readonly deploymentOptions: Readonly<Record<string, string>>
  readonly platform?: NodeJS.Platform
}

/**
 * Writes the block, marks included.
 *
 * @throws {TypeError} for names, options or arguments that could mean something else in the file.
 */
export function writeOpenSshConfig(input: OpenSshConfigInput): string {
  const { hostPrefix, hostSuffix, platform = process.platform } = input
  const command = input.proxyCommand.map((argument) => quoteArgument(argument, platform))
  const options = Object.entries({ ...input.deploymentOptions }).map(([name, value]) =>
    checkedOption(name, value),
  )
  const common = [...options, ...Object.entries(ownOptions).map(([name, value]) => `${name} ${value}`)]
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
  return [blockStart, note, ...sections, blockEnd, ''].join('\n')
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

function checkedOption(name: string, value: string): string {
  if (!/^[A-Za-z0-9]+$/.test(name) || refusedOptions.has(name.toLowerCase())) {
    throw new TypeError(`The deployment sets the SSH option ${JSON.stringify(name)}, which is not accepted.`)
  }
  if (/[\0\r\n]/.test(value)) throw new TypeError(`The value of the SSH option ${name} has a line break.`)
  return `${name} ${value}`
}
