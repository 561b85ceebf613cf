import { isDeepStrictEqual } from 'node:util'
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
import { reportLinks, type ReportedLink } from './report-links.ts'

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
  /**
   * Carries the token of that session from now on, in whatever is opened next. False, and nothing changes, when more
   * than the token differs.
   */
  renew(session: DeploymentSession): boolean
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
  first: DeploymentSession,
  deps: {
    readonly clock: Clock
    /** Of this process; programs get what is harmless of it. */
    readonly environment: NodeJS.ProcessEnv
    readonly logger: Logger
    readonly onCli: (state: CliState) => void
    /** Told for each connection into a workspace, and with what it tells of its network. */
    readonly onLink?: (link: ReportedLink) => void
  },
): OpenDeploymentAccess {
  const { url } = first
  let session = first
  const token = (): string => session.token
  const { clock, logger } = deps
  const environment = pickChildEnvironment(deps.environment)
  const network = openNetwork(first, environment, clock)
  const client = createCoderClient({ baseUrl: url, token: () => token() || undefined, network, logger })
  const buildInfo = (signal: AbortSignal) => client.call(buildInfoRoutes.get, {}, { signal })
  const surroundings = openCliSurroundings(url, network, environment)
  const source = createCliSource({
    ...first.cli,
    baseUrl: url,
    version: async (signal) => (await buildInfo(signal)).version,
    fetch: network?.fetch ?? globalThis.fetch,
    // For others than the deployment: neither its headers nor its certificates are theirs.
    plainFetch: globalThis.fetch,
    clock,
    environment,
    onState: deps.onCli,
  })
  const probed = createProbedTransport({
    hasOwnWay: async (signal) => hasFeature(await buildInfo(signal), 'agent-ssh'),
    own: createWebSocketTransport(carrying(token, { url, network })),
    cli: createCoderCliTransport(
      carrying(token, {
        url,
        folder: first.cli.folder,
        cli: source.get,
        environment: surroundings.environment,
        clock,
      }),
    ),
  })
  const transport = deps.onLink === undefined ? probed : reportLinks(probed, deps.onLink)
  return {
    get session() {
      return session
    },
    get token() {
      return token()
    },
    url,
    client,
    transport,
    renew(next) {
      if (!isDeepStrictEqual({ ...next, token: token() }, session)) return false
      session = next
      return true
    },
    close() {
      source.close()
      surroundings.close()
      network?.retire()
    },
  }
}

/** Options whose token is asked for each time. */
function carrying<T extends object>(token: () => string, options: T): T & { readonly token: string } {
  return {
    ...options,
    get token() {
      return token()
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
