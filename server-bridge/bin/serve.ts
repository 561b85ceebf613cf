/** Entry of the local deployment: under its parent's control when it has one, else from the command line. */
import { createChildProcessHost } from '../lib/child-process-host.ts'
import { openParentPort } from '../lib/parent-port.ts'
import { createPinoLogger } from '../lib/pino-logger.ts'
import { listShippedTemplates } from '../provisioner/shipped-templates.ts'
import { createTemplateProvisioner } from '../provisioner/template-provisioner.ts'
import { runManagedServer } from '../server/run-managed.ts'
import { runStandaloneServer } from '../server/run-standalone.ts'

// Standard output is the one line that says where the server answers.
const logger = createPinoLogger({
  name: 'serve',
  sinks: [{ write: (line) => process.stderr.write(line) }],
})
const parts = {
  logger,
  provisioner: createTemplateProvisioner({ environment: process.env }),
  listShippedTemplates: () => listShippedTemplates(),
  exit: (code: number) => process.exit(code),
}
const port = openParentPort()
if (port) runManagedServer({ ...parts, port })
else {
  await runStandaloneServer({
    ...parts,
    argv: process.argv.slice(2),
    processHost: createChildProcessHost({ environment: process.env, logger }),
    print: (line) => process.stdout.write(`${line}\n`),
    complain: (line) => process.stderr.write(`${line}\n`),
  })
}
