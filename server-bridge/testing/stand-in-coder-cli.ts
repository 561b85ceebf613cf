/**
 * Stands in for Coder's command line, as section 17 of the API's facts has it: `version -o json`, and `ssh --stdio`, which
 * really connects, by our own way. A program of its own, so that it is started, fed and ended as the real one is.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { systemClock } from '../lib/clock.ts'
import { runSshProxy } from '../ssh-proxy/run-proxy.ts'

const version = process.env['STAND_IN_VERSION'] ?? 'v2.99.0'

function fail(message: string): never {
  process.stderr.write(`error: ${message}\n`)
  process.exit(1)
}

if (process.argv[2] === 'version') {
  process.stdout.write(`${JSON.stringify({ version, slim: false, agpl: true })}\n`)
  process.exit(0)
}

function parse() {
  try {
    return parseArgs({
      args: process.argv.slice(2),
      allowPositionals: true,
      options: {
        'global-config': { type: 'string' },
        'no-version-warning': { type: 'boolean' },
        'no-feature-warning': { type: 'boolean' },
        stdio: { type: 'boolean' },
        'disable-autostart': { type: 'boolean' },
        wait: { type: 'string' },
        'network-info-dir': { type: 'string' },
      },
    })
  } catch (thrown) {
    return fail(thrown instanceof Error ? thrown.message : 'unknown flag')
  }
}

const { values, positionals } = parse()
const [command, host] = positionals
if (command !== 'ssh' || host === undefined || values.stdio !== true) fail('unknown command')
const config = values['global-config'] ?? fail('not logged in')

const folder = values['network-info-dir']
if (folder !== undefined) {
  mkdirSync(folder, { recursive: true })
  const info = {
    p2p: true,
    latency: 12.5,
    preferred_derp: 'Nearby',
    derp_latency: {},
    using_coder_connect: false,
  }
  writeFileSync(
    join(folder, `${String(process.ppid)}.json`),
    JSON.stringify({ ...info, upload_bytes_sec: 10, download_bytes_sec: 20 }),
  )
}

const said: string[] = []
const flags = ['--global-config', config, '--wait', values.wait ?? 'auto']
const status = await runSshProxy({
  argv: [...flags, ...(values['disable-autostart'] === true ? ['--disable-autostart'] : []), host],
  environment: {},
  input: process.stdin,
  output: process.stdout,
  report: (line) => said.push(line),
  clock: systemClock,
  ownCommand: [],
})
if (status !== 0) {
  const text = said.join(' ')
  // The words of the real one.
  fail(text.includes('is stopped') ? 'workspace must be started' : text)
}
process.exit(0)
