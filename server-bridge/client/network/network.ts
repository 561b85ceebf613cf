/**
 * The network of one deployment: certificates, proxies and headers as they are set for it, for everything that connects
 * to it. What is set differently makes a new one.
 */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Duplex } from 'node:stream'
import type { NetworkOptions } from '../../contract/deployment-network.ts'
import { systemClock, type Clock } from '../../lib/clock.ts'
import type { SocketFailure, SocketNetwork } from '../../lib/socket-network.ts'
import { redirectError } from '../connection-failure.ts'
import { ConnectionError } from '../errors.ts'
import type { Fetch } from '../http-exchange.ts'
import { createCertificates } from './certificates.ts'
import { targetOf } from './choose-proxies.ts'
import { connectTls, TlsFailure } from './connect-tls.ts'
import { dial, type DialOptions } from './dial.ts'
import { createHeaderCommand, type HeaderFields } from './header-command.ts'
import { proxyAuthorization } from './http-connect.ts'
import { proxyAuthError } from './proxy-error.ts'
import { sendRequest, type OutgoingRequest } from '../../lib/send-request.ts'
import { isClientCertificateRefused, tlsSentence } from './tls-words.ts'

export interface Network extends SocketNetwork {
  readonly options: NetworkOptions
  /** For requests to the deployment; refuses every other address. Follows no redirect and keeps no cookie. */
  readonly fetch: Fetch
  /** Opens a plain stream to the deployment's host, by the proxies. @throws {ConnectionError} */
  readonly connect: () => Promise<Duplex>
  /** Ends idle connections and keeps no new one. What runs ends by itself. */
  retire(): void
}

export interface NetworkDeps {
  /** The deployment's origin. */
  readonly url: string
  /** What the user's commands see. */
  readonly environment: Readonly<Record<string, string>>
  readonly clock?: Clock
}

const idleMs = 20_000
/** Statuses by which something on the way asks for other credentials than Coder's. */
const gatewayStatuses = new Set([401, 403, 407])

