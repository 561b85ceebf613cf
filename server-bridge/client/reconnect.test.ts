import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultReconnectPolicy, initialReconnectMachine, reduceReconnect } from './reconnect.ts'
import type {
  FailureCode,
  ReconnectEffect,
  ReconnectEvent,
  ReconnectMachine,
  ReconnectPolicy,
} from './reconnect.ts'

const policy: ReconnectPolicy = { ...defaultReconnectPolicy, random: () => 0.5 }

/** What a driver would hold, kept from the effects alone. */
interface Held {
  readonly timers: Set<number>
  readonly connections: Set<number>
}

function apply(effects: readonly ReconnectEffect[], held: Held): void {
  for (const effect of effects) {
    if (effect.type === 'start-timer') held.timers.add(effect.timer)
    if (effect.type === 'cancel-timer') expect(held.timers.delete(effect.timer)).toBe(true)
    if (effect.type === 'connect') held.connections.add(effect.connection)
    if (effect.type === 'disconnect') held.connections.delete(effect.connection)
    if (effect.type === 'check') expect(held.connections.has(effect.connection)).toBe(true)
  }
}

/** Events as anything may raise them, also for connections and timers of the past and the future. */
const number = fc.integer({ min: 0, max: 12 })
const anyEvent: fc.Arbitrary<ReconnectEvent> = fc.oneof(
  fc.constantFrom<ReconnectEvent>(
    { type: 'start' },
    { type: 'stop' },
    { type: 'online' },
    { type: 'offline' },
    { type: 'wake' },
    { type: 'retry-now' },
  ),
  number.map((timer): ReconnectEvent => ({ type: 'timer', timer })),
  number.map((connection): ReconnectEvent => ({ type: 'opened', connection })),
  number.map((connection): ReconnectEvent => ({ type: 'silent', connection })),
  fc
    .tuple(
      number,
      fc.constantFrom(undefined, 400, 401, 404, 410, 426, 429, 500, 503),
      fc.constantFrom<FailureCode | undefined>(undefined, 'tls', 'redirected', 'not_coder', 'refused'),
    )
    .map(([connection, status, hopeless]): ReconnectEvent => ({
      type: 'connect-failed',
      connection,
      reason: 'x',
      status,
      hopeless,
    })),
  fc
    .tuple(number, fc.constantFrom(1000, 1001, 1002, 1003, 1006, 1009, 1011))
    .map(([connection, code]): ReconnectEvent => ({ type: 'closed', connection, code, reason: 'x' })),
)
/** The same, aimed at whatever connection and timer are current. */
const aimed = fc.tuple(anyEvent, fc.boolean())

function aim([event, current]: [ReconnectEvent, boolean], machine: ReconnectMachine): ReconnectEvent {
  if (!current) return event
  if ('connection' in event) return { ...event, connection: machine.connection }
  return event.type === 'timer' ? { ...event, timer: machine.timer ?? -1 } : event
}

function walk(
  events: readonly [ReconnectEvent, boolean][],
  visit: (machine: ReconnectMachine, held: Held, event: ReconnectEvent, before: ReconnectMachine) => void,
) {
  let machine = initialReconnectMachine
  const held: Held = { timers: new Set(), connections: new Set() }
  for (const planned of events) {
    const before = machine
    const event = aim(planned, before)
    const step = reduceReconnect(before, event, policy)
    machine = step.machine
    if (event.type === 'timer') held.timers.delete(event.timer)
    apply(step.effects, held)
    visit(machine, held, event, before)
  }
}

