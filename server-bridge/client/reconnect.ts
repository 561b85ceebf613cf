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
  | 'not_coder'
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
  /** One of its connections opened once: what answers there is the right one, by the right certificate. */
  readonly proven: boolean
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

/**
 * What a network can cause that answers in the server's place, as those do that want a sign-in first (RFC 8952): nothing
 * is known of the server itself then.
 */
const madeOnTheWay: ReadonlySet<FailureCode> = new Set(['tls', 'redirected', 'not_coder'])

/** Close codes after which the same would happen again: protocol error, wrong frame kind, too large. */
const hopelessCloseCodes = new Set([1002, 1003, 1007, 1009, 1010])

export const initialReconnectMachine: ReconnectMachine = {
  state: { name: 'idle' },
  connection: 0,
  timer: undefined,
  timersStarted: 0,
  proven: false,
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
  if ('connection' in event) {
    return event.connection === machine.connection ? onConnection(machine, event, policy) : unchanged(machine)
  }
  switch (event.type) {
    case 'start':
      return canStart.has(machine.state.name) ? connect(machine, 0, policy) : unchanged(machine)
    case 'timer':
      return onTimer(machine, event.timer, policy)
    case 'stop':
      return canStop.has(machine.state.name)
        ? enter(machine, { name: 'stopped', reason: 'closed' })
        : unchanged(machine)
    case 'online':
    case 'offline':
    case 'wake':
    case 'retry-now':
      return onHint(machine, event.type, policy)
  }
}

const canStart = new Set<ReconnectState['name']>(['idle', 'stopped', 'failed'])
const canStop = new Set<ReconnectState['name']>(['connecting', 'open', 'waiting', 'failed'])

/**
 * Hints are wrong at times: an open connection is asked for a sign of life, not dropped. An attempt has nothing to lose,
 * and one that began before sleep or on another network would be waited for in vain until its time is over. What another
 * network may have caused is tried again on this one.
 */
function onHint(
  machine: ReconnectMachine,
  hint: 'online' | 'offline' | 'wake' | 'retry-now',
  policy: ReconnectPolicy,
): ReconnectStep {
  switch (machine.state.name) {
    case 'open':
      return { machine, effects: [{ type: 'check', connection: machine.connection }] }
    case 'waiting':
      return hint === 'offline' ? unchanged(machine) : connect(machine, 0, policy)
    case 'failed':
      return hint === 'retry-now' || (hint !== 'offline' && madeOnTheWay.has(machine.state.code))
        ? connect(machine, 0, policy)
        : unchanged(machine)
    case 'connecting':
      return hint === 'wake' || hint === 'online' ? connect(machine, 0, policy) : unchanged(machine)
    case 'idle':
    case 'stopped':
      return unchanged(machine)
  }
}

function onConnection(
  machine: ReconnectMachine,
  event: Extract<ReconnectEvent, { readonly connection: number }>,
  policy: ReconnectPolicy,
): ReconnectStep {
  const { state } = machine
  if (state.name !== 'connecting' && state.name !== 'open') return unchanged(machine)
  switch (event.type) {
    case 'opened':
      return state.name === 'open'
        ? unchanged(machine)
        : enter({ ...machine, proven: true }, { name: 'open', attempt: state.attempt }, policy.stableMs)
    case 'connect-failed':
      return lost(machine, event.hopeless ?? hopelessStatuses[event.status ?? 0], event.reason, policy)
    case 'closed':
      return policy.finishedCodes.includes(event.code)
        ? enter(machine, { name: 'stopped', reason: 'finished' })
        : lost(machine, hopelessCloseCodes.has(event.code) ? 'protocol' : undefined, event.reason, policy)
    case 'silent':
      return lost(machine, undefined, 'The server stopped answering.', policy)
  }
}

/** A connection is gone: fail for good where another attempt would end the same, else wait for it. */
function lost(
  machine: ReconnectMachine,
  hopeless: FailureCode | undefined,
  reason: string,
  policy: ReconnectPolicy,
): ReconnectStep {
  const attempt = 'attempt' in machine.state ? machine.state.attempt : 0
  if (hopeless === undefined) return wait(machine, attempt, reason, policy)
  if (machine.proven && madeOnTheWay.has(hopeless))
    return wait(
      machine,
      attempt,
      `${reason} A network that wants you to sign in first answers so too.`,
      policy,
    )
  return enter(machine, { name: 'failed', code: hopeless, reason })
}

function onTimer(machine: ReconnectMachine, timer: number, policy: ReconnectPolicy): ReconnectStep {
  if (timer !== machine.timer) return unchanged(machine)
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
