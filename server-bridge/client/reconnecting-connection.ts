import type { Clock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import type { Logger } from '../lib/logger.ts'
import { toError } from '../lib/to-error.ts'
import { defaultReconnectPolicy, initialReconnectMachine, reduceReconnect } from './reconnect.ts'
import type {
  FailureCode,
  ReconnectEffect,
  ReconnectEvent,
  ReconnectPolicy,
  ReconnectState,
} from './reconnect.ts'

/** Why an attempt did not lead to a connection. */
export interface ConnectionFailure {
  /** A sentence. */
  readonly reason: string
  /** Of the handshake, when there was an answer. */
  readonly status?: number | undefined
  readonly hopeless?: FailureCode | undefined
}

/** What one attempt at a connection tells. Each is ignored once the attempt was abandoned. */
export interface ConnectionListener {
  readonly opened: () => void
  readonly failed: (failure: ConnectionFailure) => void
  readonly closed: (code: number, reason: string) => void
  /** Nothing was heard for too long. */
  readonly silent: () => void
}

/** One attempt, made by a connector. */
export interface Connection {
  /** Asks for a sign of life; answers by `silent` when there is none. */
  readonly check: () => void
  /** Drops it at once. Nothing is told after that. */
  readonly close: () => void
}

export interface ReconnectingConnectionOptions {
  readonly open: (listener: ConnectionListener) => Connection
  readonly clock: Clock
  readonly random?: () => number
  readonly policy?: Partial<Omit<ReconnectPolicy, 'random'>>
  readonly logger?: Logger
  /** Called with every new state, never inside a call of this object's own methods that throws. */
  readonly onState?: (state: ReconnectState) => void
}

export interface ReconnectingConnection {
  readonly state: ReconnectState
  readonly start: () => void
  /** Try at once instead of waiting; also leaves `failed`. */
  readonly retryNow: () => void
  /** Tell what the machine noticed. */
  readonly hint: (hint: 'online' | 'offline' | 'wake') => void
  /** End it for good, unless started again. */
  readonly close: () => void
}

/** Drives the reconnect machine with a real clock and real connections, of whatever kind `open` makes. */
export function createReconnectingConnection(options: ReconnectingConnectionOptions): ReconnectingConnection {
  const { clock, logger = silentLogger } = options
  const policy: ReconnectPolicy = {
    ...defaultReconnectPolicy,
    ...options.policy,
    random: options.random ?? Math.random,
  }
  let machine = initialReconnectMachine
  let current: { readonly number: number; readonly connection: Connection } | undefined
  let cancelTimer: (() => void) | undefined
  const queue: ReconnectEvent[] = []
  let draining = false

  /** Events raised while one is handled wait their turn: a connector may fail inside `open`. */
  function dispatch(event: ReconnectEvent): void {
    queue.push(event)
    if (draining) return
    draining = true
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) take(next)
    } finally {
      draining = false
    }
  }

  function take(event: ReconnectEvent): void {
    const before = machine.state
    const step = reduceReconnect(machine, event, policy)
    machine = step.machine
    for (const effect of step.effects) apply(effect)
    // An open connection that has proven stable only counts its attempts anew: to its user nothing has happened.
    const isSame = machine.state.name === 'open' && before.name === 'open'
    if (machine.state === before || isSame) return
    logger.debug('Connection', { ...machine.state })
    options.onState?.(machine.state)
  }

  function apply(effect: ReconnectEffect): void {
    switch (effect.type) {
      case 'start-timer':
        cancelTimer = clock.after(effect.delayMs, () => {
          cancelTimer = undefined
          dispatch({ type: 'timer', timer: effect.timer })
        })
        return
      case 'cancel-timer':
        cancelTimer?.()
        cancelTimer = undefined
        return
      case 'connect':
        connect(effect.connection)
        return
      case 'disconnect':
        if (current?.number === effect.connection) {
          current.connection.close()
          current = undefined
        }
        return
      case 'check':
        if (current?.number === effect.connection) current.connection.check()
    }
  }

  /** What cannot even be tried (an unusable address or token) fails for good instead of throwing out of a timer. */
  function connect(number: number): void {
    try {
      current = { number, connection: options.open(listenerFor(number)) }
    } catch (thrown) {
      const { message } = toError(thrown)
      dispatch({ type: 'connect-failed', connection: number, reason: message, hopeless: 'refused' })
    }
  }

  function listenerFor(connection: number): ConnectionListener {
    return {
      opened: () => {
        dispatch({ type: 'opened', connection })
      },
      failed: (failure) => {
        dispatch({ type: 'connect-failed', connection, ...failure })
      },
      closed: (code, reason) => {
        dispatch({ type: 'closed', connection, code, reason })
      },
      silent: () => {
        dispatch({ type: 'silent', connection })
      },
    }
  }

  return {
    get state() {
      return machine.state
    },
    start: () => {
      dispatch({ type: 'start' })
    },
    retryNow: () => {
      dispatch({ type: 'retry-now' })
    },
    hint: (type) => {
      dispatch({ type })
    },
    close: () => {
      dispatch({ type: 'stop' })
    },
  }
}
