/** Entry of the proxy command by which OpenSSH reaches a workspace of a local deployment. */
import { systemClock } from '../lib/clock.ts'
import { ownCommand } from '../ssh-proxy/own-command.ts'
import { runSshProxy } from '../ssh-proxy/run-proxy.ts'

const status = await runSshProxy({
  argv: process.argv.slice(2),
  environment: process.env,
  input: process.stdin,
  output: process.stdout,
  report: (line) => process.stderr.write(`${line}\n`),
  clock: systemClock,
  ownCommand: ownCommand({
    address: import.meta.url,
    node: process.execPath,
    locate: (specifier) => import.meta.resolve(specifier),
  }),
})
process.exit(status)
