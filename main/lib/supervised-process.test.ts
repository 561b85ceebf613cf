import { describe, expect, it } from 'vitest'
import { createFakeProcessHost, type FakeProcess } from '../testing/fake-ports.ts'
import { createManualClock } from '../testing/manual-clock.ts'
import { createRecordingLogger } from '../testing/recording-logger.ts'
import { SupervisedProcess } from './supervised-process.ts'

function supervise() {
  const host = createFakeProcessHost()
  const clock = createManualClock()
  const messages: unknown[] = []
  const supervised = new SupervisedProcess<FakeProcess>({
    name: 'The helper',
    spawn: () => host.spawn('serve') as FakeProcess,
    onStarted: (process) => process.post('hello'),
    onMessage: (message) => void messages.push(message),
    onEnded: () => undefined,
    clock,
    random: () => 0.5,
    logger: createRecordingLogger(),
  })
  const last = () => host.started.at(-1) as FakeProcess
  return { host, clock, supervised, messages, last }
}

describe('a supervised process', () => {
  it('starts, greets and becomes running when its owner says so', () => {
    const { supervised, last } = supervise()
    expect(supervised.state.get()).toEqual({ kind: 'stopped' })
    supervised.start()
    expect(supervised.state.get()).toEqual({ kind: 'starting' })
    expect(last().posted).toEqual(['hello'])
    supervised.markRunning()
    expect(supervised.state.get()).toEqual({ kind: 'running' })
  })

  it('starts it again after a crash, later each time, and tells when', () => {
    const { supervised, clock, host, last } = supervise()
    supervised.start()
    const delays: number[] = []
    for (let crash = 0; crash < 3; crash += 1) {
      last().exit(1)
      const state = supervised.state.get()
      if (state.kind !== 'restarting') throw new Error(`It is ${state.kind}.`)
      delays.push(state.retryAt - clock.now())
      clock.advance(state.retryAt - clock.now())
    }
    expect(host.started).toHaveLength(4)
    expect(delays).toEqual([...delays].sort((a, b) => a - b))
    expect(delays[0]).toBeLessThan(1000)
  })

  it('gives up a process that crashes again and again, and starts it when the user asks', () => {
    const { supervised, clock, host, last } = supervise()
    supervised.start()
    for (let crash = 0; crash < 6; crash += 1) {
      last().exit(139)
      clock.advance(5000)
    }
    expect(supervised.state.get()).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('gave up'),
      detail: expect.stringContaining('139'),
    })
    const before = host.started.length
    clock.advance(600_000)
    expect(host.started).toHaveLength(before)
    supervised.start()
    expect(supervised.state.get()).toEqual({ kind: 'starting' })
    expect(host.started).toHaveLength(before + 1)
  })

  it('forgives crashes that are far apart', () => {
    const { supervised, clock, last } = supervise()
    supervised.start()
    for (let crash = 0; crash < 12; crash += 1) {
      last().exit(1)
      clock.advance(61_000)
    }
    expect(supervised.state.get().kind).toBe('starting')
  })

  it('does not start a process again that said it cannot run', () => {
    const { supervised, clock, host, last } = supervise()
    supervised.start()
    supervised.markFailed('The folder is read-only.', 'EROFS')
    last().exit(1)
    clock.advance(600_000)
    expect(host.started).toHaveLength(1)
    expect(supervised.state.get()).toEqual({
      kind: 'failed',
      reason: 'The folder is read-only.',
      detail: 'EROFS',
    })
  })

  it('starts it again when asked to before a process that cannot run has ended', () => {
    const { supervised, clock, host, last } = supervise()
    supervised.start()
    supervised.markFailed('The folder is read-only.', 'EROFS')
    supervised.start()
    expect(supervised.state.get()).toEqual({ kind: 'starting' })
    last().exit(1)
    clock.advance(1000)
    expect(host.started).toHaveLength(2)
  })

  it('ignores what a process says after it was replaced', () => {
    const { supervised, clock, messages, host } = supervise()
    supervised.start()
    const first = host.started[0] as FakeProcess
    first.exit(1)
    clock.advance(5000)
    first.say('late')
    expect(messages).toEqual([])
  })

  it('asks it to end and waits for that', async () => {
    const { supervised, clock, last } = supervise()
    supervised.start()
    let ended = false
    const stopped = supervised.stop((process) => process.post('bye'), 5000).then(() => (ended = true))
    expect(last().posted).toEqual(['hello', 'bye'])
    expect(ended).toBe(false)
    last().exit(0)
    await stopped
    clock.advance(600_000)
    expect(last().killed).toBe(false)
    expect(supervised.state.get()).toEqual({ kind: 'stopped' })
    expect(clock.pending).toBe(0)
  })

  it('ends it by force when it does not end, and never waits for ever', async () => {
    const { supervised, clock, last } = supervise()
    supervised.start()
    const stopped = supervised.stop(() => undefined, 5000)
    clock.advance(5000)
    expect(last().killed).toBe(true)
    clock.advance(1000)
    await stopped
  })

  it('does not start again when it gets ready only after it was asked to end', async () => {
    const { supervised, clock, host, last } = supervise()
    supervised.start()
    const stopped = supervised.stop(() => undefined, 5000)
    supervised.markRunning()
    supervised.markFailed('The folder is read-only.', 'EROFS')
    expect(supervised.state.get()).toEqual({ kind: 'stopped' })
    last().exit(0)
    await stopped
    clock.advance(600_000)
    expect(host.started).toHaveLength(1)
  })

  it('does not start again once it was stopped', async () => {
    const { supervised, clock, host, last } = supervise()
    supervised.start()
    last().exit(1)
    await supervised.stop(() => undefined, 5000)
    clock.advance(600_000)
    expect(host.started).toHaveLength(1)
  })
})
