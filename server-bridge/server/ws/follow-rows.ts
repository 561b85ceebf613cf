import type { WebSocket } from 'ws'
import { formatLogMessage, logsDone } from '../../contract/log-follow.ts'
import type { TurnCache } from '../../lib/turn-cache.ts'
import type { Topic } from '../services/topics.ts'

/** Unsent bytes above which a slow reader gets no more rows until it has caught up. */
const MAX_BUFFERED_BYTES = 1024 * 1024
const RETRY_MS = 50

export interface FollowOptions<T> {
  readonly topic: Topic
  /** The id whose changes announce new rows. */
  readonly topicId: string
  /** Rows after the given id, oldest first. */
  readonly read: (after: number) => readonly T[]
  readonly after: number
  /** `object`: one row a message. `array`: one batch a message, the first at once even when empty. */
  readonly framing: 'object' | 'array'
  /** What those who are equally far are sent, made once for them. */
  readonly batches?: TurnCache<Batch<T>>
  /** The rows right after the given id when they are still in memory, as a message of the `array` framing. */
  readonly recent?: (after: number) => RecentRows | undefined
  /** No row will follow. Asked after the rows were read, so that none is missed. */
  readonly isDone: () => boolean
}

export interface RecentRows {
  readonly lastId: number
  readonly message: Buffer
}

export interface Batch<T> {
  readonly rows: readonly T[]
  /** Of the `array` framing. */
  readonly message: Buffer
}

/** Sends rows as they are written, and closes when the last one is there. */
export function followRows<T extends { readonly id: number }>(
  socket: WebSocket,
  options: FollowOptions<T>,
): void {
  const { topic, topicId, framing, isDone, batches } = options
  let { after } = options
  let isFirst = true
  let retry: NodeJS.Timeout | undefined
  let scheduled = false

  const readBatch = (): Batch<T> => {
    const rows = options.read(after)
    return { rows, message: Buffer.from(framing === 'array' ? formatLogMessage(rows) : '') }
  }
  /** Whether what is new was in memory; false as well for one who lags, whose next rows only the database has. */
  const sendRecent = (): boolean => {
    let rows = options.recent?.(after)
    if (rows === undefined) return false
    for (; rows !== undefined; rows = options.recent?.(after)) {
      socket.send(rows.message, { binary: false })
      after = rows.lastId
    }
    return true
  }
  const sendRead = (): void => {
    // The first look is its own: rows that another one has missed were told of before this one listened.
    const share = isFirst ? undefined : batches
    const { rows, message } = share?.(`${topicId} ${String(after)}`, readBatch) ?? readBatch()
    after = rows.at(-1)?.id ?? after
    if (framing === 'object') for (const row of rows) socket.send(formatLogMessage(row))
    else if (rows.length > 0 || isFirst) socket.send(message, { binary: false })
    isFirst = false
  }
  const send = (): void => {
    if (socket.readyState !== socket.OPEN) return
    if (socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      retry ??= setTimeout(() => {
        retry = undefined
        send()
      }, RETRY_MS)
      return
    }
    const done = isDone()
    if (isFirst || !sendRecent()) sendRead()
    if (done) socket.close(logsDone.code, logsDone.reason)
  }
  // Rows written in one turn go out together.
  const unsubscribe = topic.subscribe(topicId, () => {
    if (scheduled) return
    scheduled = true
    setImmediate(() => {
      scheduled = false
      send()
    })
  })
  socket.on('close', () => {
    clearTimeout(retry)
    unsubscribe()
  })
  send()
}
