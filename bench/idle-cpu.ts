/** Processor use of the hidden app that watches ten workspaces of a deployment. */
import { setTimeout as delay } from 'node:timers/promises'
import type { DesktopSession } from '../e2e/fixtures/desktop-session.ts'
import { inSession, outpostIsUsable, startBenchApp, type BenchAppKind } from './app-session.ts'
import { measurement, type Benchmark } from './benchmark.ts'
import { createRunningWorkspace, startBenchDeployment } from './bench-deployment.ts'
import { startHidden } from './unattached-app.ts'
import { cpuSeconds, processTree } from './usage.ts'

/** Signed in, list shown. */
const shownMs = 5_000
const settleMs = 15_000
/** The kernel counts in 10 ms: 60 s tell 0.02 % apart. */
const measureMs = 60_000
const workspaceCount = 10

export const idleCpu: Benchmark = {
  name: 'idle-cpu',
  about: 'ten workspaces watched, window hidden, share of one core',
  run: async (log) =>
    await inSession(async (session) => {
      const reference = await idleShare('reference', session)
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
        await app.close()
        const share = await idleShare('outpost', session)
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

/** The deployment was added in an earlier start and is watched again in this one. */
async function idleShare(kind: BenchAppKind, session: DesktopSession): Promise<number> {
  const app = await startHidden(kind, session, () => delay(shownMs))
  await delay(settleMs)
  const pids = await processTree(app.pid)
  const before = await cpuSeconds(pids)
  await delay(measureMs)
  const used = (await cpuSeconds(pids)) - before
  await app.stop()
  return used / (measureMs / 1000)
}
