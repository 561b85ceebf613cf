import type { WebSocket } from 'ws'
import { cutReason } from './close-unreachable.ts'

/** RFC 6455, 7.4.1: policy violation. */
const POLICY_VIOLATION = 1008

/** Closes a socket whose user may not have it any more. From here on nothing they send reaches anybody. */
export function closeForPolicy(socket: WebSocket, reason: string): void {
  // The handshake of the close waits for the peer, who may go on to send.
  socket.removeAllListeners('message')
  socket.close(POLICY_VIOLATION, cutReason(reason))
  // A paused socket would never read the answer to the close frame.
  socket.resume()
}
