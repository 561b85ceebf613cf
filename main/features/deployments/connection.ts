/**
 * One deployment's connection: finds out whether it can be used, says so in words, and heals. Everything that talks to
 * the deployment goes through `call`, so what one part learns (it is away, the token was refused) all parts know.
 */
import { createCoderClient, type CoderClient } from '#bridge/client/coder-client'
import { CoderApiError, ConnectionError } from '#bridge/client/errors'
import type { Network } from '#bridge/client/network/network'
import { buildInfoRoutes } from '#bridge/contract/build-info'
import { usersRoutes, type User } from '#bridge/contract/users'
import { backoffDelay, type BackoffPolicy } from '#bridge/lib/backoff'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import type { DeploymentState } from '#ipc/deployments'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'
import type { ProcedureError } from '../../lib/procedure-error.ts'
import { waitUntil } from '../../lib/wait-until.ts'
import { isLost, isRefused, notUsable, toProcedureError } from './call-failure.ts'
import { createBearer, type Bearer } from './session-bearer.ts'
import { CurrentNetwork, type ConnectionNetwork } from './current-network.ts'
import { signedInUser, type ConnectionView } from './connection-view.ts'
import type { CredentialSource } from './credentials.ts'

/** What a deployment accepted: address, token and a client that uses them. */
export interface Session {
  readonly url: string
  /** Empty where a client certificate is what signs in. */
  readonly token: string
  readonly client: CoderClient
  /** How it is reached; `undefined` for the plain way. */
  readonly network: Network | undefined
  /** The one before with a renewed token, and with its client: what runs on that goes on. */
  readonly isRenewed?: boolean | undefined
}

export interface ConnectionDeps {
  readonly source: CredentialSource
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
  readonly userAgent: string
  /** How the deployment is reached; without, the plain way. */
  readonly network?: ConnectionNetwork | undefined
  /** Whether a window is to be seen: only then is the latency measured regularly. */
  readonly visible: LiveValue<boolean>
}

/** Turns an answer of the deployment into a failure with a code of its own, or leaves it to the common mapping. */
export type RefineFailure = (error: CoderApiError) => ProcedureError | undefined

const RETRY: BackoffPolicy = { baseMs: 1000, capMs: 30_000, floorMs: 500 }
const LATENCY_EVERY_MS = 30_000
/** How long a call waits for a connection that is being made. */
const PATIENCE_MS = 20_000

/** A connection. `start` begins it, `close` ends it. */
export class DeploymentConnection {
  readonly #deps: ConnectionDeps
  readonly #view
  readonly #session = createLiveValue<Session | undefined>(undefined)
  readonly #stops: (() => void)[] = []
  readonly #closed = new AbortController()
  readonly #network: CurrentNetwork
  /** Of which a sign of life is asked for right now: all its streams break at once. */
  #measured: Session | undefined
  /** What the client of the session carries. */
  #bearer: Bearer | undefined
  #attempt: Promise<void> | undefined
  /** A change came while an attempt ran: its result is of yesterday. */
  #again = false
  #failures = 0
  #cancelTimer: () => void = () => undefined