describe('the reconnect machine, under any events', () => {
  it('never runs two timers or two connections, and holds only what its state needs', () => {
    fc.assert(
      fc.property(fc.array(aimed, { maxLength: 60 }), (events) => {
        walk(events, ({ state, timer }, held) => {
          expect(held.timers.size).toBeLessThanOrEqual(1)
          expect(held.connections.size).toBeLessThanOrEqual(1)
          if (timer !== undefined) expect([...held.timers]).toEqual([timer])
          const live = state.name === 'connecting' || state.name === 'open'
          // A connection that the other side ended is forgotten by `disconnect` all the same.
          expect(held.connections.size).toBe(live ? 1 : 0)
          if (state.name === 'idle' || state.name === 'stopped' || state.name === 'failed') {
            expect(held.timers.size).toBe(0)
          }
        })
      }),
      { numRuns: 500 },
    )
  })

  it('always finds a way out of waiting and of connecting: a timer runs, within the cap', () => {
    fc.assert(
      fc.property(fc.array(aimed, { maxLength: 60 }), (events) => {
        walk(events, (machine) => {
          const { state, timer } = machine
          if (state.name === 'waiting' || state.name === 'connecting') expect(timer).toBeDefined()
          if (state.name !== 'waiting') return
          expect(state.delayMs).toBeGreaterThan(0)
          expect(state.delayMs).toBeLessThanOrEqual(policy.backoff.capMs)
          const next = reduceReconnect(machine, { type: 'timer', timer: timer ?? -1 }, policy)
          expect(next.machine.state.name).toBe('connecting')
        })
      }),
      { numRuns: 500 },
    )
  })

  it('leaves failed only when somebody asks for it, or on another network what the network did; counts connections upward', () => {
    fc.assert(
      fc.property(fc.array(aimed, { maxLength: 60 }), (events) => {
        walk(events, (machine, _held, event, before) => {
          expect(machine.connection).toBeGreaterThanOrEqual(before.connection)
          if (before.state.name === 'failed' && machine.state.name !== 'failed') {
            const hints = madeOnTheWay.has(before.state.code) ? ['online', 'wake'] : []
            expect(['retry-now', 'start', 'stop', ...hints]).toContain(event.type)
          }
        })
      }),
      { numRuns: 500 },
    )
  })
})

const madeOnTheWay = new Set<FailureCode>(['tls', 'redirected', 'not_coder'])

/** Runs events that name no numbers against the current connection and timer. */
function run(
  ...types: ('start' | 'opened' | 'lost' | 'timer' | 'stop' | 'wake' | 'retry-now')[]
): ReconnectMachine {
  return types.reduce<ReconnectMachine>((machine, type) => {
    const { connection, timer = -1 } = machine
    const event: ReconnectEvent =
      type === 'lost'
        ? { type: 'closed', connection, code: 1006, reason: 'lost' }
        : type === 'opened'
          ? { type, connection }
          : type === 'timer'
            ? { type, timer }
            : { type }
    return reduceReconnect(machine, event, policy).machine
  }, initialReconnectMachine)
}

const closed = (code: number): ReconnectMachine => {
  const open = run('start', 'opened')
  return reduceReconnect(open, { type: 'closed', connection: open.connection, code, reason: 'why' }, policy)
    .machine
}

