import { buildInfoRoutes } from '../contract/build-info.ts'
import type { BuildInfoResponse } from '../contract/build-info.ts'
import { usersRoutes } from '../contract/users.ts'
import { createCoderClient } from './coder-client.ts'
import type { CallOptions, CoderClient, CoderClientOptions } from './coder-client.ts'
import { isLoopbackHost, normalizeDeploymentUrl } from './deployment-url.ts'
import { CoderApiError, ConnectionError, UnexpectedAnswerError } from './errors.ts'
import type { Network } from './network/network.ts'

export interface DeploymentProbe {
  /** The deployment's origin, to be stored. */
  readonly url: string
  readonly buildInfo: BuildInfoResponse
  /** False: the deployment is new, and its first user is still to be made. */
  readonly hasFirstUser: boolean
  /** A sentence when the token would travel in the clear. */
  readonly warning?: string
}

export type ProbeOptions = Omit<CoderClientOptions, 'baseUrl' | 'token' | 'retries' | 'network'> &
  CallOptions & {
    /** How an address is reached; asked for each that is tried. */
    readonly openNetwork?: ((url: string) => Promise<Network | undefined>) | undefined
  }

/**
 * Finds out whether a Coder deployment answers at what somebody typed. Sends no credential.
 *
 * @throws {DeploymentUrlError} it is no address.
 * @throws {ConnectionError} nothing answers there, or something else than Coder does.
 */
export async function probeDeployment(typed: string, options: ProbeOptions = {}): Promise<DeploymentProbe> {
  const origin = normalizeDeploymentUrl(typed)
  try {
    return await probeOrigin(origin, options)
  } catch (thrown) {
    const upgraded = secureTwin(origin, thrown)
    if (upgraded === undefined) throw thrown
    return probeOrigin(upgraded, options)
  }
}

async function probeOrigin(url: string, options: ProbeOptions): Promise<DeploymentProbe> {
  const { signal, openNetwork, ...clientOptions } = options
  const network = await openNetwork?.(url)
  const client = createCoderClient({ ...clientOptions, baseUrl: url, network, retries: 0 })
  const { buildInfo, hasFirstUser } = await ask(client, signal).finally(() => network?.retire())
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:' || isLoopbackHost(hostname)) return { url, buildInfo, hasFirstUser }
  const warning = `The connection to ${client.host} is not encrypted: anybody on the way can read your session token. Use https:// if the deployment has it.`
  return { url, buildInfo, hasFirstUser, warning }
}

async function ask(client: CoderClient, signal: AbortSignal | undefined) {
  const buildInfo = await readBuildInfo(client, signal)
  return { buildInfo, hasFirstUser: await readHasFirstUser(client, signal) }
}

async function readBuildInfo(
  client: CoderClient,
  signal: AbortSignal | undefined,
): Promise<BuildInfoResponse> {
  try {
    return await client.call(buildInfoRoutes.get, {}, { signal })
  } catch (thrown) {
    const answersOtherwise =
      thrown instanceof UnexpectedAnswerError ||
      (thrown instanceof CoderApiError && thrown.status < 500 && thrown.status !== 429)
    if (!answersOtherwise) throw thrown
    throw new ConnectionError({
      code: 'not_coder',
      host: client.host,
      message: `${client.host} answers, but it is not a Coder server. Check the address.`,
      cause: thrown,
    })
  }
}

async function readHasFirstUser(client: CoderClient, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await client.call(usersRoutes.getFirst, {}, { signal })
    return true
  } catch (thrown) {
    if (thrown instanceof CoderApiError && thrown.status === 404) return false
    throw thrown
  }
}

/** The HTTPS origin of the same host, where a plain HTTP one redirects to it. No token was sent yet, so it is safe. */
function secureTwin(origin: string, thrown: unknown): string | undefined {
  if (!(thrown instanceof ConnectionError) || thrown.redirectedTo === undefined) return undefined
  const from = new URL(origin)
  const to = new URL(thrown.redirectedTo)
  return from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname
    ? to.origin
    : undefined
}