export function createNetwork(options: NetworkOptions, deps: NetworkDeps): Network {
  const { clock = systemClock, url, environment } = deps
  const base = new URL(url)
  const { host } = base
  const surroundings = { environment, clock, url: base.origin }
  const certificates = createCertificates(options, surroundings, host)
  const headerCommand = createHeaderCommand(options.headerCommand, surroundings, host)
  const serverName = options.serverName === '' ? targetOf(base).host : options.serverName
  const dialOptions: DialOptions = {
    ...options,
    clock,
    proxyTls: async () => (await certificates.read()).bareContext(),
  }

  const explain = (thrown: unknown): unknown => {
    if (thrown instanceof ConnectionError) return thrown
    const [error, peer] = thrown instanceof TlsFailure ? [thrown.cause, thrown.peer] : [thrown, undefined]
    const message = tlsSentence(error, {
      host,
      peer,
      serverName,
      certFile: options.certFile,
      clientExpiresAt: certificates.clientExpiresAt(),
      now: clock.now(),
    })
    if (message === undefined) return error
    return new ConnectionError({ code: 'tls', host, message, cause: error })
  }

  const connectSecurely = async (): Promise<Duplex> => {
    const files = await certificates.read()
    return connectTls({
      open: async () => (await dial(targetOf(base), dialOptions)).socket,
      context: files.context,
      bareContext: files.bareContext,
      name: serverName,
      clock,
    })
  }
  const connectPlainly = async (): Promise<Duplex> => (await dial(targetOf(base), dialOptions)).socket
  const agent = base.protocol === 'https:' ? secureAgent(connectSecurely) : plainAgent(connectPlainly)
  const isForwarded =
    base.protocol === 'http:' && options.proxies.some(({ scheme }) => scheme === 'http' || scheme === 'https')

  const recover = async (failure: SocketFailure, sent: HeaderFields): Promise<boolean> => {
    if ('error' in failure) {
      const { error } = failure
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
      return isClientCertificateRefused(cause) && (await certificates.renew())
    }
    // Coder names its version in every answer, so this one is of something on the way.
    const isCoders = failure.headers['x-coder-build-version'] !== undefined
    if (options.headerCommand === '' || isCoders || !gatewayStatuses.has(failure.status)) return false
    headerCommand.refused(sent)
    return true
  }

  const sendOnce = async (outgoing: OutgoingRequest): Promise<Response> => {
    if (!isForwarded) return sendRequest(outgoing, { agent })
    const { socket, proxy } = await dial(targetOf(base), dialOptions, true)
    if (proxy === undefined) return sendRequest(outgoing, { socket, isForwarded: false })
    const authorization = proxyAuthorization(proxy, options.proxyCredentials)
    const headers =
      authorization === undefined
        ? outgoing.headers
        : { ...outgoing.headers, 'Proxy-Authorization': authorization }
    const response = await sendRequest({ ...outgoing, headers }, { socket, isForwarded: true })
    if (response.status !== 407) return response
    await response.body?.cancel()
    const offered = response.headers.get('proxy-authenticate') ?? ''
    throw proxyAuthError(proxy, host, { isSent: authorization !== undefined, offered })
  }

  const send = async (outgoing: OutgoingRequest, mayRecover: boolean): Promise<Response> => {
    const sent = await headerCommand.headers()
    let failure: SocketFailure
    try {
      // The app's own headers stand: a command cannot replace the token by mistake.
      const response = await sendOnce({ ...outgoing, headers: withoutTwins(sent, outgoing.headers) })
      failure = { status: response.status, headers: Object.fromEntries(response.headers) }
      if (!mayRecover || !(await recover(failure, sent))) return response
      await response.body?.cancel()
    } catch (thrown) {
      if (!mayRecover || outgoing.signal?.aborted === true) throw explain(thrown)
      if (!(await recover({ error: thrown }, sent))) throw explain(thrown)
    }
    return send(outgoing, false)
  }

  return {
    options,
    explain,
    connect: connectPlainly,
    fetch: async (input, init) => {
      const target = new URL(input instanceof Request ? input.url : input)
      if (target.origin !== base.origin) throw notOurs(host, target)
      const { method = 'GET', headers, body, signal, redirect } = init ?? {}
      const response = await send(
        {
          method,
          url: target,
          headers: Object.fromEntries(new Headers(headers)),
          body: body as string | Uint8Array | undefined,
          signal: signal ?? undefined,
        },
        true,
      )
      const isRedirect = response.status >= 300 && response.status < 400 && response.headers.has('location')
      if (redirect !== 'error' || !isRedirect) return response
      await response.body?.cancel()
      throw redirectError(host, undefined)
    },
    async prepare(address) {
      const target = new URL(address.replace(/^ws/, 'http'))
      if (target.origin !== base.origin) throw notOurs(host, target)
      const headers = await headerCommand.headers()
      return { agent, headers, recover: (failure) => recover(failure, headers) }
    },
    retire() {
      agent.keepAlive = false
      for (const idle of Object.values(agent.freeSockets)) for (const socket of idle ?? []) socket.destroy()
    },
  }
}

function withoutTwins(added: HeaderFields, own: Readonly<Record<string, string>>): Record<string, string> {
  const taken = new Set(Object.keys(own).map((name) => name.toLowerCase()))
  const rest = Object.entries(added).filter(([name]) => !taken.has(name.toLowerCase()))
  return { ...Object.fromEntries(rest), ...own }
}

function notOurs(host: string, target: URL): ConnectionError {
  return new ConnectionError({
    code: 'redirected',
    host,
    message: `${target.origin} is not ${host}, so nothing is sent there.`,
    redirectedTo: target.origin,
  })
}

type Connect = () => Promise<Duplex>
type Answer = (error: Error | null, stream?: Duplex) => void

/** Gives the connection by callback, as Node's agents take it. */
function answering(connect: Connect) {
  return (_options: unknown, answer?: Answer): undefined => {
    connect().then(
      (stream) => answer?.(null, stream),
      (error: unknown) => answer?.(error as Error),
    )
    return undefined
  }
}

function plainAgent(connect: Connect): HttpAgent & { keepAlive: boolean } {
  return Object.assign(new HttpAgent({ keepAlive: true, timeout: idleMs }), {
    keepAlive: true,
    createConnection: answering(connect),
  })
}

function secureAgent(connect: Connect): HttpsAgent & { keepAlive: boolean } {
  return Object.assign(new HttpsAgent({ keepAlive: true, timeout: idleMs }), {
    keepAlive: true,
    createConnection: answering(connect),
  })
}
