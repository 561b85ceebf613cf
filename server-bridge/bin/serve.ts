/** Entry of the local deployment: under its parent's control when it has one, else from the command line. */
import { createChildProcessHost } from '../lib/child-process-host.ts'
import { createHumanLog } from '../lib/human-log.ts'
import { openParentPort } from '../lib/parent-port.ts'
import { createPinoLogger, type LogSink } from '../lib/pino-logger.ts'
import { createRotatingFile } from '../lib/rotating-file.ts'
import { listShippedTemplates } from '../provisioner/shipped-templates.ts'
import { createTemplateProvisioner } from '../provisioner/template-provisioner.ts'
import { runManagedServer } from '../server/run-managed.ts'
import { runStandaloneServer } from '../server/run-standalone.ts'

// Standard output is the one line that says where the server answers.
const stderr: LogSink = { write: (line) => process.stderr.write(line) }
const complain = (line: string): void => void process.stderr.write(`${line}\n`)
const parts = {
  provisioner: createTemplateProvisioner({ environment: process.env }),
  listShippedTemplates: () => listShippedTemplates(),
  exit: (code: number) => process.exit(code),
}
const port = openParentPort()
if (port) runManagedServer({ ...parts, port, logger: createPinoLogger({ name: 'serve', sinks: [stderr] }) })
else {
  await runStandaloneServer({
    ...parts,
    argv: process.argv.slice(2),
    environment: process.env,
    createLogger({ logJson, logHuman, verbose }) {
      const sinks = [
        ...(logJson === undefined ? [] : [logTarget(logJson)]),
        ...(logHuman === undefined ? [] : [createHumanLog(logTarget(logHuman))]),
      ]
      return createPinoLogger({
        name: 'serve',
        level: verbose ? 'debug' : 'info',
        sinks: sinks.length === 0 ? [stderr] : sinks,
      })
    },
    createProcessHost: (logger) => createChildProcessHost({ environment: process.env, logger }),
    hasTerminal: process.stdin.isTTY,
    print: (line) => process.stdout.write(`${line}\n`),
    complain,
  })
}

function logTarget(path: string): LogSink {
  if (path === '/dev/stderr') return stderr
  return createRotatingFile({
    path,
    onFailure: (error) => complain(`The log cannot be written: ${error.message}`),
  })
}
