/** Entry of the workspace agent. Its orders arrive over the parent port: nothing is read from argv. */
import { runAgentProcess } from '../agent/agent-process.ts'
import { systemClock } from '../lib/clock.ts'
import { openParentPort } from '../lib/parent-port.ts'
import { createPinoLogger } from '../lib/pino-logger.ts'
import packageJson from '../../package.json' with { type: 'json' }

const port = openParentPort()
if (port === undefined) {
  console.error('The workspace agent is started by the local deployment, not by hand.')
  process.exit(2)
}

const agentProcess = runAgentProcess({
  port,
  environment: process.env,
  version: `v${packageJson.version}`,
  clock: systemClock,
  // Standard error belongs to whoever started the agent; standard output is never written to.
  logger: createPinoLogger({
    name: 'agent',
    level: 'warn',
    sinks: [{ write: (line) => process.stderr.write(line) }],
  }),
  random: Math.random,
  exit: (code) => process.exit(code),
})
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => void agentProcess.abandon(`signal ${signal}`))
}