  constructor(deps: ConnectionDeps) {
    this.#deps = deps
    this.#network = new CurrentNetwork(deps.network)
    this.#view = createLiveValue<ConnectionView>({
      state: { kind: 'connecting' },
      url: deps.source.url(),
      version: null,
      user: null,
    })
  }

  get view(): LiveValue<ConnectionView> {
    return this.#view
  }

  /** Address and token the deployment accepted. Stays while it is out of reach, goes when the token is refused. */
  get session(): LiveValue<Session | undefined> {
    return this.#session
  }

  start(): void {
    const { source, visible } = this.#deps
    this.#stops.push(
      source.onChange(() => this.#connect()),
      visible.onChange(() => this.#planNext()),
    )
    this.#connect()
  }

  /** Tries now instead of at the next turn: the user asked, or the machine woke up. */
  retry(): void {
    this.#failures = 0
    if (this.#view.get().state.kind !== 'connected') this.#setState({ kind: 'connecting' })
    this.#connect()
  }

  /** Asks for a sign of life now, e.g. since a stream broke, and measures how long it takes. */
  check(): void {
    const session = this.#session.get()
    if (session === undefined || this.#attempt !== undefined) return
    if (this.#view.get().state.kind === 'connected') void this.#measure(session)
  }

  /** Aborted when the deployment is removed or the app ends. */
  get closed(): AbortSignal {
    return this.#closed.signal
  }

  close(): void {
    this.#closed.abort()
    this.#cancelTimer()
    for (const stop of this.#stops.splice(0)) stop()
    this.#session.set(undefined)
    this.#network.close()
  }

  /** How it is reached was set anew: whatever runs the old way ends, and it starts over. */
  networkChanged(): void {
    this.#session.set(undefined)
    this.#failures = 0
    this.#setState({ kind: 'connecting' })
    this.#connect()
  }

  /**
   * Runs one piece of work on the deployment.
   *
   * @throws {ProcedureError} in the contract's words.
   */
  async call<T>(work: (client: CoderClient) => Promise<T>, refine?: RefineFailure): Promise<T> {
    const session = await this.#usableSession()
    try {
      const result = await work(session.client)
      if (this.#view.get().state.kind === 'unreachable') this.#connect()
      return result
    } catch (thrown) {
      const renewed = isRefused(thrown) ? await this.renew(session) : undefined
      if (renewed === undefined) throw this.#failure(thrown, refine)
      try {
        return await work(renewed.client)
      } catch (again) {
        throw this.#failure(again, refine)
      }
    }
  }

  /**
   * A session was refused: checks it, and gives the one that holds instead. A local session is made anew without
   * asking the user. `undefined` when there is none, or when the refused one is accepted elsewhere after all.
   */
  async renew(refused: Session): Promise<Session | undefined> {
    this.#connect()
    await this.#attempt
    const session = this.#session.get()
    return session?.token === refused.token ? undefined : session
  }

  /** Something else noticed that the deployment does not answer or refuses the token. */
  noteFailure(thrown: unknown): void {
    if (isLost(thrown)) {
      // Already known to be away: the time of the next try stands.
      if (this.#view.get().state.kind === 'connected') this.#lost(thrown.message)
    } else if (isRefused(thrown)) this.#connect()
  }

  #failure(thrown: unknown, refine: RefineFailure | undefined): unknown {
    this.noteFailure(thrown)
    const refined = thrown instanceof CoderApiError ? refine?.(thrown) : undefined
    return refined ?? toProcedureError(thrown)
  }

  async #usableSession(): Promise<Session> {
    if (this.#session.get() === undefined) {
      await waitUntil(this.#view, ({ state }) => state.kind !== 'connecting', {
        clock: this.#deps.clock,
        timeoutMs: PATIENCE_MS,
        signal: this.#closed.signal,
      })
    }
    const session = this.#session.get()
    if (session !== undefined) return session
    throw notUsable(this.#view.get().state)
  }

  #connect(): void {
    if (this.#closed.signal.aborted) return
    this.#cancelTimer()
    if (this.#attempt !== undefined) {
      this.#again = true
      return
    }
    this.#attempt = this.#attempts().finally(() => {
      this.#attempt = undefined
      // Asked for between the last look and this moment.
      if (this.#isAgain()) this.#connect()
      else this.#planNext()
    })
  }

  async #attempts(): Promise<void> {
    do {
      this.#again = false
      try {
        await this.#attemptOnce(true)
      } catch (thrown) {
        if (this.#closed.signal.aborted) return
        if (isRefused(thrown)) this.#signedOut()
        else this.#failed(thrown)
      }
    } while (this.#isAgain())
  }

  // A method, since the compiler takes the field for unchanged across the await.
  #isAgain(): boolean {
    return this.#again && !this.#closed.signal.aborted
  }

  async #attemptOnce(mayRenew: boolean): Promise<void> {
    const { clock, random, logger, source, userAgent } = this.#deps
    const credentials = await source.load()
    if (this.#closed.signal.aborted) return
    if (credentials.kind === 'unavailable') {
      this.#session.set(undefined)
      this.#view.set({ ...this.#view.get(), url: source.url(), state: credentials.state })
      return
    }
    const { url } = credentials
    const bearer = createBearer(credentials)
    const { token } = bearer
    const { signal } = this.#closed
    const network = await this.#network.forNow(url)
    const common = { baseUrl: url, clock, random, logger, userAgent, network, retries: 1 }
    const client = createCoderClient({ ...common, token: () => bearer.token || undefined })
    // Without the token first: whatever answers at that address today must be a Coder server before it gets one.
    const buildInfo = await client.call(buildInfoRoutes.get, {}, { signal })
    const askedAt = clock.now()
    try {
      const user = await client.call(usersRoutes.get, { params: { user: 'me' } }, { signal })
      if (signal.aborted) return
      this.#adopt({ url, token, client, network }, bearer, user)
      this.#connected(url, buildInfo.version, user, clock.now() - askedAt)
    } catch (thrown) {
      if (!isRefused(thrown) || !mayRenew || !(await source.refused(token))) throw thrown
      await this.#attemptOnce(false)
    }
  }

  #adopt(session: Session, bearer: Bearer, user: User): void {
    const known = this.#session.get()
    // Who it is comes before the session: what goes by the user must not take the next one's session for its own.
    this.#view.set({ ...this.#view.get(), user: signedInUser(user) })
    const isSameWay = known?.url === session.url && known.network === session.network
    // Watches restart with every new session, so the same one is kept.
    if (isSameWay && known.token === session.token) return
    if (isSameWay && this.#bearer?.takeOver(bearer) === true) {
      this.#session.set({ ...known, token: session.token, isRenewed: true })
      return
    }
    this.#bearer = bearer
    this.#session.set(session)
  }

  #connected(url: string, version: string, user: User, latencyMs: number): void {
    this.#failures = 0
    this.#view.set({ state: { kind: 'connected', latencyMs }, url, version, user: signedInUser(user) })
  }

  async #measure(session: Session): Promise<void> {
    if (this.#measured === session) return
    this.#measured = session
    const { clock } = this.#deps
    const askedAt = clock.now()
    this.#cancelTimer()
    try {
      if (await this.#network.isOutdated(session.url)) {
        // Another network, another proxy: the system tells nobody, so this is when it is noticed.
        this.#connect()
        return
      }
      const { version } = await session.client.call(buildInfoRoutes.get, {}, { signal: this.#closed.signal })
      const view = this.#view.get()
      if (view.state.kind === 'connected') {
        this.#view.set({ ...view, version, state: { kind: 'connected', latencyMs: clock.now() - askedAt } })
      }
      this.#planNext()
    } catch (thrown) {
      this.noteFailure(thrown)
      this.#planNext()
    } finally {
      if (this.#measured === session) this.#measured = undefined
    }
  }

  #failed(thrown: unknown): void {
    const error = toError(thrown)
    if (!(error instanceof ConnectionError) && !(error instanceof CoderApiError)) {
      this.#deps.logger.error('A connection could not be checked', { err: error })
    }
    this.#lost(error.message)
  }

  #signedOut(): void {
    this.#session.set(undefined)
    this.#setState({ kind: 'signed_out', reason: 'Your session has ended. Sign in again.' })
  }

  /** Out of reach: waits longer with each failure, and says until when. */
  #lost(reason: string): void {
    if (this.#closed.signal.aborted) return
    const { clock, random } = this.#deps
    const delayMs = backoffDelay(RETRY, this.#failures, random)
    this.#failures += 1
    this.#setState({ kind: 'unreachable', reason, retryAt: clock.now() + delayMs })
    this.#planNext()
  }

  /** Starts the one timer this state needs, if any. */
  #planNext(): void {
    this.#cancelTimer()
    if (this.#closed.signal.aborted || this.#attempt !== undefined) return
    const { clock, visible } = this.#deps
    const { state } = this.#view.get()
    if (state.kind === 'unreachable' && state.retryAt !== null) {
      this.#cancelTimer = clock.after(Math.max(0, state.retryAt - clock.now()), () => this.#connect())
    } else if (state.kind === 'connected' && visible.get()) {
      this.#cancelTimer = clock.after(LATENCY_EVERY_MS, () => this.check())
    }
  }

  #setState(state: DeploymentState): void {
    this.#view.set({ ...this.#view.get(), url: this.#deps.source.url() || this.#view.get().url, state })
  }
}
