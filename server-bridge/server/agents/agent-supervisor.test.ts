import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { silentLogger } from '../../lib/logger.ts'
import type { HostedProcess } from '../../lib/process-host.ts'
import type { AgentPlace, AgentRecords } from '../services/agent-records.ts'
import { createAgentSupervisor } from './agent-supervisor.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-supervisor-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const place = {
  agent: { id: 'agent', name: 'main' },
  workspaceId: 'workspace',
  workspaceFolder: 'steady',
} as AgentPlace

/** A process that hangs: no signal that it could refuse ends it. */
async function spawnHanging(onKill: () => void): Promise<HostedProcess> {
  const child = spawn(process.execPath, [
    '-e',
    'process.on("SIGTERM", () => {}); setInterval(() => {}, 1e6); console.log("up")',
  ])
  await once(child.stdout, 'data')
  return {
    pid: child.pid,
    post: () => undefined,
    kill() {
      child.kill('SIGTERM')
      onKill()
    },
    onMessage: () => () => undefined,
    onExit: (listener) => {
      child.once('exit', listener)
      return () => void child.off('exit', listener)
    },
  }
}

/** What is started afterwards to look for processes that are left: there are none. */
const sweeper: HostedProcess = {
  pid: undefined,
  post: () => undefined,
  kill: () => undefined,
  onMessage: () => () => undefined,
  onExit(listener) {
    queueMicrotask(() => listener(0))
    return () => undefined
  },
}

describe('the agents of a workspace that is stopped', () => {
  it('are ended by force when they hang, so that none is left behind', async () => {
    const clock = createFakeClock()
    let onAsked: () => void = () => undefined
    const asked = new Promise<void>((resolve) => (onAsked = resolve))
    const child = await spawnHanging(() => onAsked())
    const exited = new Promise<number | null>((resolve) => child.onExit(resolve))
    const processes = [child]
    const supervisor = createAgentSupervisor({
      processHost: { spawn: () => processes.shift() ?? sweeper },
      records: { mintToken: () => 'token', longestStopSeconds: () => 0 } as unknown as AgentRecords,
      links: {
        accept: () => undefined,
        lastHeard: () => undefined,
        latencyMs: () => undefined,
        isLinked: () => false,
        request: () => {
          throw new Error('Nobody asks an agent here.')
        },
        openSsh: () => {
          throw new Error('Nobody opens a connection here.')
        },
        openPty: () => {
          throw new Error('Nobody opens a terminal here.')
        },
        shutDown: async () => false,
        onChange: () => () => undefined,
        close: async () => undefined,
      },
      clock,
      logger: silentLogger,
      workspacesDir: folder,
      serverUrl: () => 'http://127.0.0.1:1',
    })
    supervisor.start([place])
    const stopped = supervisor.stop('workspace', 'stop')
    await asked
    clock.advance(10_000)
    await stopped
    // Ended by a signal: without a code.
    expect(await exited).toBeNull()
  })
})
