/** Memory of an idle window with all its processes, the local server and its agents counted apart. */
import { setTimeout as delay } from 'node:timers/promises'
import { inSession, outpostIsUsable, referenceIsUsable, startBenchApp } from './app-session.ts'
import { measurement, type Benchmark } from './benchmark.ts'
import { memoryMiB, processTree } from './usage.ts'

/** Garbage of the start is collected and caches have settled by then. */
const settleMs = 10_000

export const memory: Benchmark = {
  name: 'memory',
  about: 'window open and idle, all processes; the local server apart',
  run: async (log) =>
    await inSession(async (session) => {
      const bare = await startBenchApp('reference', session, referenceIsUsable)
      await delay(settleMs)
      const reference = await memoryMiB(await processTree(bare.pid))
      await bare.close()

      const app = await startBenchApp('outpost', session, outpostIsUsable)
      await delay(settleMs)
      const all = await processTree(app.pid)
      const metrics = await app.application.evaluate(({ app: main }) => main.getAppMetrics())
      const server = metrics.filter(({ name }) => name === 'outpost-serve').map(({ pid }) => pid)
      if (server.length !== 1) throw new Error('The local server is not among the processes of the app.')
      const serverMiB = await memoryMiB(server)
      const rest = await memoryMiB(all.filter((pid) => !server.includes(pid)))
      await app.close()
      log(`${String(all.length)} processes, ${String(server.length)} of them the local server`)
      return [
        measurement({
          name: 'memory of the app',
          value: rest,
          unit: 'MiB',
          reference,
          limit: { of: 'ratio', atMost: 1.5 },
        }),
        measurement({
          name: 'memory of the local server',
          value: serverMiB,
          unit: 'MiB',
          limit: { of: 'value', atMost: 120 },
        }),
      ]
    }),
}