describe('the reconnect machine', () => {
  it('grows its delay with each failure, also when connections open and drop at once', () => {
    const delays: number[] = []
    let machine = run('start')
    for (let at = 0; at < 9; at += 1) {
      const { connection } = machine
      machine = reduceReconnect(machine, { type: 'opened', connection }, policy).machine
      machine = reduceReconnect(
        machine,
        { type: 'closed', connection, code: 1006, reason: 'x' },
        policy,
      ).machine
      if (machine.state.name === 'waiting') delays.push(machine.state.delayMs)
      machine = reduceReconnect(machine, { type: 'timer', timer: machine.timer ?? -1 }, policy).machine
    }
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000])
  })

  it('starts from the shortest delay once a connection was stable', () => {
    expect(run('start', 'lost', 'timer', 'lost', 'timer', 'opened', 'timer', 'lost').state).toMatchObject({
      name: 'waiting',
      attempt: 1,
      delayMs: 250,
    })
  })

  it('connects at once when the machine wakes or the user asks', () => {
    expect(run('start', 'lost', 'wake').state).toEqual({ name: 'connecting', attempt: 0 })
    expect(run('start', 'lost', 'retry-now').state).toEqual({ name: 'connecting', attempt: 0 })
  })

  it.each(['wake', 'online'] as const)(
    'asks anew when %s finds an attempt that began on a network before',
    (type) => {
      const before = run('start', 'lost', 'timer')
      const { machine, effects } = reduceReconnect(before, { type }, policy)
      expect(machine.state).toEqual({ name: 'connecting', attempt: 0 })
      expect(effects).toEqual([
        expect.objectContaining({ type: 'cancel-timer' }),
        { type: 'disconnect', connection: before.connection },
        expect.objectContaining({ type: 'start-timer' }),
        { type: 'connect', connection: before.connection + 1 },
      ])
    },
  )

  it('lets an attempt go on when the user cannot wait or the network is away', () => {
    const before = run('start')
    for (const type of ['retry-now', 'offline'] as const)
      expect(reduceReconnect(before, { type }, policy)).toEqual({ machine: before, effects: [] })
  })

  it('gives up an attempt that takes too long', () => {
    expect(run('start', 'timer').state).toMatchObject({ name: 'waiting', attempt: 1 })
  })

  it.each([
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not_found'],
    [410, 'gone'],
    [426, 'upgrade_required'],
  ])('fails for good on a handshake answered with %i, until asked again', (status, code) => {
    const machine = run('start')
    const event: ReconnectEvent = { type: 'connect-failed', connection: 1, reason: 'No.', status }
    const failed = reduceReconnect(machine, event, policy).machine
    expect(failed.state).toEqual({ name: 'failed', code, reason: 'No.' })
    expect(reduceReconnect(failed, { type: 'wake' }, policy).machine.state.name).toBe('failed')
    expect(reduceReconnect(failed, { type: 'retry-now' }, policy).machine.state.name).toBe('connecting')
  })

  it('reads close codes: 1000 is the end, 1001 and 1011 come back, 1003 would happen again', () => {
    expect(closed(1000).state).toEqual({ name: 'stopped', reason: 'finished' })
    expect(closed(1001).state).toMatchObject({ name: 'waiting', reason: 'why' })
    expect(closed(1011).state.name).toBe('waiting')
    expect(closed(1003).state).toEqual({ name: 'failed', code: 'protocol', reason: 'why' })
  })

  it('stops from every state, and starts again', () => {
    expect(run('start', 'stop').state).toEqual({ name: 'stopped', reason: 'closed' })
    expect(run('start', 'lost', 'stop', 'start').state.name).toBe('connecting')
  })
})

describe('a network that answers in the place of the server', () => {
  const answered = (machine: ReconnectMachine, hopeless: FailureCode): ReconnectMachine =>
    reduceReconnect(
      machine,
      { type: 'connect-failed', connection: machine.connection, reason: 'Why.', hopeless },
      policy,
    ).machine

  it.each(['tls', 'redirected', 'not_coder'] as const)(
    'is waited for where the server was reached before, though %s would be hopeless',
    (code) => {
      const { state } = answered(run('start', 'opened', 'lost', 'timer'), code)
      expect(state).toMatchObject({
        name: 'waiting',
        reason: 'Why. A network that wants you to sign in first answers so too.',
      })
    },
  )

  it('is told as it looks where the server was never reached, and tried again on another network', () => {
    const failed = answered(run('start'), 'tls')
    expect(failed.state).toEqual({ name: 'failed', code: 'tls', reason: 'Why.' })
    expect(reduceReconnect(failed, { type: 'offline' }, policy).machine.state.name).toBe('failed')
    for (const type of ['online', 'wake'] as const)
      expect(reduceReconnect(failed, { type }, policy).machine.state.name).toBe('connecting')
  })

  it('is not blamed for what only the server itself says', () => {
    for (const code of ['unauthorized', 'forbidden', 'not_found', 'gone', 'refused'] as const) {
      const failed = answered(run('start', 'opened', 'lost', 'timer'), code)
      expect(failed.state.name).toBe('failed')
      expect(reduceReconnect(failed, { type: 'wake' }, policy).machine.state.name).toBe('failed')
    }
  })
})
