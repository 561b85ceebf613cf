import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { systemClock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import { createProcessTree } from './process-tree.ts'
import { agentInstanceVariable, agentNameVariable, workspaceFolderVariable } from './shell-command.ts'

/** Nothing lies there; the folder is only a mark. */
const homeDir = `/nowhere/${randomUUID()}`

async function startMarked(instanceId: string, agentName?: string): Promise<ChildProcess> {
  const child = spawn('/bin/sh', ['-c', 'echo up; sleep 1000'], {
    env: {
      PATH: '/usr/bin:/bin',
      [workspaceFolderVariable]: homeDir,
      [agentInstanceVariable]: instanceId,
      ...(agentName !== undefined && { [agentNameVariable]: agentName }),
    },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  })
  await once(child.stdout, 'data')
  return child
}

const treeOf = (instanceId: string, agentName: string | null = 'main') =>
  createProcessTree({ homeDir, agentName, instanceId, clock: systemClock, logger: silentLogger })

test.runIf(process.platform === 'linux')(
  'an agent that ends leaves its successor in the same folder alone; a new agent ends them all',
  async () => {
    const mine = await startMarked('first', 'main')
    const other = await startMarked('second', 'main')
    const mineEnded = once(mine, 'exit')
    const otherEnded = once(other, 'exit')
    await treeOf('first').endAll()
    await mineEnded
    expect(other.exitCode ?? other.signalCode).toBeNull()
    await treeOf('third').endLeftovers()
    await otherEnded
    expect(other.signalCode).toBe('SIGTERM')
  },
)

test.runIf(process.platform === 'linux')(
  'a new agent leaves what another agent of the workspace runs, and takes what an older version left',
  async () => {
    const mine = await startMarked('killed', 'main')
    const unnamed = await startMarked('older')
    const other = await startMarked('alive', 'second')
    const ends = [once(mine, 'exit'), once(unnamed, 'exit')]
    const otherEnded = once(other, 'exit')
    await treeOf('new', 'main').endLeftovers()
    await Promise.all(ends)
    expect(other.exitCode ?? other.signalCode).toBeNull()
    await treeOf('last', null).endLeftovers()
    await otherEnded
    expect(other.signalCode).toBe('SIGTERM')
  },
)
