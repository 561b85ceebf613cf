import type { WebSocket } from 'ws'
import { closeForPolicy } from './close-for-policy.ts'

/** Waits for the end of the key that something was opened with; see `WatchKey`. */
export type WatchOwnKey = (onEnd: (reason: string) => void) => () => void

/** Closes a socket when the key that opened it ends. Without a key to watch it stays. */
export function closeWithKey(socket: WebSocket, watchKey: WatchOwnKey | undefined): void {
  if (!watchKey) return
  const stop = watchKey((reason) => closeForPolicy(socket, reason))
  socket.once('close', stop)
}

/** The same for an answer that is a stream. Its body is read no faster than the client takes it. */
export function endWithKey(answer: Response, watchKey: WatchOwnKey | undefined): Response {
  if (!watchKey || !answer.body) return answer
  const source = answer.body.getReader()
  let stop = (): void => undefined
  let isOver = false
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stop = watchKey(() => {
          isOver = true
          controller.close()
          // The reader has its end already; that the source did not go in order concerns nobody any more.
          source.cancel().catch(() => undefined)
        })
      },
      async pull(controller) {
        try {
          const { done, value } = await source.read()
          if (isOver) return
          if (!done) {
            controller.enqueue(value)
            return
          }
          stop()
          controller.close()
        } catch (error) {
          stop()
          throw error
        }
      },
      async cancel() {
        stop()
        await source.cancel()
      },
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { status: answer.status, headers: answer.headers })
}
