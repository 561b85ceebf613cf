import { resolve } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createCoderClient } from '../client/coder-client.ts'
import { deploymentRoutes } from '../contract/deployment.ts'
import type { Clock } from '../lib/clock.ts'
import { errorCode, toError } from '../lib/to-error.ts'
import { writeOpenSshConfig } from '../transport/openssh-config.ts'
import { openWebSocketTransport } from '../transport/websocket.ts'
import { parseProxyArguments, usage, type ProxyArguments } from './arguments.ts'
import { readCredentials, type Credentials } from './credentials.ts'
import { parseHostName } from './host-name.ts'
import { printable } from './printable.ts'
import { reachAgent } from './reach-agent.ts'

/** As most programs have it: 1 it did not work, 2 it was asked wrongly. */
const exitStatus = { done: 0, failed: 1, misused: 2 } as const

export interface ProxyDeps {
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly input: Readable
  /** Nothing but bytes of SSH goes here. */
  readonly output: Writable
  /** One line for the person. */
  readonly report: (line: string) => void
  readonly clock: Clock
  /** How to start this program again from any folder, for the configuration. */
  readonly ownCommand: readonly string[]
}

/** Carries one SSH connection between the streams and a workspace. Answers the exit status; never throws. */
export async function runSshProxy(given: ProxyDeps): Promise<number> {
  // Names, logs and errors are the deployment's words, and even an argument may be what a page made of it.
  const deps = { ...given, report: (line: string) => given.report(printable(line)) }
  return run(deps, given.report)
}

/** @param reportOwn takes text of ours, as it is. */
async function run(deps: ProxyDeps, reportOwn: (text: string) => void): Promise<number> {
  let given: ProxyArguments | 'help'
  try {
    given = parseProxyArguments(deps.argv, deps.environment)
  } catch (error) {
    deps.report(toError(error).message)
    reportOwn(`\n${usage}`)
    return exitStatus.misused
  }
  if (given === 'help') {
    reportOwn(usage)
    return exitStatus.done
  }
  try {
    const credentials = await readCredentials({ ...given, environment: deps.environment })
    if (given.host === undefined) await printConfig(deps, given, credentials)
    else await carry(deps, { ...given, host: given.host }, credentials)
    return exitStatus.done
  } catch (error) {
    deps.report(toError(error).message)
    return exitStatus.failed
  }
}

async function carry(
  deps: ProxyDeps,
  given: ProxyArguments & { readonly host: string },
  { baseUrl, token }: Credentials,
): Promise<void> {
  const { clock, report } = deps
  const name = parseHostName(given.host, { prefix: given.hostPrefix, suffix: given.hostSuffix })
  const client = createCoderClient({ baseUrl, token, clock })
  const { wait, disableAutostart } = given
  const agent = await reachAgent(name, { client, clock, report, wait, disableAutostart })
  const workspace = await openWebSocketTransport({ baseUrl, agentId: agent.id, token: () => token })
  // The client's end ends the connection; what the workspace still sends is carried to its own end.
  deps.input.pipe(workspace)
  deps.input.on('error', () => workspace.end())
  try {
    // Standard output cannot be closed.
    await pipeline(workspace, deps.output, { end: false })
  } catch (error) {
    // The client has left without reading to the end.
    if (errorCode(error) !== 'EPIPE') throw error
  } finally {
    workspace.destroy()
  }
}

async function printConfig(deps: ProxyDeps, given: ProxyArguments, credentials: Credentials): Promise<void> {
  const client = createCoderClient({ ...credentials, clock: deps.clock })
  const settings = await client.call(deploymentRoutes.ssh, {})
  // OpenSSH runs the command in whatever folder it was started in.
  const folder = given.configFolder === undefined ? [] : ['--global-config', resolve(given.configFolder)]
  const flags = ['--url', credentials.baseUrl, ...folder]
  deps.output.write(
    writeOpenSshConfig({
      proxyCommand: [...deps.ownCommand, ...flags],
      hostPrefix: given.hostPrefix === '' ? settings.hostname_prefix : given.hostPrefix,
      hostSuffix: given.hostSuffix === '' ? settings.hostname_suffix : given.hostSuffix,
      deploymentOptions: settings.ssh_config_options,
    }),
  )
}
