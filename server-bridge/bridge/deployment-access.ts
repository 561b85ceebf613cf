import { createCoderClient, type CoderClient } from '../client/coder-client.ts'
import { createNetwork, type Network } from '../client/network/network.ts'
import { buildInfoRoutes } from '../contract/build-info.ts'
import type { CliPlace, CliState } from '../contract/coder-cli.ts'
import type { NetworkOptions } from '../contract/deployment-network.ts'
import { hasFeature } from '../contract/features.ts'
import { pickChildEnvironment } from '../lib/child-environment.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import { createCliSource } from '../transport/coder-cli/cli-source.ts'
import { createCoderCliTransport } from '../transport/coder-cli/coder-cli-transport.ts'
import { createProbedTransport } from '../transport/probed-transport.ts'
import { createWebSocketTransport, type WorkspaceTransport } from '../transport/workspace-transport.ts'
import { openCliSurroundings } from './cli-surroundings.ts'

/** A deployment as the bridge knows it, signed in. */
export interface DeploymentAccess {
  readonly url: string
  /** Empty where a client certificate is what signs in. */
  readonly token: string
  readonly client: CoderClient
  /** The way to the SSH servers of its workspaces. */
  readonly transport: Pick<WorkspaceTransport, 'open'>
}

/** One whose command line, where it needs one, is got in the background and ended with it. */
export interface OpenDeploymentAccess extends DeploymentAccess {
  /** What it was made of. */
  readonly session: DeploymentSession
  close(): void
}

export interface DeploymentSession {
  readonly url: string
  readonly token: string
  readonly cli: CliPlace
  /** How it is reached; absent for the plain way. */
  readonly network?: NetworkOptions | undefined
}

/** What main told of a deployment, made usable. */
export function createDeploymentAccess(
  session: DeploymentSession,
  deps: {
    readonly clock: Clock
    /** Of this process; programs get what is harmless of it. */
    readonly environment: NodeJS.ProcessEnv
    readonly logger: Logger
    readonly onCli: (state: CliState) => void
  },
): OpenDeploymentAccess {
  const { url, token } = session
  const { clock, logger } = deps
  const environment = pickChildEnvironment(deps.environment)
  const network = openNetwork(session, environment, clock)
  const client = createCoderClient({ baseUrl: url, token: token === '' ? undefined : token, network, logger })
  const buildInfo = (signal: AbortSignal) => client.call(buildInfoRoutes.get, {}, { signal })
  const surroundings = openCliSurroundings(url, network, environment)
  const source = createCliSource({
    ...session.cli,
    baseUrl: url,
    version: async (signal) => (await buildInfo(signal)).version,
    fetch: network?.fetch ?? globalThis.fetch,
    // For others than the deployment: neither its headers nor its certificates are theirs.
    plainFetch: globalThis.fetch,
    clock,
    environment,
    onState: deps.onCli,
  })
  const transport = createProbedTransport({
    hasOwnWay: async (signal) => hasFeature(await buildInfo(signal), 'agent-ssh'),
    own: createWebSocketTransport({ url, token, network }),
    cli: createCoderCliTransport({
      url,
      token,
      folder: session.cli.folder,
      cli: source.get,
      surroundings: surroundings.get,
      clock,
    }),
  })
  return {
    session,
    url,
    token,
    client,
    transport,
    close() {
      source.close()
      surroundings.close()
      network?.retire()
    },
  }
}

function openNetwork(
  { url, network }: DeploymentSession,
  environment: Readonly<Record<string, string>>,
  clock: Clock,
): Network | undefined {
  return network === undefined ? undefined : createNetwork(network, { url, environment, clock })
}
