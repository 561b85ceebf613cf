import { expect, it } from 'vitest'
import { silentLogger } from '../../../lib/logger.ts'
import { createFakeClock } from '../../../testing/fake-clock.ts'
import { AgentToolError } from '../../agents/agent-tool-calls.ts'
import { createWorkspaceReads } from './workspace-reads.ts'

const never = new AbortController().signal

/** A workspace that answers when the test has it do so. */
function startWorkspace() {
  const clock = createFakeClock()
  const asked: { resolve(text: string): void; reject(error: Error): void }[] = []
  const reads = createWorkspaceReads<string>({
    ...{ clock, logger: silentLogger, what: 'Words', nothing: 'nothing' },
    ask: () => new Promise((resolve, reject) => asked.push({ resolve, reject })),
  })
  return { clock, asked, reads }
}

it('is asked once by all who ask meanwhile, and again after half a minute', async () => {
  const { clock, asked, reads } = startWorkspace()
  const waiting = [reads.read('a', never), reads.read('a', never), reads.known('a')]
  expect(asked).toHaveLength(1)
  asked[0]?.resolve('one')
  expect(await Promise.all(waiting)).toEqual(['one', 'one', 'one'])
  clock.advance(29_999)
  expect(await reads.read('a', never)).toBe('one')
  expect(asked).toHaveLength(1)
  clock.advance(1)
  const again = reads.read('a', never)
  expect(asked).toHaveLength(2)
  asked[1]?.resolve('two')
  expect(await again).toBe('two')
  const other = reads.read('b', never)
  asked[2]?.resolve('of another')
  expect(await other).toBe('of another')
  expect(clock.pending).toBe(0)
})

it('tells what was known to who does not wait, and looks again behind that', async () => {
  const { clock, asked, reads } = startWorkspace()
  const first = reads.known('a')
  asked[0]?.resolve('one')
  expect(await first).toBe('one')
  clock.advance(60_000)
  expect(await reads.known('a')).toBe('one')
  expect(await reads.known('a')).toBe('one')
  expect(asked).toHaveLength(2)
  asked[1]?.resolve('two')
  expect(await reads.read('a', never)).toBe('two')
  expect(await reads.known('a')).toBe('two')
  expect(asked).toHaveLength(2)
})

it('holds up who does not wait for a moment at most, once, however long it says nothing', async () => {
  const { clock, asked, reads } = startWorkspace()
  const held = reads.known('a')
  clock.advance(250)
  expect(await held).toBe('nothing')
  expect(await reads.known('a')).toBe('nothing')
  expect(asked).toHaveLength(1)
  asked[0]?.reject(new Error('The workspace did not answer in time.'))
  expect(await reads.read('a', never)).toBe('nothing')
  clock.advance(29_000)
  // That it could not be read holds as long as an answer.
  expect(await reads.known('a')).toBe('nothing')
  expect(asked).toHaveLength(1)
  clock.advance(1000)
  expect(await reads.known('a')).toBe('nothing')
  expect(asked).toHaveLength(2)
  asked[1]?.reject(new AgentToolError('no'))
  expect(await reads.read('a', never)).toBe('nothing')
})

it('is not given up with the one who waited', async () => {
  const { asked, reads } = startWorkspace()
  const turn = new AbortController()
  const waiting = reads.read('a', turn.signal)
  turn.abort()
  expect(await waiting).toBe('nothing')
  asked[0]?.resolve('one')
  expect(await reads.read('a', never)).toBe('one')
  expect(asked).toHaveLength(1)
})

it('is forgotten an hour after it was asked last', async () => {
  const { clock, asked, reads } = startWorkspace()
  const first = reads.read('a', never)
  asked[0]?.resolve('one')
  await first
  clock.advance(3_600_000)
  const other = reads.read('b', never)
  asked[1]?.resolve('two')
  await other
  const after = reads.known('a')
  clock.advance(250)
  expect(await after).toBe('nothing')
})
