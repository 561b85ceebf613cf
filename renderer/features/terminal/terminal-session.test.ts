import { describe, expect, it, vi } from 'vitest'
import { createFakePort } from '../../testing/fake-port.ts'
import { createFakeScreen } from '../../testing/fake-screen.ts'
import { sampleId } from '../../testing/wire-samples.ts'
import { ackBytes, inputMaxChars } from './terminal-bytes.ts'
import { TerminalSession } from './terminal-session.ts'

const terminalId = sampleId(50)
const place = { terminalId, deploymentId: 'local', agentId: sampleId(6), command: '' }
const target = { ...place, hasPast: false }

function setUp() {
  const port = createFakePort()
  const screen = createFakeScreen()
  const session = new TerminalSession(port, screen, target)
  const ofType = (type: string) => port.sent.filter((message) => message.type === type)
  return { port, screen, session, ofType }
}

function data(text: string | number) {
  const bytes = typeof text === 'number' ? new Uint8Array(text) : new TextEncoder().encode(text)
  return { type: 'data', terminalId, bytes } as const
}

describe('a terminal session', () => {
  it('opens once, with the size of the screen', () => {
    const { session, screen, ofType } = setUp()
    screen.resizeTo({ cols: 120, rows: 40 })
    session.open()
    session.open()
    expect(ofType('open')).toEqual([{ type: 'open', ...place, cols: 120, rows: 40 }])
  })

  const connected = (rejoined: boolean) =>
    ({ type: 'state', terminalId, state: { kind: 'connected', rejoined } }) as const
  const answer = '\u001b[?1;2c'

  it('does not type the answers to what was asked before a re-join into the shell', () => {
    const { port, session, screen, ofType } = setUp()
    session.open()
    port.receive(connected(false))
    port.disconnect()
    port.connect()
    port.receive(connected(false))
    screen.type(answer)
    screen.type('ls')
    expect(ofType('input')).toEqual([{ type: 'input', terminalId, data: 'ls' }])
  })

  it('does not for a shell of an earlier window either, and answers a new one, which waits for it', () => {
    const port = createFakePort()
    for (const hasPast of [true, false]) {
      const screen = createFakeScreen()
      const session = new TerminalSession(port, screen, { ...target, hasPast })
      session.open()
      port.receive(connected(false))
      screen.type(answer)
      session.close()
    }
    expect(port.sent.filter(({ type }) => type === 'input')).toEqual([
      { type: 'input', terminalId, data: answer },
    ])
  })

  it('tells a new size in the words of the contract, whatever else the screen says', () => {
    const { session, screen, ofType } = setUp()
    session.open()
    screen.resizeTo(Object.assign({ cols: 90, rows: 7 }, { colsChanged: true }))
    expect(ofType('resize')).toEqual([{ type: 'resize', terminalId, cols: 90, rows: 7 }])
  })

  it('gives credit back only for what the screen has parsed', () => {
    const { port, session, screen, ofType } = setUp()
    session.open()
    port.receive(data(ackBytes))
    expect(ofType('ack')).toEqual([])
    screen.parse()
    expect(ofType('ack')).toEqual([{ type: 'ack', terminalId, bytes: ackBytes }])
  })

  it('opens the same shell again over the port of a restarted bridge, and pays it nothing of the old credit', () => {
    const { port, session, screen, ofType } = setUp()
    session.open()
    port.receive(data(ackBytes - 1))
    port.disconnect()
    expect(session.state()).toEqual({ kind: 'bridge-lost' })
    port.connect()
    expect(ofType('open')).toHaveLength(2)
    expect(ofType('open')[1]).toMatchObject({ terminalId })
    screen.parse()
    port.receive(data(1))
    screen.parse()
    expect(ofType('ack')).toEqual([])
  })

  it('clears the screen before history is replayed', () => {
    const { port, session, screen } = setUp()
    session.open()
    port.receive(data('old'))
    port.receive({ type: 'reset', terminalId })
    port.receive(data('old again'))
    expect(screen.drawn).toEqual(['old', '[reset]', 'old again'])
  })

  it('pays nothing for bytes from before a reset, as the bridge forgets them too', () => {
    const { port, session, screen, ofType } = setUp()
    session.open()
    port.receive(data(ackBytes - 1))
    port.receive({ type: 'reset', terminalId })
    port.receive(data(1))
    screen.parse()
    expect(ofType('ack')).toEqual([])
  })

  it('keeps what was printed when a new shell takes the place of an ended one', () => {
    const { port, session, screen, ofType } = setUp()
    session.open()
    const next = { ...place, terminalId: sampleId(51) }
    session.replace({ ...next, hasPast: false })
    expect(ofType('close')).toEqual([{ type: 'close', terminalId }])
    expect(ofType('open').at(-1)).toMatchObject(next)
    expect(screen.drawn).toEqual(['[new shell]'])
    port.receive({ type: 'reset', terminalId: next.terminalId })
    port.receive({ type: 'reset', terminalId: next.terminalId })
    expect(screen.drawn).toEqual(['[new shell]', '[reset]'])
  })

  it('ignores what belongs to another terminal', () => {
    const { port, session, screen } = setUp()
    session.open()
    port.receive({ ...data('x'), terminalId: sampleId(51) })
    expect(screen.drawn).toEqual([])
  })

  it('cuts long input', () => {
    const { session, screen, ofType } = setUp()
    session.open()
    screen.type('x'.repeat(inputMaxChars + 5))
    expect(ofType('input').map((message) => ('data' in message ? message.data.length : 0))).toEqual([
      inputMaxChars,
      5,
    ])
  })

  it('tries at once while it waits, and opens again after a failure', () => {
    const { port, session, ofType } = setUp()
    session.open()
    const waiting = { kind: 'waiting', attempt: 2, retryAt: 1, reason: 'Away.' } as const
    port.receive({ type: 'state', terminalId, state: waiting })
    session.retry()
    expect(ofType('retry-now')).toHaveLength(1)
    port.receive({ type: 'state', terminalId, state: { kind: 'failed', code: 'refused', reason: 'No.' } })
    session.retry()
    expect(ofType('open')).toHaveLength(2)
  })

  it('tells its listeners each state until it is closed', () => {
    const { port, session, screen, ofType } = setUp()
    const listener = vi.fn()
    session.subscribe(listener)
    session.open()
    listener.mockClear()
    port.receive({ type: 'state', terminalId, state: { kind: 'connected', rejoined: false } })
    session.close()
    port.receive({ type: 'state', terminalId, state: { kind: 'ended' } })
    expect(listener).toHaveBeenCalledOnce()
    expect(screen.isDisposed()).toBe(true)
    expect(ofType('close')).toHaveLength(1)
  })

  it('has news of what it prints while nobody looks, until somebody does', () => {
    const { port, session } = setUp()
    session.open()
    const hide = session.show()
    port.receive(data('seen'))
    expect(session.news().hasOutput).toBe(false)
    hide()
    port.receive(data('not seen'))
    expect(session.news().hasOutput).toBe(true)
    session.show()
    expect(session.news().hasOutput).toBe(false)
  })

  it('knows that it re-joined its shell, and forgets it with a new one', () => {
    const { port, session } = setUp()
    session.open()
    port.receive({ type: 'state', terminalId, state: { kind: 'connected', rejoined: false } })
    expect(session.news().rejoinedAt).toBeUndefined()
    port.receive({ type: 'state', terminalId, state: { kind: 'connected', rejoined: true } })
    expect(session.news().rejoinedAt).toBeTypeOf('number')
    session.replace({ ...target, terminalId: sampleId(51) })
    expect(session.news().rejoinedAt).toBeUndefined()
  })

  it('has re-joined its shell also over a new bridge, which does not know', () => {
    const { port, session } = setUp()
    session.open()
    port.receive({ type: 'state', terminalId, state: { kind: 'connected', rejoined: false } })
    port.disconnect()
    port.connect()
    port.receive({ type: 'state', terminalId, state: { kind: 'connected', rejoined: false } })
    expect(session.news().rejoinedAt).toBeTypeOf('number')
  })
})
