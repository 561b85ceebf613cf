/** The server's program on half a year's data of 1,000 workspaces: to its ready line, and its memory when nobody calls. */
import { setTimeout as delay } from 'node:timers/promises'
import { measurement, type Benchmark } from './benchmark.ts'
import { inBenchFolder } from './bench-deployment.ts'
import { copySeededData } from './seeded-data.ts'
import { startServer } from './seeded-server.ts'
import { median } from './statistics.ts'
import { memoryMiB } from './usage.ts'

const rounds = 5
/** Garbage of the start is collected by then; the first daily backup has not begun. */
const settleMs = 20_000

export const serverStartFull: Benchmark = {
  name: 'server-start-full',
  about: 'the local deployment with 1,000 workspaces from start to ready, and its memory',
  run: async (log) =>
    await inBenchFolder(async (folder) => {
      const full = `${folder}/full`
      const empty = `${folder}/empty`
      await copySeededData({ workspaces: 1000, withHistory: true }, full)
      const ours: number[] = []
      const reference: number[] = []
      await timeToReady(empty)
      await timeToReady(full)
      for (let round = 0; round < rounds; round += 1) {
        reference.push(await timeToReady(empty))
        ours.push(await timeToReady(full))
      }
      const idle = await idleMemory(full)
      log(`rounds ${ours.map(Math.round).join(' ')}`)
      return [
        measurement({
          name: 'local server with 1,000 workspaces, start to ready',
          value: median(ours),
          unit: 'ms',
          reference: median(reference),
          limit: { of: 'value', atMost: 1000 },
        }),
        measurement({
          name: 'memory of the idle local server with 1,000 workspaces',
          value: idle,
          unit: 'MiB',
          reference: await idleMemory(empty),
          limit: { of: 'value', atMost: 120 },
        }),
      ]
    }),
}

async function timeToReady(dataDir: string): Promise<number> {
  const started = performance.now()
  const { server } = await startServer(dataDir)
  const elapsed = performance.now() - started
  await server.stop()
  return elapsed
}

async function idleMemory(dataDir: string): Promise<number> {
  const { server } = await startServer(dataDir)
  await delay(settleMs)
  const used = await memoryMiB([server.pid])
  await server.stop()
  return used
}
