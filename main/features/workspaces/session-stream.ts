/** Turns a reconnecting stream of the client into an async iterator that follows the deployment's session. */
import type { FailureCode, ReconnectState } from '#bridge/client/reconnect'
import type { ReconnectingConnection } from '#bridge/client/reconnecting-connection'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { DeploymentConnection, Session } from '../deployments/connection.ts'

/** Where a stream puts what it got. */
interface StreamSink<T> {
  push(value: T): void
  /** All was said: the iterator ends after what is still waiting. */
  finish(): void
  fail(error: Error): void
  onState(state: ReconnectState): void
}

export interface SessionStreamInput<T> {
  readonly connection: DeploymentConnection
  readonly signal: AbortSignal
  /** `latest`: a value replaces one that nobody read yet. `all`: nothing is lost. */
  readonly keep: 'latest' | 'all'
  readonly open: (session: Session, sink: StreamSink<T>) => ReconnectingConnection
  /** A failure that another attempt will not change, in the feature's own words. */
  readonly refine?: (code: FailureCode, reason: string) => ProcedureError | undefined
}

export type FollowSession = typeof followSession

/**
 * Yields what the stream brings until it is done, over reconnects and new sessions: while the deployment is away or
 * signed out it waits. Ends when the caller's signal or the deployment ends it.
 */
export async function* followSession<T>(input: SessionStreamInput<T>): AsyncGenerator<T, void> {
  const { connection, keep } = input
  const signal = AbortSignal.any([input.signal, connection.closed])
  const waiting: T[] = []
  let outcome: { readonly error?: Error } | undefined
  let wake: () => void = () => undefined
  let stream: ReconnectingConnection | undefined
  /** The token became another one while the stream was being opened. */
  let hasNewToken = false

  const end = (error?: Error): void => {
    outcome ??= error === undefined ? {} : { error }
    wake()
  }
  const sink: StreamSink<T> = {
    push(value) {
      if (keep === 'latest') waiting.length = 0
      waiting.push(value)
      wake()
    },
    finish: () => end(),
    fail: end,
    onState(state) {
      if (state.name === 'stopped' && state.reason === 'finished') end()
      // The stream notices first that the deployment is away: the connection looks for itself and says so.
      else if (state.name === 'waiting') connection.check()
      else if (state.name === 'failed') onFailed(state.code, state.reason)
    },
  }
  const onFailed = (code: FailureCode, reason: string): void => {
    if (code === 'unauthorized' && hasNewToken) {
      hasNewToken = false
      stream?.retryNow()
      return
    }
    const session = connection.session.get()
    if (code === 'unauthorized' && session !== undefined) void afterRefusal(session, reason)
    else end(input.refine?.(code, reason) ?? commonFailure(code, reason))
  }
  /** Signed out, the stream waits for the next session. Accepted elsewhere, this one place is closed to the user. */
  const afterRefusal = async (session: Session, reason: string): Promise<void> => {
    await connection.renew(session)
    if (connection.session.get()?.token === session.token) end(commonFailure('forbidden', reason))
  }
  const openOn = (session: Session | undefined): void => {
    // Its next connection has the new token, since that is the client's.
    if (session?.isRenewed === true && stream !== undefined && stream.state.name !== 'failed') {
      hasNewToken = stream.state.name === 'connecting'
      return
    }
    hasNewToken = false
    stream?.close()
    stream = session === undefined ? undefined : input.open(session, sink)
  }

  const stopFollowing = connection.session.onChange(openOn)
  const onAbort = (): void => wake()
  signal.addEventListener('abort', onAbort)
  try {
    openOn(connection.session.get())
    for (;;) {
      if (signal.aborted) break
      const value = waiting.shift()
      if (value !== undefined) yield value
      else if (outcome === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      } else break
    }
  } finally {
    stopFollowing()
    signal.removeEventListener('abort', onAbort)
    stream?.close()
  }
  if (!signal.aborted && outcome?.error !== undefined) throw outcome.error
  if (connection.closed.aborted && !input.signal.aborted) {
    throw new ProcedureError('deployment_unknown', 'This deployment is not in your list any more.')
  }
}

function commonFailure(code: FailureCode, reason: string): ProcedureError {
  switch (code) {
    case 'not_found':
    case 'gone':
      return new ProcedureError('not_found', reason)
    case 'forbidden':
      return new ProcedureError('forbidden', reason)
    default:
      return new ProcedureError('deployment_error', reason, { cause: new Error(code) })
  }
}
