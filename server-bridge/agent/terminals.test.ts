import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, type Duplex } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import { createFakeClock, type FakeClock } from '../testing/fake-clock.ts'
import { listProcesses } from './process-list.ts'
import { createProcessTree } from './process-tree.ts'
import { Terminals, TooManyTerminalsError } from './terminals.ts'

let homeDir: string
let clock: FakeClock
let terminals: Terminals

beforeEach(() => {
  homeDir = mkdtempSync(join(tmpdir(), 'outpost-terminals-'))
  clock = createFakeClock()
  terminals = new Terminals({
    clock,
    logger: silentLogger,
    processTree: createProcessTree({
      homeDir,
      agentName: 'main',
      instanceId: 'test',
      clock: systemClock,
      logger: silentLogger,
    }),
    readGreeting: async () => Buffer.from('welcome\r\n'),
    createCommand: (command) => ({
      file: '/bin/sh',
      args: command === '' ? [] : ['-c', command],
      cwd: homeDir,
      env: { PATH: process.env['PATH'] ?? '', OUTPOST_WORKSPACE_DIR: homeDir },
    }),
  })
})

afterEach(async () => {
  await terminals.close()
  rmSync(homeDir, { recursive: true, force: true })
})

const request = { id: 'one', cols: 80, rows: 24, command: 'sleep 1000' }

function attach(terminal: Awaited<ReturnType<Terminals['open']>>): Duplex {
  const stream = new PassThrough()
  terminal.attach(stream, request)
  return stream
}

async function closed(stream: Duplex): Promise<void> {
  const done = new Promise<void>((resolve) => stream.once('close', resolve))
  stream.destroy()
  await done
}

/** Resolves when the process is gone; the test's own time-out is the limit. */
async function gone(pid: number): Promise<void> {
  while ((await listProcesses()).some((running) => running.pid === pid)) {
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('gives the same shell for the same id', async () => {
  const [first, second] = await Promise.all([terminals.open(request), terminals.open(request)])
  expect(second).toBe(first)
  expect(await terminals.open({ ...request, id: 'two' })).not.toBe(first)
  expect(terminals.size).toBe(2)
})

test('ends a shell five minutes after its last client left, not before', async () => {
  const terminal = await terminals.open(request)
  await closed(attach(terminal))
  clock.advance(5 * 60_000 - 1)
  expect(terminals.size).toBe(1)
  // Coming back starts the time again.
  await closed(attach(terminal))
  clock.advance(5 * 60_000 - 1)
  expect(terminals.size).toBe(1)
  clock.advance(1)
  expect(terminals.size).toBe(0)
  await gone(terminal.pid)
})

test('ends a shell nobody came for', async () => {
  const terminal = await terminals.open(request)
  clock.advance(5 * 60_000)
  expect(terminals.size).toBe(0)
  await gone(terminal.pid)
})

test('forgets a shell that has ended, so that its id starts a new one', async () => {
  const terminal = await terminals.open({ ...request, command: 'exit 0' })
  const stream = attach(terminal)
  stream.resume()
  await new Promise((resolve) => stream.once('finish', resolve))
  expect(terminals.size).toBe(0)
  expect(clock.pending).toBe(0)
})

test('ends every shell when closed, also those that ignore the hang-up, and starts no new one', async () => {
  const stubborn = await terminals.open({ ...request, command: 'trap "" HUP; while :; do sleep 1000; done' })
  const willing = await terminals.open({ ...request, id: 'two' })
  await terminals.close()
  await gone(stubborn.pid)
  await gone(willing.pid)
  await expect(terminals.open({ ...request, id: 'three' })).rejects.toThrow('The workspace is stopping.')
})

test('refuses more terminals than a person opens', async () => {
  const opened = Array.from({ length: 128 }, (_, index) => terminals.open({ ...request, id: String(index) }))
  await expect(terminals.open({ ...request, id: 'one more' })).rejects.toBeInstanceOf(TooManyTerminalsError)
  await Promise.all(opened)
})
