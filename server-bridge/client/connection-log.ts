/** From the reconnect machine to the connection timeline. */
import {
  connectionText,
  type ConnectionLog,
  type ConnectionState,
  type ConnectionSubject,
} from '../contract/connection-events.ts'
import type { Clock } from '../lib/clock.ts'
import type { ReconnectState } from './reconnect.ts'

/** Nobody listens. */
export const silentConnectionLog: ConnectionLog = { report: () => undefined }

/**
 * Answers what a connection's `onState` calls to have it in the timeline:
 * `createReconnectingConnection({ …, onState: followConnection(log, clock, subject) })`.
 */
export function followConnection(
  log: ConnectionLog,
  clock: Clock,
  subject: ConnectionSubject,
): (state: ReconnectState) => void {
  const cleaned = { ...subject, name: connectionText(subject.name) }
  return (state) => {
    const now = clock.now()
    const told = connectionState(state, now)
    if (told !== undefined) log.report({ ...cleaned, at: now, state: told })
  }
}

/** In the timeline's words. `undefined`: nothing to tell. */
function connectionState(state: ReconnectState, now: number): ConnectionState | undefined {
  switch (state.name) {
    case 'idle':
      return undefined
    case 'connecting':
      return { kind: 'connecting' }
    case 'open':
      return { kind: 'open' }
    case 'waiting':
      return { kind: 'waiting', reason: connectionText(state.reason), retryAt: now + state.delayMs }
    case 'failed':
      return { kind: 'failed', code: state.code, reason: connectionText(state.reason) }
    case 'stopped':
      return { kind: 'closed' }
  }
}
