/**
 * A key typed into a terminal of the app until its echo is parsed: page, bridge, local server, agent, shell and back. The
 * reference is the same shell on a PTY of this very process.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import { inSession } from './app-session.ts'
import { measurement, type Benchmark } from './benchmark.ts'
import { installProbe, type Ending, type ProbePage } from './page/terminal-probe.ts'
import { startPlainShell } from './plain-shell.ts'
import { median, percentile } from './statistics.ts'
import { startTerminalWindow, terminalSettings } from './terminal-window.ts'

const rounds = 6
const keysPerRound = 60
/** A fast typist's, and long enough for everything to come to rest. */
const gapMs = 25
const interruptRounds = 20
/** By then as much is on its way as ever is. */
const floodMs = 1000
const keys = 'the quick brown fox jumps over the lazy dog and runs on to t'

export const keyEcho: Benchmark = {
  name: 'key-echo',
  about: 'key to parsed echo through a local workspace, also beside a flood',
  run: async (log) =>
    await inSession(async (session) => {
      const { app, window, address, screenModule } = await startTerminalWindow(session)
      await window.evaluate(installProbe, { address, screenModule, settings: terminalSettings })
      const shell = await openShell(window)
      const ours: number[] = []
      const reference: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        reference.push(...(await echoesOfPlainShell()))
        ours.push(...(await echoes(window, shell)))
      }
      const flood = await openShell(window)
      await window.evaluate((index) => {
        ;(globalThis as unknown as ProbePage).terminalProbe.type(index, 'yes\r')
      }, flood)
      await delay(1000)
      const flooded = [...(await echoes(window, shell)), ...(await echoes(window, shell))]
      const interrupts = await interrupt(window, flood)
      await app.close()
      const times = interrupts.map(({ ms }) => ms)
      const waited = interrupts.map(({ bytes }) => bytes / 1e6)
      log(`Ctrl+C in a flood: ${times.map((ms) => ms.toFixed(0)).join(' ')} ms`)
      log(`${String(ours.length)} keys; the slowest ${Math.max(...ours).toFixed(1)} ms`)
      return [
        measurement({
          name: 'key echo, p99',
          value: percentile(ours, 0.99),
          unit: 'ms',
          reference: percentile(reference, 0.99),
          limit: { of: 'value', atMost: 16 },
        }),
        measurement({ name: 'key echo, p50', value: median(ours), unit: 'ms', reference: median(reference) }),
        measurement({ name: 'key echo beside a flood, p50', value: median(flooded), unit: 'ms' }),
        measurement({ name: 'key echo beside a flood, p99', value: percentile(flooded, 0.99), unit: 'ms' }),
        measurement({
          name: 'Ctrl+C in a flood to the prompt, p50',
          value: median(times),
          unit: 'ms',
          limit: { of: 'value', atMost: 100 },
        }),
        measurement({
          name: 'Ctrl+C in a flood to the prompt, slowest',
          value: Math.max(...times),
          unit: 'ms',
        }),
        measurement({ name: 'output that Ctrl+C waits for, most', value: Math.max(...waited), unit: 'MB' }),
      ]
    }),
}

async function openShell(window: Page): Promise<number> {
  return await window.evaluate(async () => {
    const probe = (globalThis as unknown as ProbePage).terminalProbe
    const shell = await probe.openShell()
    await probe.settle(shell, 500)
    return shell
  })
}

async function echoes(window: Page, shell: number): Promise<readonly number[]> {
  return await window.evaluate(
    async ({ index, typed, gap }) => {
      const probe = (globalThis as unknown as ProbePage).terminalProbe
      const pause = (): Promise<void> =>
        new Promise((resolve) => {
          setTimeout(resolve, gap)
        })
      const samples: number[] = []
      for (const key of typed) {
        samples.push(await probe.echo(index, key))
        await pause()
      }
      // Ctrl+U: the line is empty again, so it never wraps.
      probe.type(index, '\u0015')
      await probe.settle(index, 200)
      return samples
    },
    { index: shell, typed: keys.slice(0, keysPerRound), gap: gapMs },
  )
}

/** `yes` runs in the shell. Each time: what is on its way has to be parsed before the prompt that follows it. */
async function interrupt(window: Page, flooded: number): Promise<readonly Ending[]> {
  const stop = (prompt: string): Promise<Ending> =>
    window.evaluate(
      ({ index, text }) => (globalThis as unknown as ProbePage).terminalProbe.until(index, '\u0003', text),
      { index: flooded, text: prompt },
    )
  const type = (text: string): Promise<void> =>
    window.evaluate(
      async ({ index, typed }) => {
        const probe = (globalThis as unknown as ProbePage).terminalProbe
        probe.type(index, typed)
        await probe.settle(index, 300)
      },
      { index: flooded, typed: text },
    )
  await type('\u0003')
  // No prompt of a login shell can be told from what a program prints.
  await type("PS1='the-''prompt> '\r")
  const samples: Ending[] = []
  for (let round = 0; round < interruptRounds; round += 1) {
    await window.evaluate((index) => {
      ;(globalThis as unknown as ProbePage).terminalProbe.type(index, 'yes\r')
    }, flooded)
    await delay(floodMs)
    samples.push(await stop('the-prompt> '))
  }
  return samples
}

async function echoesOfPlainShell(): Promise<readonly number[]> {
  const shell = startPlainShell()
  await shell.nextOutput()
  await delay(300)
  const samples: number[] = []
  for (const key of keys.slice(0, keysPerRound)) {
    const echoed = shell.nextOutput()
    const started = performance.now()
    shell.write(key)
    await echoed
    samples.push(performance.now() - started)
    await delay(gapMs)
  }
  await shell.end()
  return samples
}
