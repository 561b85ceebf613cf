/**
 * One live list of workspaces. Coder has no stream for lists, so it is polled: fast while something changes, slowly
 * when no window is to be seen, not at all while the deployment is away or nobody looks.
 */
import { CoderApiError } from '#bridge/client/errors'
import type { WorkspacesResponse } from '#bridge/contract/workspaces'
import type { Clock } from '#bridge/lib/clock'
import { toError } from '#bridge/lib/to-error'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { isChanging } from './build-activity.ts'
import { loadWorkspaces } from './load-workspaces.ts'
import { showSame } from './same-workspaces.ts'

export interface WorkspaceListDeps {
  readonly connection: DeploymentConnection
  readonly q: string
  readonly clock: Clock
  readonly visible: LiveValue<boolean>
}

/** The last answer, kept while the deployment is away; or why there is none. */
export type WorkspaceListState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly answer: WorkspacesResponse }
  | { readonly kind: 'refused'; readonly error: Error }

/** Right after a change of ours or a new connection much happens at once: a local start takes half a second. */
const SOON_MS: readonly number[] = [400, 600, 1000, 1500]
const CHANGING_MS = 2000
const VISIBLE_MS = 5000
const HIDDEN_MS = 20_000

/** A polled list. `start` begins, `close` ends. */
export class WorkspaceList {
  readonly #deps: WorkspaceListDeps
  readonly #state = createLiveValue<WorkspaceListState>({ kind: 'loading' })
  readonly #stops: (() => void)[] = []
  #cancelTimer: () => void = () => undefined
  #loading = false
  #again = false
  #closed = false
  #wasConnected = false
  #askedAt = 0
  /** Loads since the last change of ours or new connection. */
  #loadsSince = 0

  constructor(deps: WorkspaceListDeps) {
    this.#deps = deps
  }

  get state(): LiveValue<WorkspaceListState> {
    return this.#state
  }

  start(): void {
    const { connection, visible } = this.#deps
    this.#stops.push(
      connection.view.onChange(() => this.#onConnection()),
      visible.onChange(() => this.#plan()),
    )
    this.#onConnection()
  }

  /** Asks now and soon again, since something was just changed. */
  refresh(): void {
    this.#loadsSince = 0
    this.#ask()
  }

  #ask(): void {
    if (this.#closed || !this.#isConnected()) return
    if (this.#loading) {
      this.#again = true
      return
    }
    this.#cancelTimer()
    void this.#load()
  }

  close(): void {
    this.#closed = true
    this.#cancelTimer()
    for (const stop of this.#stops.splice(0)) stop()
  }

  #isConnected(): boolean {
    return this.#deps.connection.view.get().state.kind === 'connected'
  }

  #onConnection(): void {
    const connected = this.#isConnected()
    if (connected === this.#wasConnected) return
    this.#wasConnected = connected
    if (connected) this.refresh()
    else this.#cancelTimer()
  }

  async #load(): Promise<void> {
    const { connection, clock, q } = this.#deps
    this.#loading = true
    this.#loadsSince += 1
    this.#askedAt = clock.now()
    try {
      this.#take(await connection.call((client) => loadWorkspaces(client, q)))
    } catch (thrown) {
      this.#refuse(toError(thrown))
    } finally {
      this.#loading = false
      if (this.#again) {
        this.#again = false
        this.#ask()
      } else {
        this.#plan()
      }
    }
  }

  #take(answer: WorkspacesResponse): void {
    const now = this.#state.get()
    if (this.#closed || (now.kind === 'loaded' && showSame(now.answer, answer))) return
    this.#state.set({ kind: 'loaded', answer })
  }

  /** A wrong query is told at once. Anything else only where there is no earlier answer to show: the next may work. */
  #refuse(error: Error): void {
    if (this.#closed || isShownElsewhere(error)) return
    if (this.#state.get().kind !== 'loaded' || isQueryAtFault(error))
      this.#state.set({ kind: 'refused', error })
  }

  #plan(): void {
    this.#cancelTimer()
    if (this.#closed || this.#loading || !this.#isConnected()) return
    const { clock } = this.#deps
    const waited = clock.now() - this.#askedAt
    this.#cancelTimer = clock.after(Math.max(0, this.#interval() - waited), () => this.#ask())
  }

  #interval(): number {
    const { clock, visible } = this.#deps
    const state = this.#state.get()
    const now = clock.now()
    const soon = SOON_MS[this.#loadsSince - 1]
    if (soon !== undefined) return soon
    if (state.kind === 'loaded' && state.answer.workspaces.some((one) => isChanging(one, now)))
      return CHANGING_MS
    return visible.get() ? VISIBLE_MS : HIDDEN_MS
  }
}

/** The connection hears of these and shows them as its own state. */
const connectionCodes = new Set(['unreachable', 'signed_out', 'cancelled'])

function isShownElsewhere(error: Error): boolean {
  return error instanceof ProcedureError && connectionCodes.has(error.code)
}

function isQueryAtFault({ cause }: Error): boolean {
  return cause instanceof CoderApiError && cause.code === 'invalid'
}
