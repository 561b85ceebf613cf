/** One app that is shown inside of the window: opened when it is first seen, asleep and awake, until it is closed. */
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import type { AppPreviewBounds, AppPreviewFailure, AppPreviewState, AppPreviewTarget } from '#ipc/app-preview'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { AppPreviews, PreviewAction, PreviewPage } from '../../ports/app-previews.ts'
import { previewKey } from './preview-key.ts'

/** A page that shows nothing for so long is given up. */
const patienceMs = 30_000

/** A ticket is spent and a session forgotten: such failures need a new sign-in, the others only the page again. */
const needsPage: ReadonlySet<AppPreviewFailure> = new Set(['no_answer', 'timed_out', 'crashed', 'failed'])

const initial: AppPreviewState = {
  title: '',
  path: '/',
  canGoBack: false,
  canGoForward: false,
  isLoading: false,
  isReady: false,
  failure: null,
}

export interface AppPreviewDeps {
  readonly pages: AppPreviews
  /** @throws {ProcedureError} where the app has no page now */
  readonly address: (
    target: AppPreviewTarget,
    signal: AbortSignal,
  ) => Promise<{ readonly url: string; readonly deploymentUrl: string }>
  readonly openLink: (url: string) => Promise<boolean>
  readonly onKey: (key: 'leave' | 'close', target: AppPreviewTarget, windowId: number) => void
  /** Calls back once its workspace does not run any more; the answer ends that. */
  readonly onStopped: (target: AppPreviewTarget, listener: (how: 'stopped' | 'gone') => void) => () => void
  readonly clock: Clock
  readonly logger: Logger
}

export class AppPreview {
  readonly target: AppPreviewTarget
  readonly #deps: AppPreviewDeps
  readonly #state = createLiveValue(initial)
  #page: PreviewPage | undefined
  #windowId = 0
  #bounds: AppPreviewBounds | null = null
  /** From the first question for its address to the end of its process. */
  #opening: AbortController | undefined
  #cancelPatience: () => void = () => undefined
  #unfollow: () => void = () => undefined
  /** Of this page something was there: its sign-in is done. */
  #hasLoaded = false
  #isAsking = false

  constructor(target: AppPreviewTarget, deps: AppPreviewDeps) {
    this.target = target
    this.#deps = deps
  }

  get state(): LiveValue<AppPreviewState> {
    return this.#state
  }

  get windowId(): number {
    return this.#windowId
  }

  /** It has a process, or is about to. */
  get isAwake(): boolean {
    return this.#opening !== undefined
  }

  /** Lays it over a part of the window, and opens it there unless it failed. */
  place(bounds: AppPreviewBounds | null, windowId: number): void {
    this.#bounds = bounds
    if (bounds !== null && windowId !== this.#windowId) {
      this.sleep()
      this.#windowId = windowId
    }
    this.#page?.place(bounds)
    if (bounds !== null && !this.isAwake && this.#state.get().failure === null) void this.#open()
  }

  act(action: PreviewAction | 'retry'): void {
    if (action !== 'retry') {
      this.#page?.act(action)
      return
    }
    const { failure } = this.#state.get()
    if (this.#hasLoaded && (failure === null || needsPage.has(failure))) {
      this.#page?.act('reload')
      return
    }
    this.sleep()
    if (this.#windowId !== 0) void this.#open()
  }

  async capture(): Promise<string | null> {
    return (await this.#page?.capture()) ?? null
  }

  /** Ends its process; it opens again once it is placed. */
  sleep(): void {
    this.#opening?.abort()
    this.#opening = undefined
    this.#cancelPatience()
    this.#unfollow()
    this.#unfollow = () => undefined
    const page = this.#page
    this.#page = undefined
    this.#hasLoaded = false
    page?.close()
    const { title, path } = this.#state.get()
    this.#state.set({ ...initial, title, path })
  }

  /** Ends it for good, and what was told of it. */
  close(): void {
    this.sleep()
    this.#state.set(initial)
  }

  async #open(): Promise<void> {
    const opening = (this.#opening = new AbortController())
    const isCurrent = (): boolean => !opening.signal.aborted
    this.#state.set({ ...initial, isLoading: true })
    this.#unfollow = this.#deps.onStopped(this.target, (how) => this.#end(how))
    this.#cancelPatience = this.#deps.clock.after(patienceMs, () => {
      if (!this.#hasLoaded && this.#state.get().failure === null) this.#end('timed_out')
    })
    try {
      const address = await this.#deps.address(this.target, opening.signal)
      if (opening.signal.aborted) return
      this.#page = this.#deps.pages.open({
        ...address,
        windowId: this.#windowId,
        key: previewKey(this.target),
        listener: {
          onChange: (state) => {
            if (isCurrent()) this.#tell(state)
          },
          onLink: (url) => this.#ask(url),
          onKey: (key) => this.#deps.onKey(key, this.target, this.#windowId),
        },
      })
      if (this.#page === undefined) this.#end('refused')
      else this.#page.place(this.#bounds)
    } catch (error) {
      if (opening.signal.aborted) return
      this.#end(failureOf(error))
    }
  }

  #tell(state: AppPreviewState): void {
    this.#hasLoaded ||= state.isReady
    this.#state.set(state)
  }

  #end(failure: AppPreviewFailure): void {
    this.sleep()
    this.#state.set({ ...this.#state.get(), failure })
  }

  /** One question at a time: a page must not bury its reader in them. */
  #ask(url: string): void {
    if (this.#isAsking) return
    this.#isAsking = true
    this.#deps
      .openLink(url)
      .catch((error: unknown) => {
        // Its words would quote the link, which is the page's own business.
        const code = error instanceof ProcedureError ? error.code : 'unknown'
        this.#deps.logger.info('A link of a preview was not opened', { code })
      })
      .finally(() => (this.#isAsking = false))
  }
}

const failures: ReadonlyMap<string, AppPreviewFailure> = new Map([
  ['app_unknown', 'gone'],
  ['not_found', 'gone'],
  ['forbidden', 'gone'],
  ['stopped', 'stopped'],
  ['refused', 'refused'],
  ['unreachable', 'away'],
  ['signed_out', 'away'],
  ['deployment_unknown', 'away'],
])

function failureOf(error: unknown): AppPreviewFailure {
  return (error instanceof ProcedureError ? failures.get(error.code) : undefined) ?? 'failed'
}
