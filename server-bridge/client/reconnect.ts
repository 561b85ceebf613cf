/**
 * The life of a connection that heals, as a pure function: state and event in, state and effects out. A driver
 * (reconnecting-connection.ts) owns the socket and the timer; everything that can be decided is decided here.
 *
 * There is one timer slot and one connection slot. Both are numbered, so what an abandoned one still says is ignored.
 */
import { backoffDelay } from '../lib/backoff.ts'
import type { BackoffPolicy } from '../lib/backoff.ts'

/** Why a connection is given up for good; nothing but `retry-now` or a new start tries again. */
export type FailureCode =
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'gone'
  | 'upgrade_required'
  | 'redirected'
  | 'tls'
  | 'refused'
  | 'protocol'

export type ReconnectState =
  | { readonly name: 'idle' }
  | { readonly name: 'connecting'; readonly attempt: number }
  | { readonly name: 'open'; readonly attempt: number }
  /** `reason` is a sentence; the driver adds when the delay ends. */
  | { readonly name: 'waiting'; readonly attempt: number; readonly delayMs: number; readonly reason: string }
  /** Ended on purpose: by the server with `finished`, or by us. */
  | { readonly name: 'stopped'; readonly reason: 'finished' | 'closed' }
  | { readonly name: 'failed'; readonly code: FailureCode; readonly reason: string }

/** The whole state of the machine: what to show, and the numbers of the current connection and timer. */
export interface ReconnectMachine {
  readonly state: ReconnectState
  readonly connection: number
  /** The running timer, `undefined` when none runs. */
  readonly timer: number | undefined
  readonly timersStarted: number
}

export type ReconnectEvent =
  | { readonly type: 'start' }
  | { readonly type: 'opened'; readonly connection: number }
  /** The connection could not be made. `status` is the handshake's, when there was an answer. */
  | {
      readonly type: 'connect-failed'
      readonly connection: number
      readonly reason: string
      readonly status?: number | undefined
      readonly hopeless?: FailureCode | undefined
    }
  | { readonly type: 'closed'; readonly connection: number; readonly code: number; readonly reason: string }
  /** Nothing was heard for too long. */
  | { readonly type: 'silent'; readonly connection: number }
  | { readonly type: 'timer'; readonly timer: number }
  /** The network is back, the machine woke up, or the user does not want to wait. */
  | { readonly type: 'online' | 'wake' | 'retry-now' }
  | { readonly type: 'offline' }
  | { readonly type: 'stop' }

export type ReconnectEffect =
  | { readonly type: 'connect'; readonly connection: number }
  | { readonly type: 'disconnect'; readonly connection: number }
  /** Ask the open connection for a sign of life at once. */
  | { readonly type: 'check'; readonly connection: number }
  | { readonly type: 'start-timer'; readonly timer: number; readonly delayMs: number }
  | { readonly type: 'cancel-timer'; readonly timer: number }

export interface ReconnectPolicy {
  readonly backoff: BackoffPolicy
  /** A connection that lived this long was good: the next failure starts from the shortest delay. */
  readonly stableMs: number
  /** How long one attempt may take. */
  readonly connectTimeoutMs: number
  /** Close codes that mean "done": no reconnect. */
  readonly finishedCodes: readonly number[]
  /** In [0, 1). */
  readonly random: () => number
}

/** Ours: 1000 is the end, 1001 is a server that restarts and will be back (stable-api, section 2). */
export const defaultReconnectPolicy: Omit<ReconnectPolicy, 'random'> = {
  backoff: { baseMs: 500, capMs: 30_000, floorMs: 100 },
  stableMs: 10_000,
  connectTimeoutMs: 15_000,
  finishedCodes: [1000],
}

/** Handshake answers that another attempt will not change. */
const hopelessStatuses: Readonly<Record<number, FailureCode>> = {
  400: 'refused',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  410: 'gone',
  426: 'upgrade_required',
}

/** Close codes after which the same would happen again: protocol error, wrong frame kind, too large. */
const hopelessCloseCodes = new Set([1002, 1003, 1007, 1009, 1010])

export const initialReconnectMachine: ReconnectMachine = {
  state: { name: 'idle' },
  connection: 0,
  timer: undefined,
  timersStarted: 0,
}

export interface ReconnectStep {
  readonly machine: ReconnectMachine
  readonly effects: readonly ReconnectEffect[]
}

