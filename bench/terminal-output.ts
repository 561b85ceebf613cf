/**
 * A shell prints a file: from the Enter key through agent, local server, bridge and the app's own terminal to the frame
 * that shows the end. The reference is the same screen of the app, fed with the same bytes inside the same page. And what
 * a flood without end does to memory.
 */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { inSession } from './app-session.ts'
import { measurement, type Benchmark } from './benchmark.ts'
import { installProbe, timeFromEnterTo, type ProbePage } from './page/terminal-probe.ts'
import { median } from './statistics.ts'
import { startTerminalWindow, terminalSettings, type TerminalWindow } from './terminal-window.ts'
import { createPrintedText } from './printed-text.ts'
import { cpuSeconds, memoryMiB, processTree } from './usage.ts'

const rounds = 5
const outputBytes = 16 * 1024 * 1024
const floodSeconds = 60
/** By then the scrollback is full and the heaps have grown to what they need. */
const floodWarmSeconds = 5

export const terminalOutput: Benchmark = {
  name: 'terminal-output',
  about: 'a shell prints 16 MiB to the screen; then `yes` for a minute',
  run: async (log) =>
    await inSession(async (session) => {
      const terminal = await startTerminalWindow(session)
      const text = createPrintedText(outputBytes)
      const file = path.join(session.folder, 'output.txt')
      // The terminal's line discipline adds the carriage returns.
      await writeFile(file, text.replaceAll('\r\n', '\n'))
      const { ours, reference } = await printBothWays(terminal, file, text)
      const flood = await floodMemory(terminal)
      await terminal.app.close()
      const words = (samples: readonly Sample[]): string =>
        samples.map(({ rate }) => rate.toFixed(1)).join(' ')
      log(`MB/s ${words(ours)}, fed directly ${words(reference)}`)
      log(`MiB each second of the flood: ${flood.map(Math.round).join(' ')}`)
      return [
        measurement({
          name: 'terminal output, PTY to screen',
          value: median(ours.map(({ rate }) => rate)),
          unit: 'MB/s',
          reference: median(reference.map(({ rate }) => rate)),
          limit: { of: 'ratio', atLeast: 0.9 },
        }),
        measurement({
          name: 'terminal output, processor time of the page',
          value: median(ours.map(({ pageMs }) => pageMs)),
          unit: 'ms/MB',
          reference: median(reference.map(({ pageMs }) => pageMs)),
        }),
        measurement({
          name: 'memory of all processes after a minute of yes',
          value: median(flood.slice(-5)),
          unit: 'MiB',
          reference: median(flood.slice(floodWarmSeconds, floodWarmSeconds + 5)),
          // Heaps breathe by a fifth. What keeps a flood would grow by far more: a minute of it is hundreds of MB.
          limit: { of: 'ratio', atMost: 1.25 },
        }),
      ]
    }),
}

interface Sample {
  /** MB a second. */
  readonly rate: number
  /** Milliseconds of processor time of the page's process a MB. Unlike the rate it does not suffer from other work. */
  readonly pageMs: number
}

async function printBothWays(
  { app, window, input, address, screenModule }: TerminalWindow,
  file: string,
  text: string,
): Promise<{ readonly ours: readonly Sample[]; readonly reference: readonly Sample[] }> {
  await window.evaluate(installProbe, { address, screenModule, settings: terminalSettings })
  await window.evaluate((kept) => {
    ;(globalThis as unknown as ProbePage).terminalProbe.keep(kept)
  }, text)
  const page = await app.application.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().map((shown) => shown.webContents.getOSProcessId()),
  )
  const megabytes = text.length / 1e6
  const sample = async (print: () => Promise<number>): Promise<Sample> => {
    const before = await cpuSeconds(page)
    const ms = await print()
    const used = (await cpuSeconds(page)) - before
    return { rate: (megabytes / ms) * 1000, pageMs: (used * 1000) / megabytes }
  }
  const ours: Sample[] = []
  const reference: Sample[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const fed = await sample(() =>
      window.evaluate(
        (marker) => (globalThis as unknown as ProbePage).terminalProbe.feedDirectly(marker),
        `direct-end-${String(round)}`,
      ),
    )
    // Split, so that the typed command does not show the marker itself.
    const shown = window.evaluate(timeFromEnterTo, `shell-end-${String(round)}`)
    await input.pressSequentially(`cat ${file}; echo shell-"end-${String(round)}"`)
    const printed = await sample(async () => {
      await input.press('Enter')
      return await shown
    })
    // The first round warms both.
    if (round === 0) continue
    reference.push(fed)
    ours.push(printed)
  }
  return { ours, reference }
}

/** One sample a second. */
async function floodMemory({ app, input }: TerminalWindow): Promise<readonly number[]> {
  const pids = await processTree(app.pid)
  const samples: number[] = []
  await input.pressSequentially('yes')
  await input.press('Enter')
  for (let second = 0; second < floodSeconds; second += 1) {
    samples.push(await memoryMiB(pids))
    await delay(1000)
  }
  await input.press('Control+c')
  return samples
}
