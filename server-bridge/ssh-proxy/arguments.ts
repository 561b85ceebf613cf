import { parseArgs } from 'node:util'

export const usage = `Usage: ssh-proxy [flags] <workspace[.agent]>
       ssh-proxy [flags] --print-config

Carries one SSH connection to a workspace over standard input and output, for OpenSSH's ProxyCommand.
The token comes from CODER_SESSION_TOKEN or from the configuration folder, never from the command line.

  --url URL               address of the deployment (CODER_URL)
  --global-config DIR     folder with the files "url" and "session" (CODER_CONFIG_DIR)
  --ssh-host-prefix P     taken off the front of the name (CODER_SSH_SSH_HOST_PREFIX)
  --hostname-suffix S     taken off its end, with the dot (CODER_SSH_HOSTNAME_SUFFIX)
  --wait yes|no|auto      wait for start scripts; auto: for those that block the sign-in (CODER_SSH_WAIT)
  --no-wait               the same as --wait no, as older clients say it (CODER_SSH_NO_WAIT)
  --disable-autostart     do not start a stopped workspace (CODER_SSH_DISABLE_AUTOSTART)
  --print-config          print a block for ~/.ssh/config and end
  --help                  this text
`

export type WaitMode = 'yes' | 'no' | 'auto'

export interface ProxyArguments {
  readonly url: string | undefined
  readonly configFolder: string | undefined
  readonly hostPrefix: string
  readonly hostSuffix: string
  readonly wait: WaitMode
  readonly disableAutostart: boolean
  /** Absent: print the configuration. */
  readonly host: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the command line, and the environment for what it leaves out. @throws {TypeError} with a sentence. */
export function parseProxyArguments(
  argv: readonly string[],
  environment: Environment,
): ProxyArguments | 'help' {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      url: { type: 'string' },
      'global-config': { type: 'string' },
      'ssh-host-prefix': { type: 'string' },
      'hostname-suffix': { type: 'string' },
      wait: { type: 'string' },
      'no-wait': { type: 'boolean' },
      'disable-autostart': { type: 'boolean' },
      'print-config': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help === true) return 'help'
  const printsConfig = values['print-config'] === true
  const [host, ...others] = positionals
  if (others.length > 0 || printsConfig === (host !== undefined)) {
    throw new TypeError('Name one workspace, or ask for --print-config.')
  }
  return {
    url: values.url ?? given(environment['CODER_URL']),
    configFolder: values['global-config'] ?? given(environment['CODER_CONFIG_DIR']),
    hostPrefix: values['ssh-host-prefix'] ?? environment['CODER_SSH_SSH_HOST_PREFIX'] ?? '',
    hostSuffix: (values['hostname-suffix'] ?? environment['CODER_SSH_HOSTNAME_SUFFIX'] ?? '').replace(
      /^\./,
      '',
    ),
    wait: chosenWaitMode(values.wait, values['no-wait'], environment),
    disableAutostart:
      values['disable-autostart'] ?? isTrue(environment['CODER_SSH_DISABLE_AUTOSTART'] ?? 'false'),
    host,
  }
}

/** What the command line says comes before the environment, whichever of the two names it uses. */
function chosenWaitMode(
  wait: string | undefined,
  noWait: boolean | undefined,
  environment: Environment,
): WaitMode {
  if (noWait === true && wait !== undefined) throw new TypeError('Give --wait or --no-wait, not both.')
  if (noWait === true) return 'no'
  if (wait !== undefined) return readWaitMode(wait)
  const fromEnvironment = given(environment['CODER_SSH_WAIT'])
  if (fromEnvironment !== undefined) return readWaitMode(fromEnvironment)
  return isTrue(environment['CODER_SSH_NO_WAIT'] ?? 'false') ? 'no' : 'auto'
}

function readWaitMode(text: string): WaitMode {
  if (text === 'yes' || text === 'no' || text === 'auto') return text
  throw new TypeError(`--wait is yes, no or auto, not ${JSON.stringify(text)}.`)
}

/** An empty variable is as good as none. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value
}

/** Go's words for true, which Coder's variables take. */
function isTrue(text: string): boolean {
  return ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)
}