/** The next state, and what the driver must do to get there. Events of abandoned connections and timers do nothing. */
export function reduceReconnect(
  machine: ReconnectMachine,
  event: ReconnectEvent,
  policy: ReconnectPolicy,
): ReconnectStep {
  const { state } = machine
  if ('connection' in event && event.connection !== machine.connection) return unchanged(machine)
  switch (event.type) {
    case 'start':
      return state.name === 'idle' || state.name === 'stopped' || state.name === 'failed'
        ? connect(machine, 0, policy)
        : unchanged(machine)
    case 'opened':
      if (state.name !== 'connecting') return unchanged(machine)
      return enter(machine, { name: 'open', attempt: state.attempt }, policy.stableMs)
    case 'connect-failed': {
      if (state.name !== 'connecting') return unchanged(machine)
      const code = event.hopeless ?? (event.status === undefined ? undefined : hopelessStatuses[event.status])
      return code === undefined
        ? wait(machine, state.attempt, event.reason, policy)
        : enter(machine, { name: 'failed', code, reason: event.reason })
    }
    case 'closed':
      if (state.name !== 'open' && state.name !== 'connecting') return unchanged(machine)
      if (policy.finishedCodes.includes(event.code)) {
        return enter(machine, { name: 'stopped', reason: 'finished' })
      }
      return hopelessCloseCodes.has(event.code)
        ? enter(machine, { name: 'failed', code: 'protocol', reason: event.reason })
        : wait(machine, state.attempt, event.reason, policy)
    case 'silent':
      if (state.name !== 'open') return unchanged(machine)
      return wait(machine, state.attempt, 'The server stopped answering.', policy)
    case 'timer':
      return event.timer === machine.timer ? onTimer(machine, policy) : unchanged(machine)
    case 'online':
    case 'wake':
    case 'retry-now':
      if (state.name === 'waiting') return connect(machine, 0, policy)
      if (state.name === 'failed' && event.type === 'retry-now') return connect(machine, 0, policy)
      return state.name === 'open' ? check(machine) : unchanged(machine)
    case 'offline':
      // A hint, and hints are wrong at times: the socket is asked, not dropped.
      return state.name === 'open' ? check(machine) : unchanged(machine)
    case 'stop':
      return state.name === 'idle' || state.name === 'stopped'
        ? unchanged(machine)
        : enter(machine, { name: 'stopped', reason: 'closed' })
  }
}

function onTimer(machine: ReconnectMachine, policy: ReconnectPolicy): ReconnectStep {
  const { state } = machine
  const fired: ReconnectMachine = { ...machine, timer: undefined }
  switch (state.name) {
    case 'waiting':
      return connect(fired, state.attempt, policy)
    case 'connecting':
      return wait(fired, state.attempt, 'The server did not answer in time.', policy)
    case 'open':
      return { machine: { ...fired, state: { name: 'open', attempt: 0 } }, effects: [] }
    case 'idle':
    case 'stopped':
    case 'failed':
      return unchanged(fired)
  }
}

function connect(machine: ReconnectMachine, attempt: number, policy: ReconnectPolicy): ReconnectStep {
  const step = enter(machine, { name: 'connecting', attempt }, policy.connectTimeoutMs)
  const connection = machine.connection + 1
  return {
    machine: { ...step.machine, connection },
    effects: [...step.effects, { type: 'connect', connection }],
  }
}

function wait(
  machine: ReconnectMachine,
  attempt: number,
  reason: string,
  policy: ReconnectPolicy,
): ReconnectStep {
  const delayMs = backoffDelay(policy.backoff, attempt, policy.random)
  return enter(machine, { name: 'waiting', attempt: attempt + 1, delayMs, reason }, delayMs)
}

function check(machine: ReconnectMachine): ReconnectStep {
  return { machine, effects: [{ type: 'check', connection: machine.connection }] }
}

/** Goes to a state: ends the running timer, drops a connection the state does not keep, starts the state's timer. */
function enter(machine: ReconnectMachine, state: ReconnectState, delayMs?: number): ReconnectStep {
  const effects: ReconnectEffect[] = []
  if (machine.timer !== undefined) effects.push({ type: 'cancel-timer', timer: machine.timer })
  const had = machine.state.name === 'connecting' || machine.state.name === 'open'
  if (had && state.name !== 'open') effects.push({ type: 'disconnect', connection: machine.connection })
  if (delayMs === undefined) return { machine: { ...machine, state, timer: undefined }, effects }
  const timer = machine.timersStarted + 1
  effects.push({ type: 'start-timer', timer, delayMs })
  return { machine: { ...machine, state, timer, timersStarted: timer }, effects }
}

function unchanged(machine: ReconnectMachine): ReconnectStep {
  return { machine, effects: [] }
}
