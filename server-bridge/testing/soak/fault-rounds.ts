/** Rounds of faults: something breaks, and afterwards every terminal and every tunnel is what it was. */
import { expect } from 'vitest'
import type { TunnelState } from '../../contract/tunnels.ts'
import { waitFor } from '../wait-for.ts'
import type { Held } from './held.ts'
import { here, type SoakTunnel } from './tunnel-checks.ts'

/** A round that took longer tells what its connections went through. */
const SLOW_MS = 45_000

type Later<T> = T | Promise<T>

/** Whoever has the terminals and tunnels, in this process or in another one. */
export interface FaultedUser {
  /** Types into every terminal, and waits until each shows what comes of it. */
  typeEverywhere(text: string, shows: string): Promise<void>
  /** The window is loaded again. */
  reload(): Later<void>
  /** What a terminal shows with its scrollback, since then. */
  shown(index: number): Later<string>
  tunnelState(tunnelId: string): Later<TunnelState | undefined>
  /** Whether bytes come back through it. */
  carries(tunnel: SoakTunnel): Promise<boolean>
  held(): Later<Held>
  /** What connections went through last, a line each. */
  timeline(): Later<readonly string[]>
}

export interface FaultRounds {
  readonly rounds: number
  readonly seed: number
  readonly isFull: boolean
  readonly terminals: number
  readonly tunnels: readonly SoakTunnel[]
  readonly patienceMs: number
  readonly user: FaultedUser
  /** Breaks something, heals it, and says what it was. */
  readonly breakSomething: () => Promise<string>
  /** What to tell with a failure. */
  readonly complaints: () => string
}

/** @throws with the round, the seed and the fault after which something did not come back. */
export async function runFaultRounds(run: FaultRounds): Promise<void> {
  const { user, rounds } = run
  const counts = new Map<string, number>()
  const times: number[] = []
  let before: Held = { handles: {}, bytes: 0 }
  for (let round = 1; round <= rounds; round += 1) {
    let fault = 'nothing yet'
    try {
      await user.typeEverywhere(`echo round-$((${round} + 1000))\r`, `round-${round + 1000}`)
      await expectTunnels(run)
      // By then everything that is made once has been made.
      if (round === Math.ceil(rounds / 4)) before = await user.held()
      fault = await run.breakSomething()
      const back = performance.now()
      await user.typeEverywhere(`echo after-$((${round} + 2000))\r`, `after-${round + 2000}`)
      await expectTunnels(run)
      const tookMs = performance.now() - back
      times.push(tookMs)
      if (tookMs > SLOW_MS) process.stdout.write(`${(await user.timeline()).join('\n')}\n`)
      if (run.isFull)
        process.stdout.write(`Round ${round}: ${fault}, whole again after ${Math.round(tookMs)} ms\n`)
      await user.reload()
      await expectScrollback(run, round)
      counts.set(fault, (counts.get(fault) ?? 0) + 1)
    } catch (error) {
      const timeline = (await user.timeline()).join('\n')
      const told = `${String(error)}\n${timeline}\n${run.complaints()}`
      throw new Error(`Round ${round} of seed ${run.seed}, ${fault}: ${told}`, { cause: error })
    }
  }
  const after = await expectNothingLeft(run, before)
  if (run.isFull) report(counts, times, before, after)
}

async function expectTunnels({ user, tunnels, patienceMs }: FaultRounds): Promise<void> {
  await Promise.all(
    tunnels.map((tunnel) =>
      waitFor(
        `the ${tunnel.kind} tunnel on ${tunnel.port} carries again`,
        async () => {
          const state = await user.tunnelState(tunnel.id)
          if (state?.connection.kind !== 'open') return undefined
          expect(state.listening).toEqual(here(tunnel.port))
          // A connection may still meet the end of the one before.
          return (await user.carries(tunnel).catch(() => false)) ? true : undefined
        },
        patienceMs,
      ),
    ),
  )
}

/** A window that knows nothing gets all that was shown, also what a shell before the last printed. */
async function expectScrollback({ user, terminals, patienceMs }: FaultRounds, round: number): Promise<void> {
  const wanted = [1, round].flatMap((each) => [`round-${each + 1000}`, `after-${each + 2000}`])
  for (let index = 0; index < terminals; index += 1) {
    await waitFor(
      `terminal ${index} has its scrollback`,
      async () => {
        const text = await user.shown(index)
        return wanted.every((mark) => text.includes(mark)) ? true : undefined
      },
      patienceMs,
    )
  }
}

/** What the last round broke may take its time to end. */
async function expectNothingLeft({ user, ...run }: FaultRounds, before: Held): Promise<Held> {
  let last = before
  await waitFor(
    'no handle is left over',
    async () => {
      last = await user.held()
      const isLeft = ([name, count]: [string, number]): boolean =>
        count > (before.handles[name] ?? 0) + run.terminals
      return Object.entries(last.handles).some(isLeft) ? undefined : true
    },
    run.patienceMs,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)} ${JSON.stringify({ before: before.handles, after: last.handles })}`)
  })
  if (run.isFull) expect(last.bytes).toBeLessThan(before.bytes * 1.5 + 20_000_000)
  return last
}

function report(
  counts: ReadonlyMap<string, number>,
  times: readonly number[],
  before: Held,
  after: Held,
): void {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number): string =>
    `${Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)} ms`
  const faults = [...counts].map(([fault, count]) => `${fault}: ${count}`).join(', ')
  const handles = Object.entries(after.handles).map(
    ([name, count]) => `${name} ${before.handles[name] ?? 0} to ${count}`,
  )
  const megabytes = [before, after].map(({ bytes }) => `${(bytes / 1e6).toFixed(1)} MB`).join(' to ')
  process.stdout.write(
    `${times.length} rounds (${faults}), whole again: median ${at(0.5)}, longest ${at(1)}; ${handles.join(', ')}, live objects ${megabytes}\n`,
  )
}
