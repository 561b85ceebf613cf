/** From starting the program to a window a person can use, beside a bare Electron window; starts alternate. */
import { inSession, outpostIsUsable, referenceIsUsable, startBenchApp } from './app-session.ts'
import { measurement, type Benchmark } from './benchmark.ts'
import { median } from './statistics.ts'

const rounds = 7

export const launch: Benchmark = {
  name: 'launch',
  about: 'program start to a usable window, local server starting beside it',
  run: async (log) =>
    await inSession(async (session) => {
      const outpost: number[] = []
      const reference: number[] = []
      // The first start of each makes its data folder; both are left out.
      for (let round = 0; round <= rounds; round += 1) {
        const bare = await startBenchApp('reference', session, referenceIsUsable)
        await bare.close()
        const app = await startBenchApp('outpost', session, outpostIsUsable)
        await app.close()
        if (round === 0) continue
        reference.push(bare.launchMs)
        outpost.push(app.launchMs)
      }
      log(`outpost ${outpost.map(Math.round).join(' ')}, reference ${reference.map(Math.round).join(' ')}`)
      return [
        measurement({
          name: 'launch to a usable window',
          value: median(outpost),
          unit: 'ms',
          reference: median(reference),
          limit: { of: 'ratio', atMost: 1.3 },
        }),
      ]
    }),
}
