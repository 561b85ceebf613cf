/** Processor use of the hidden app that watches ten workspaces of a deployment. */
import { setTimeout as delay } from 'node:timers/promises'
import { inSession, outpostIsUsable, referenceIsUsable, startBenchApp, type BenchApp } from './app-session.ts'
import { measurement, type Benchmark } from './benchmark.ts'
import { createRunningWorkspace, startBenchDeployment } from './bench-deployment.ts'
import { cpuSeconds, processTree } from './usage.ts'

const settleMs = 15_000
const measureMs = 30_000
const workspaceCount = 10

export const idleCpu: Benchmark = {
  name: 'idle-cpu',
  about: 'ten workspaces watched, window hidden, share of one core',
  run: async (log) =>
    await inSession(async (session) => {
      const bare = await startBenchApp('reference', session, referenceIsUsable)
      const reference = await idleShare(bare)
      await bare.close()

      const deployment = await startBenchDeployment()
      try {
        for (let index = 0; index < workspaceCount; index += 1) {
          await createRunningWorkspace(deployment, `idle-${String(index)}`)
        }
        const app = await startBenchApp('outpost', session, outpostIsUsable)
        await deployment.addTo(app.window)
        await app.window
          .getByText(`idle-${String(workspaceCount - 1)}`)
          .first()
          .waitFor()
        const share = await idleShare(app)
        await app.close()
        log(`after ${String(settleMs / 1000)} s of rest, over ${String(measureMs / 1000)} s`)
        return [
          measurement({
            name: 'processor use, hidden and idle',
            value: share * 100,
            unit: '% of one core',
            reference: reference * 100,
            limit: { of: 'value', atMost: 0.5 },
          }),
        ]
      } finally {
        await deployment.stop()
      }
    }),
}

async function idleShare(app: BenchApp): Promise<number> {
  await app.application.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.hide()
  })
  await delay(settleMs)
  const pids = await processTree(app.pid)
  const before = await cpuSeconds(pids)
  await delay(measureMs)
  return ((await cpuSeconds(pids)) - before) / (measureMs / 1000)
}
