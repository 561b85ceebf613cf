/**
 * A chat of 10,000 messages while its answer is written, 200 tokens a second, drawn by the app's own transcript in a bare
 * Electron window: the gaps between frames, what a token costs, and the heap after an hour of tokens.
 */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { build, preview } from 'vite'
import { partConfig } from '../scripts/build/parts.ts'
import { inSession, referenceIsUsable, startBenchApp } from './app-session.ts'
import { measurement, type Benchmark } from './benchmark.ts'
import { median } from './statistics.ts'

const project = fileURLToPath(new URL('../', import.meta.url))
const messages = 10_000
const rounds = 3
/** Of an hour, 200 a second. */
const hourTokens = 720_000
/** By then what is kept of rows and measures has grown to its size. */
const warmTokens = 120_000

interface Figures {
  readonly frames: number
  readonly longest: number
  readonly p99: number
  readonly median: number
  /** Microseconds of a token in a chat of 10 messages, and in this one. */
  readonly cost: readonly number[]
}

export const chatFrames: Benchmark = {
  name: 'chat-frames',
  about: 'frames of a chat of 10,000 messages at 200 tokens a second, and its heap after an hour of them',
  run: async (log) => {
    const served = await servePreview()
    try {
      return await inSession(async (session) => {
        const app = await startBenchApp('reference', session, referenceIsUsable)
        const open = (query: string) =>
          app.window.goto(`${served.url}preview/index.html?page=transcript&${query}`)
        const figures = async (count: number): Promise<Figures> => {
          await open(`scene=bench&messages=${String(count)}`)
          const shown = app.window.locator('#figures')
          await shown.filter({ hasText: 'longest' }).waitFor({ timeout: 60_000 })
          return JSON.parse((await shown.textContent()) ?? '') as Figures
        }
        const ours: Figures[] = []
        const short: Figures[] = []
        for (let round = 0; round <= rounds; round += 1) {
          const [little, much] = [await figures(10), await figures(messages)]
          // The first round warms both.
          if (round > 0) short.push(little)
          if (round > 0) ours.push(much)
        }
        await open(`scene=hour&messages=${String(messages)}`)
        const heap = await heapBeforeAndAfter(app.window)
        await app.close()
        const words = (all: readonly Figures[]): string =>
          all
            .map((one) => `${one.median.toFixed(1)}/${one.p99.toFixed(1)}/${one.longest.toFixed(1)}`)
            .join(' ')
        log(`gaps between frames, median/p99/longest: ${words(ours)} ms, with 10 messages ${words(short)} ms`)
        log(
          `heap after ${String(warmTokens)} tokens ${heap.warm.toFixed(1)} MB, after an hour of them ${heap.after.toFixed(1)} MB`,
        )
        const costs = ours.map(({ cost }) => cost)
        const middle = (pick: (one: Figures) => number, of: readonly Figures[]): number =>
          median(of.map(pick))
        return [
          measurement({
            name: 'chat of 10,000 messages, longest gap between frames',
            value: middle(({ longest }) => longest, ours),
            unit: 'ms',
            reference: middle(({ longest }) => longest, short),
            limit: { of: 'value', atMost: 50 },
          }),
          measurement({
            name: 'chat of 10,000 messages, gap between frames, p99',
            value: middle(({ p99 }) => p99, ours),
            unit: 'ms',
            reference: middle(({ p99 }) => p99, short),
          }),
          measurement({
            name: 'a token after 10,000 messages by one after 10',
            value: median(costs.map(([, much = Number.NaN]) => much)),
            unit: 'µs',
            reference: median(costs.map(([little = Number.NaN]) => little)),
            limit: { of: 'ratio', atMost: 2 },
          }),
          measurement({
            name: 'heap of the page after an hour of tokens',
            value: heap.after,
            unit: 'MB',
            reference: heap.warm,
            limit: { of: 'ratio', atMost: 1.25 },
          }),
        ]
      })
    } finally {
      await served.close()
    }
  },
}

/** The page of the design system, built as the app is and served to this computer alone. */
async function servePreview(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const outDir = path.join(project, '.cache/preview')
  const config = partConfig('renderer', { project, outFolder: path.dirname(outDir), dev: false })
  const input = path.join(project, 'renderer/preview/index.html')
  await build({
    ...config,
    build: { ...config.build, outDir, rolldownOptions: { ...config.build?.rolldownOptions, input } },
  })
  const server = await preview({
    ...config,
    plugins: [],
    build: { outDir },
    preview: { host: '127.0.0.1', port: 0 },
  })
  const url = server.resolvedUrls?.local[0]
  if (url === undefined) throw new Error('The preview has no address.')
  return { url, close: () => server.close() }
}

/** MB that are reachable, early and at the end. */
async function heapBeforeAndAfter(window: Page): Promise<{ readonly warm: number; readonly after: number }> {
  const devtools = await window.context().newCDPSession(window)
  await window.waitForFunction(() => 'streamTokens' in globalThis)
  const stream = (count: number): Promise<void> =>
    window.evaluate(
      (tokens) =>
        (globalThis as unknown as { streamTokens(count: number): Promise<void> }).streamTokens(tokens),
      count,
    )
  const used = async (): Promise<number> => {
    await devtools.send('HeapProfiler.collectGarbage')
    return (await devtools.send('Runtime.getHeapUsage')).usedSize / 1e6
  }
  await stream(warmTokens)
  const warm = await used()
  await stream(hourTokens - warmTokens)
  return { warm, after: await used() }
}
