/** Entry of the bridge process, started by the app over a parent port. */
import { createBridge } from '../bridge/bridge.ts'
import { systemClock } from '../lib/clock.ts'
import { openParentPort } from '../lib/parent-port.ts'
import { createPinoLogger } from '../lib/pino-logger.ts'

const parent = openParentPort()
if (parent === undefined) {
  console.error('The bridge is part of the Outpost app and is started by it.')
  process.exit(2)
}
createBridge({
  parent,
  clock: systemClock,
  environment: process.env,
  // Whoever started us puts stderr into the app's log.
  logger: createPinoLogger({ name: 'bridge', sinks: [process.stderr] }),
  onShutdown: () => {
    process.exit(0)
  },
})
