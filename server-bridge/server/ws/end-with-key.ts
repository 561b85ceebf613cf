import type { WebSocket } from 'ws'

/** Waits for the end of the key that something was opened with; see `WatchKey`. */
export type WatchOwnKey = (onEnd: (reason: string) => void) => () => void

/** RFC 6455, 7.4.1: policy violation. Coder has no code of its own for it. */
const POLICY_VIOLATION = 1008

/** Closes a socket when the key that opened it ends. Without a key to watch it stays. */
export function closeWithKey(socket: WebSocket, watchKey: WatchOwnKey | undefined): void {
  if (!watchKey) return
  const stop = watchKey((reason) => {
    // The handshake of the close waits for the peer, who may go on to send: from here on that reaches nobody.
    socket.removeAllListeners('message')
    socket.close(POLICY_VIOLATION, reason)
    // A paused socket would never read the answer to the close frame.
    socket.resume()
  })
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
