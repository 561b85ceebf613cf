import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duplexPair } from 'node:stream'
import ssh2 from 'ssh2'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../lib/clock.ts'
import { silentLogger } from '../../lib/logger.ts'
import { createProcessTree } from '../process-tree.ts'
import { agentManifest } from '../../testing/agent-manifest.ts'
import { SshServer } from './ssh-server.ts'

let homeDir: string
beforeEach(() => {
  homeDir = mkdtempSync(join(tmpdir(), 'outpost-ssh-server-'))
})
afterEach(() => {
  rmSync(homeDir, { recursive: true, force: true })
})

const manifest = agentManifest()

test('serves until the connection ends, and counts what goes over it', async () => {
  const parts = { clock: systemClock, logger: silentLogger }
  const processTree = createProcessTree({ ...parts, homeDir, agentName: 'main', instanceId: 'test' })
  const server = new SshServer({ ...parts, processTree, readGreeting: async () => Buffer.alloc(0) })
  const bytes = { rx: 0, tx: 0 }
  const [ours, theirs] = duplexPair()
  let hasEnded = false
  const surroundings = { homeDir, manifest, environment: { PATH: process.env['PATH'], SHELL: '/bin/sh' } }
  const serving = server
    .serve(ours, surroundings, { count: (direction, count) => (bytes[direction] += count) })
    .then(() => (hasEnded = true))
  const client = new ssh2.Client()
  client.connect({ sock: theirs, username: 'anyone' })
  await once(client, 'ready')
  const before = { ...bytes }
  const channel = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
    client.exec('cat', (error, opened) => (error ? reject(error) : resolve(opened)))
  })
  channel.end('x'.repeat(10_000))
  channel.resume()
  await once(channel, 'close')
  expect(bytes.rx - before.rx).toBeGreaterThan(10_000)
  expect(bytes.tx - before.tx).toBeGreaterThan(10_000)
  expect(hasEnded).toBe(false)
  client.end()
  await serving
  expect(hasEnded).toBe(true)
  await server.close()
})
