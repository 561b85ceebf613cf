import type { FailureCode, ReconnectState } from '../client/reconnect.ts'

/** What a window is told of a socket that somebody looks at. `retryAt` is epoch milliseconds. */
export type SocketState<Code> =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'waiting'; readonly attempt: number; readonly retryAt: number; readonly reason: string }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly code: Code; readonly reason: string }

/** The machine's state in the window's words. `undefined`: nothing to tell. */
export function socketState<Code>(
  state: ReconnectState,
  { now, codeOf }: { readonly now: number; readonly codeOf: (code: FailureCode) => Code },
): SocketState<Code> | undefined {
  switch (state.name) {
    case 'connecting':
      return { kind: 'connecting', attempt: state.attempt }
    case 'waiting':
      return { kind: 'waiting', attempt: state.attempt, retryAt: now + state.delayMs, reason: state.reason }
    case 'stopped':
      return state.reason === 'finished' ? { kind: 'ended' } : undefined
    case 'failed':
      return { kind: 'failed', code: codeOf(state.code), reason: state.reason }
    case 'idle':
    case 'open':
      return undefined
  }
}
