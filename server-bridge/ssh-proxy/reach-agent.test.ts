import { expect, test } from 'vitest'
import type { CoderClient } from '../client/coder-client.ts'
import { createFakeClock } from '../testing/fake-clock.ts'
import { parseProxyArguments, type WaitMode } from './arguments.ts'
import { printable } from './printable.ts'
import { reachAgent } from './reach-agent.ts'

interface Moment {
  readonly lifecycle: string
  readonly logs?: readonly string[]
}

/** A workspace whose agent is at one moment after the other, at each look. */
function reach(wait: WaitMode, moments: readonly Moment[], { blocks = true } = {}) {
  const clock = createFakeClock()
  const said: string[] = []
  const logs: { id: number; output: string }[] = []
  let looks = 0
  const workspace = () => {
    const { lifecycle, logs: printed = [] } = moments[Math.min(looks, moments.length - 1)] ?? {
      lifecycle: '',
    }
    looks += 1
    for (const output of printed) logs.push({ id: logs.length + 1, output })
    const scripts = [{ run_on_start: true, start_blocks_login: blocks }]
    const agent = { id: 'agent', name: 'main', status: 'connected', lifecycle_state: lifecycle, scripts }
    return { id: 'id', name: 'dev', latest_build: { status: 'running', resources: [{ agents: [agent] }] } }
  }
  const call = async (route: { path: string }, input: { query?: { after: number } }): Promise<unknown> => {
    if (route.path.endsWith('/logs')) return logs.filter(({ id }) => id > (input.query?.after ?? 0))
    // The wait before the next look is over as soon as it begins.
    queueMicrotask(() => queueMicrotask(() => setImmediate(() => clock.advance(5_000))))
    return workspace()
  }
  const client = { call } as unknown as Pick<CoderClient, 'call'>
  const options = {
    client,
    clock,
    wait,
    disableAutostart: false,
    report: (line: string) => said.push(printable(line)),
  }
  return { said, looks: () => looks, reached: reachAgent({ id: 'id' }, options) }
}

const reason = expect.stringContaining('Waiting for the start scripts of main') as string

test('waits for scripts that block the sign-in, and shows what they print', async () => {
  const { said, looks, reached } = reach('auto', [
    { lifecycle: 'starting', logs: ['one'] },
    { lifecycle: 'starting', logs: ['\u001b[31mtwo\u001b[0m\u0007', '\u001b]0;title\u0007three'] },
    { lifecycle: 'ready', logs: ['four'] },
  ])
  expect((await reached).id).toBe('agent')
  expect(looks()).toBe(3)
  expect(said).toEqual([reason, 'one', 'two', 'three', 'four'])
})

test('says how the scripts failed after their last words', async () => {
  const { said, reached } = reach(
    'yes',
    [{ lifecycle: 'created' }, { lifecycle: 'start_error', logs: ['no'] }],
    {
      blocks: false,
    },
  )
  await reached
  expect(said).toEqual([reason, 'no', 'A start script of the workspace has failed.'])
})

test.each([
  ['no', true],
  ['auto', false],
] as const)('enters at once with --wait %s where blocking is %s, and says so', async (wait, blocks) => {
  const { said, looks, reached } = reach(wait, [{ lifecycle: 'starting', logs: ['one'] }], { blocks })
  await reached
  expect(looks()).toBe(1)
  expect(said).toEqual(['The start scripts are still running: the workspace may be incomplete.'])
})

test.each([
  [['--no-wait'], {}, 'no'],
  [[], { CODER_SSH_NO_WAIT: 'true' }, 'no'],
  [[], { CODER_SSH_NO_WAIT: 'true', CODER_SSH_WAIT: 'yes' }, 'yes'],
  [['--wait', 'auto'], { CODER_SSH_NO_WAIT: 'true' }, 'auto'],
  [[], {}, 'auto'],
])('takes %j with %j as --wait %s', (argv, environment, wait) => {
  expect(parseProxyArguments([...argv, 'dev'], environment)).toMatchObject({ wait })
})

test('takes no two answers to whether to wait', () => {
  expect(() => parseProxyArguments(['--no-wait', '--wait', 'yes', 'dev'], {})).toThrow('not both')
})
