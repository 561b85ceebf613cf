/**
 * `npm run bench -- [NAME…] [--json FILE]`: runs benchmarks one after another and judges them by their budgets. Numbers
 * of one run belong together; absolute ones of two machines do not compare.
 */
import { writeFile } from 'node:fs/promises'
import os from 'node:os'
import process from 'node:process'
import { parseArgs } from 'node:util'
import { buildApp } from '../scripts/build.ts'
import { ensureSystemPackages } from '../scripts/system-packages.ts'
import { startVirtualDisplay } from '../scripts/virtual-display.ts'
import type { Benchmark, Measurement } from './benchmark.ts'
import { chatFrames } from './chat-frames.ts'
import { chatSteps } from './chats.ts'
import { createToPrompt } from './create-to-prompt.ts'
import { headerGateway } from './header-gateway.ts'
import { idleCpu } from './idle-cpu.ts'
import { keyEcho } from './key-echo.ts'
import { launch } from './launch.ts'
import { logFollow } from './log-follow.ts'
import { memory } from './memory.ts'
import { removeSeededData } from './seeded-data.ts'
import { serverRequests } from './server-requests.ts'
import { serverStart } from './server-start.ts'
import { serverStartFull } from './server-start-full.ts'
import { sftp } from './sftp.ts'
import { terminalOutput } from './terminal-output.ts'
import { tunnel } from './tunnel.ts'
import { watchSockets } from './watch-sockets.ts'

const benchmarks: readonly Benchmark[] = [
  serverStart,
  serverStartFull,
  serverRequests,
  watchSockets,
  logFollow,
  createToPrompt,
  chatSteps,
  chatFrames,
  launch,
  memory,
  idleCpu,
  terminalOutput,
  keyEcho,
  headerGateway,
  sftp,
  tunnel,
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
})
const unknown = positionals.filter((name) => !benchmarks.some((benchmark) => benchmark.name === name))
if (values.help === true || unknown.length > 0) {
  if (unknown.length > 0) console.error(`There is no benchmark called ${unknown.join(', ')}.`)
  console.log('npm run bench -- [NAME…] [--json FILE]\n')
  for (const { name, about } of benchmarks) console.log(`  ${name.padEnd(18)} ${about}`)
  process.exit(unknown.length > 0 ? 2 : 0)
}

await ensureSystemPackages(['app', 'runtime', 'tests'])
await buildApp()
const display = await startVirtualDisplay()
process.env['DISPLAY'] = display.name
delete process.env['WAYLAND_DISPLAY']
delete process.env['XAUTHORITY']

const results: Measurement[] = []
let broken = 0
try {
  for (const benchmark of benchmarks) {
    if (positionals.length > 0 && !positionals.includes(benchmark.name)) continue
    console.log(`\n${benchmark.name}: ${benchmark.about}`)
    warnOfLoad()
    try {
      const measured = await benchmark.run((line) => {
        console.log(`  ${line}`)
      })
      for (const result of measured) console.log(`  ${words(result)}`)
      results.push(...measured)
    } catch (error) {
      broken += 1
      console.error(error)
    }
  }
} finally {
  await removeSeededData()
  await display.stop()
}
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`)
const over = results.filter((result) => !result.ok)
console.log(
  `\n${String(results.length)} measured, ${String(over.length)} over budget, ${String(broken)} broken`,
)
process.exitCode = broken > 0 ? 1 : 0

/** Other work on the machine hurts what runs in five processes more than what runs in one. */
function warnOfLoad(): void {
  const [load = 0] = os.loadavg()
  const cores = os.availableParallelism()
  console.log(
    `  load ${load.toFixed(1)} on ${String(cores)} cores${load > cores * 0.75 ? ': too much to trust a miss' : ''}`,
  )
}

function words(result: Measurement): string {
  const reference =
    result.reference === null ? '' : ` (reference ${String(result.reference)}, ratio ${String(result.ratio)})`
  const verdict = result.budget === null ? '' : `, budget ${result.budget}: ${result.ok ? 'kept' : 'OVER'}`
  return `${result.name}: ${String(result.value)} ${result.unit}${reference}${verdict}`
}
