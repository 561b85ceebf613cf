import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../lib/clock.ts'
import { waitFor } from '../testing/wait-for.ts'
import { EventOutbox } from './event-outbox.ts'
import { runScript } from './run-script.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-run-script-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Far more than a pipe and the streams on the way hold. */
const daemon = `(while [ ! -e go ]; do sleep 0.05; done
head -c 4000000 /dev/zero | tr '\\0' x
echo done > through) &
echo up`

function run(script: string, logFile: string, outbox = new EventOutbox(systemClock)) {
  return runScript({
    script: {
      id: 'script',
      log_source_id: 'source',
      display_name: 'Script',
      script,
      run_on_start: true,
      run_on_stop: false,
      start_blocks_login: false,
      timeout_seconds: 0,
      cron: '',
      log_path: logFile,
    },
    stage: 'start',
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', SHELL: '/bin/sh' },
    logFile,
    timeoutMs: 0,
    clock: systemClock,
    outbox,
    processTree: {
      end: () => Promise.reject(new Error('Nothing is to be ended.')),
      endAll: () => Promise.reject(new Error('Nothing is to be ended.')),
      endLeftovers: () => Promise.reject(new Error('Nothing is to be ended.')),
    },
    signal: new AbortController().signal,
  })
}

test('what a script leaves in the background goes on printing after the file of log_path is closed', async () => {
  const logFile = join(folder, 'run.log')
  expect(await run(daemon, logFile)).toBe('pipes_left_open')
  writeFileSync(join(folder, 'go'), '')
  await waitFor('the daemon gets through', () => existsSync(join(folder, 'through')) || undefined)
  expect(readFileSync(logFile, 'utf8')).toBe('up\n')
})

test.skipIf(process.platform === 'win32')(
  'a pipe as log_path holds no script back, and the log says so',
  async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    const outbox = new EventOutbox(systemClock)
    // More than the stream before the file takes.
    expect(await run("head -c 300000 /dev/zero | tr '\\0' x", pipe, outbox)).toBe('ok')
    const stream = new PassThrough()
    let text = ''
    stream.setEncoding('utf8').on('data', (part: string) => (text += part))
    outbox.connect(stream, 0)
    await waitFor('the log tells why', () => text.includes(`${pipe} is not a regular file.`) || undefined)
  },
)
