import { describe, expect, it } from 'vitest'
import type { ScannedRepository } from '../../../contract/agent-tools.ts'
import type { GitServerMessage } from '../../../contract/chats-git.ts'
import { createFakeClock } from '../../../testing/fake-clock.ts'
import { createGitWatches } from './git-watches.ts'

const repository = (root: string, diff = ''): ScannedRepository => ({
  repo_root: root,
  branch: 'trunk',
  remote_origin: '',
  ...{ base_branch: '', pushed: false },
  unified_diff: diff,
  ...{ additions: 0, deletions: 0, changed_files: 0, files: [] },
})

/** Scans that answer what the test says, at the moment they are begun. */
function setUp() {
  const clock = createFakeClock()
  const begun: { chatId: string; signal: AbortSignal }[] = []
  let next: () => readonly ScannedRepository[] = () => []
  const watches = createGitWatches({
    clock,
    scan: async (chatId, signal) => {
      begun.push({ chatId, signal })
      return next()
    },
  })
  return {
    ...{ clock, begun, watches },
    answer: (scan: () => readonly ScannedRepository[]) => (next = scan),
    async pass(ms: number) {
      clock.advance(ms)
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
    },
  }
}
const summary = ({ type, repositories = [], message }: GitServerMessage) => [
  message ?? type,
  ...repositories.map(
    ({ repo_root: root, unified_diff: diff, removed }) => `${root} ${removed ? 'removed' : (diff ?? '')}`,
  ),
]

describe('who watches repositories', () => {
  it('is told all, then what differs', async () => {
    const { watches, answer, pass } = setUp()
    const told: unknown[] = []
    answer(() => [repository('/a', '1'), repository('/b')])
    watches.watch('chat', (message) => told.push(summary(message)))
    await pass(0)
    await pass(5000)
    answer(() => [repository('/a', '2')])
    await pass(5000)
    expect(told).toEqual([
      ['changes', '/a 1', '/b '],
      ['changes', '/a 2', '/b removed'],
    ])
  })

  it('may ask, and is answered also when nothing has changed', async () => {
    const { watches, begun, pass } = setUp()
    const told: unknown[] = []
    const watch = watches.watch('chat', (message) => told.push(summary(message)))
    await pass(0)
    for (let times = 0; times < 10; times += 1) watch.refresh()
    await pass(999)
    expect(begun).toHaveLength(1)
    await pass(1)
    expect(begun).toHaveLength(2)
    expect(told).toEqual([['changes'], ['changes']])
  })

  it('shares the scans of others, and is told everything when it comes', async () => {
    const { watches, begun, answer, pass } = setUp()
    answer(() => [repository('/a', '1')])
    watches.watch('chat', () => undefined)
    await pass(0)
    const told: unknown[] = []
    const late = watches.watch('chat', (message) => told.push(summary(message)))
    await pass(1000)
    expect(begun).toHaveLength(2)
    expect(told).toEqual([['changes', '/a 1']])
    late.close()
    await pass(5000)
    expect(begun).toHaveLength(3)
  })

  it('is told a problem once, and when it is over', async () => {
    const { watches, answer, pass } = setUp()
    const told: unknown[] = []
    answer(() => {
      throw new Error('The workspace is not running.')
    })
    watches.watch('chat', (message) => told.push(summary(message)))
    await pass(0)
    await pass(5000)
    answer(() => [])
    await pass(5000)
    expect(told).toEqual([['The workspace is not running.'], ['changes']])
  })

  it('leaves nothing behind', async () => {
    const { watches, begun, clock, pass } = setUp()
    const watch = watches.watch('chat', () => undefined)
    await pass(0)
    watch.close()
    watches.refresh('chat')
    expect(clock.pending).toBe(0)
    expect(begun[0]?.signal.aborted).toBe(true)
  })
})
