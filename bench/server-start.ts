/** `npm run server`'s program: from its start to the line that says it is ready, beside an empty Node HTTP server. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { ownProcess } from '../e2e/fixtures/owned-process.ts'
import { measurement, type Benchmark } from './benchmark.ts'
import { inBenchFolder, serverFile } from './bench-deployment.ts'
import { median } from './statistics.ts'

const rounds = 7
const emptyServer =
  "require('node:http').createServer().listen(0,'127.0.0.1',function(){console.log('ready');process.on('SIGTERM',()=>process.exit())})"

export const serverStart: Benchmark = {
  name: 'server-start',
  about: 'the local deployment from start to ready',
  run: async (log) =>
    await inBenchFolder(async (folder) => {
      const ours: number[] = []
      const reference: number[] = []
      const fresh = await timeToFirstLine([serverFile, '--port', '0', '--data-dir', folder])
      for (let round = 0; round < rounds; round += 1) {
        reference.push(await timeToFirstLine(['-e', emptyServer]))
        ours.push(await timeToFirstLine([serverFile, '--port', '0', '--data-dir', folder]))
      }
      log(`first start on an empty folder ${fresh.toFixed(0)} ms`)
      return [
        measurement({
          name: 'local server, start to ready',
          value: median(ours),
          unit: 'ms',
          reference: median(reference),
        }),
      ]
    }),
}

async function timeToFirstLine(args: readonly string[]): Promise<number> {
  const started = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const server = ownProcess(child, 'the server')
  await server.firstLine(createInterface({ input: child.stdout }))
  const elapsed = performance.now() - started
  await server.stop()
  return elapsed
}
