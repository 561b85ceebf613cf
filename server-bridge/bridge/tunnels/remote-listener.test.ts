import type { Client } from 'ssh2'
import { expect, it } from 'vitest'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { createRemoteListener, type RemoteState } from './remote-listener.ts'
import { createTunnelReport } from './tunnel-report.ts'
import type { LinkState, OpenLink, WorkspaceLink } from './workspace-link.ts'

const end = { kind: 'tcp', host: '127.0.0.1', port: 3000 } as const

/** A workspace whose answers a test gives, in the order of the questions. */
function createWorkspace() {
  const clock = createFakeClock()
  const told: RemoteState[] = []
  const asked: ((error?: Error) => void)[] = []
  const listeners = new Set<(state: LinkState) => void>()
  let state: LinkState = { kind: 'connecting' }
  const forwardIn = (_host: string, _port: number, done: (error?: Error) => void): void => {
    asked.push(done)
  }
  const link: Pick<WorkspaceLink, 'state' | 'onState' | 'onIncoming'> = {
    get state() {
      return state
    },
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onIncoming: () => () => undefined,
  }
  const become = (next: LinkState): void => {
    state = next
    for (const listener of listeners) listener(next)
  }
  const listener = createRemoteListener({
    ...{ listen: end, target: end, clock },
    link: link as WorkspaceLink,
    report: createTunnelReport({ tunnelId: 'x', clock, onState: () => undefined }),
    onState: (next) => told.push(next),
  })
  return {
    clock,
    told,
    listener,
    connect: () => become({ kind: 'open', link: { ssh: { forwardIn } as unknown as Client } as OpenLink }),
    lose: () => become({ kind: 'waiting', reason: 'Lost.' }),
    async answer(error?: Error) {
      asked.shift()?.(error)
      await Promise.resolve()
      await Promise.resolve()
    },
  }
}

const refusal = new Error('Unable to bind to 127.0.0.1:3000')

it('waits for the port that the workspace still holds for a connection that broke', async () => {
  const { clock, told, connect, lose, answer } = createWorkspace()
  connect()
  await answer()
  expect(told).toEqual([{ kind: 'listening' }])
  lose()
  connect()
  for (let tries = 0; tries < 10; tries += 1) {
    await answer(refusal)
    clock.advance(3_000)
  }
  const words = 'Opens when the workspace has noticed that the connection before is gone, in up to a minute.'
  expect(told.slice(1)).toEqual([{ kind: 'held', reason: words }])
  await answer()
  expect(told.at(-1)).toEqual({ kind: 'listening' })
})

it('says that something else has the port when that takes longer, or when it never had it', async () => {
  const { clock, told, connect, lose, answer } = createWorkspace()
  connect()
  await answer(refusal)
  expect(told.at(-1)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('in use there') })
  clock.advance(3_000)
  await answer()
  lose()
  connect()
  await answer(refusal)
  expect(told.at(-1)).toMatchObject({ kind: 'held' })
  for (let tries = 0; tries < 21; tries += 1) {
    clock.advance(3_000)
    await answer(refusal)
  }
  expect(told.at(-1)).toMatchObject({ kind: 'refused' })
})

it('asks at once when the user does not want to wait', async () => {
  const { told, listener, connect, lose, answer } = createWorkspace()
  connect()
  await answer()
  lose()
  connect()
  await answer(refusal)
  listener.retryNow()
  await answer()
  expect(told.at(-1)).toEqual({ kind: 'listening' })
})
