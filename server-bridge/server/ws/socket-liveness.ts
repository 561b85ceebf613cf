import type { WebSocket } from 'ws'
import type { Clock } from '../../lib/clock.ts'

const PING_MS = 15_000
const GOING_AWAY = 1001

/** Pings a socket and gives it up when it does not answer within one more interval, as Coder does. */
export function watchLiveness(socket: WebSocket, clock: Clock): void {
  let alive = true
  const cancel = clock.every(PING_MS, () => {
    if (!alive) {
      socket.close(GOING_AWAY, 'liveness probe failed')
      // A dead peer never answers the close frame either.
      socket.terminate()
      return
    }
    // A paused socket reads no pongs: its reader lags, which is not death.
    alive = socket.isPaused
    socket.ping()
  })
  socket.on('pong', () => {
    alive = true
  })
  socket.on('close', cancel)
}
