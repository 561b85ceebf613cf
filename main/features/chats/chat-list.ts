/** One live list of chats: read when the watch opens, kept by its events, and read anew where they do not say enough. */
import type { Chat } from '#bridge/contract/chats'
import type { ChatWatchEvent } from '#bridge/contract/chats-watch'
import type { Clock } from '#bridge/lib/clock'
import { toError } from '#bridge/lib/to-error'
import type { ChatsList } from '#ipc/chats'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import type { ChatFeeds } from './chat-feeds.ts'
import { asksForReading, keepNewer, mergeList } from './chat-merge.ts'
import { searchChats } from './load-chats.ts'
import type { ShownChats } from './shown-chats.ts'

export type ChatListState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'loaded'; readonly list: ChatsList }
  | { readonly kind: 'refused'; readonly error: Error }

export interface ChatListDeps {
  readonly deploymentId: string
  readonly connection: DeploymentConnection
  readonly q: string
  /** Plain words to look for. */
  readonly text: string
  readonly limit: number
  /** Keys of searches that the deployment refused. */
  readonly unknownKeys: Set<string>
  readonly feeds: ChatFeeds
  readonly shown: ShownChats
  readonly clock: Clock
  readonly visible: LiveValue<boolean>
}

/** Events come in bursts: one reading serves them all. */
const SOON_MS = 150
/** Chats that others share tell nothing by the watch. */
const VISIBLE_MS = 30_000

export class ChatList {
  readonly #deps: ChatListDeps
  readonly #state = createLiveValue<ChatListState>({ kind: 'loading' })
  readonly #stops: (() => void)[] = []
  readonly #closed = new AbortController()
  #cancelTimer: () => void = () => undefined
  #isReading = false
  #again = false

  constructor(deps: ChatListDeps) {
    this.#deps = deps
  }

  get deploymentId(): string {
    return this.#deps.deploymentId
  }

  get state(): LiveValue<ChatListState> {
    return this.#state
  }

  start(): void {
    const { deploymentId, connection, feeds, shown, visible } = this.#deps
    this.#stops.push(
      feeds.listen(deploymentId, connection, {
        opened: () => this.#read(),
        event: (event) => this.#take(event),
        refused: (error) => this.#refuse(error),
      }),
      shown.onShown((chatId) => this.#change((chats) => chats.map((row) => markRead(row, chatId)))),
      visible.onChange((isVisible) => {
        if (isVisible) this.#readIn(0)
      }),
    )
  }

  /** Something was changed here. */
  refresh(): void {
    this.#readIn(SOON_MS)
  }

  close(): void {
    this.#closed.abort()
    this.#cancelTimer()
    for (const stop of this.#stops.splice(0)) stop()
  }

  #take(event: ChatWatchEvent): void {
    const state = this.#state.get()
    // What is being read may be older than this.
    if (this.#isReading) this.#again = true
    if (state.kind !== 'loaded') return
    if (asksForReading(state.list.chats, event)) {
      this.#readIn(SOON_MS)
      return
    }
    const isUnread = event.kind === 'status_change' && !this.#deps.shown.has(event.chat.id)
    this.#change((chats) => {
      const merged = mergeList(chats, event)
      return isUnread ? merged.map((row) => markUnread(row, event, chats)) : merged
    })
  }

  #change(by: (chats: readonly Chat[]) => Chat[]): void {
    const state = this.#state.get()
    if (state.kind !== 'loaded') return
    this.#state.set({ kind: 'loaded', list: { ...state.list, chats: by(state.list.chats) } })
  }

  #readIn(delayMs: number): void {
    this.#cancelTimer()
    if (this.#closed.signal.aborted) return
    this.#cancelTimer = this.#deps.clock.after(delayMs, () => this.#read())
  }

  #read(): void {
    this.#cancelTimer()
    if (this.#closed.signal.aborted) return
    if (this.#isReading) {
      this.#again = true
      return
    }
    void this.#load()
  }

  async #load(): Promise<void> {
    const { connection, q, text, limit, unknownKeys, shown, visible } = this.#deps
    this.#isReading = true
    try {
      const list = await connection.call((client) =>
        searchChats(client, { q, text, limit }, unknownKeys, this.#closed.signal),
      )
      if (this.#closed.signal.aborted) return
      const state = this.#state.get()
      const known = new Map(state.kind === 'loaded' ? state.list.chats.map((row) => [row.id, row]) : [])
      const chats = list.chats
        .map((row) => keepNewer(known.get(row.id), row))
        .map((row) => (shown.has(row.id) ? { ...row, has_unread: false } : row))
      this.#state.set({ kind: 'loaded', list: { ...list, chats } })
    } catch (thrown) {
      this.#refuse(toError(thrown))
    } finally {
      this.#isReading = false
      if (this.#again) {
        this.#again = false
        this.#readIn(SOON_MS)
      } else if (visible.get()) {
        this.#readIn(VISIBLE_MS)
      }
    }
  }

  /** What the connection says of itself is shown elsewhere; an earlier answer stays. */
  #refuse(error: Error): void {
    if (this.#closed.signal.aborted) return
    const isElsewhere =
      error instanceof ProcedureError && ['unreachable', 'signed_out', 'cancelled'].includes(error.code)
    if (isElsewhere) return
    const isFinal = error instanceof ProcedureError && ['not_found', 'forbidden'].includes(error.code)
    if (isFinal || this.#state.get().kind !== 'loaded') this.#state.set({ kind: 'refused', error })
  }
}

function markRead(row: Chat, chatId: string): Chat {
  return row.id === chatId && row.has_unread ? { ...row, has_unread: false } : row
}

/** News of a chat that is not on screen: its answer has not been read. */
function markUnread(row: Chat, { chat }: ChatWatchEvent, before: readonly Chat[]): Chat {
  if (row.id !== chat.id || row.status === 'running') return row
  const old = before.find(({ id }) => id === chat.id)
  return old === undefined || old.status === row.status ? row : { ...row, has_unread: true }
}
