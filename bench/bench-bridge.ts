import { fork, type ChildProcess } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MainToBridge } from '#bridge/contract/bridge-port'
import { ownProcess, type OwnedProcess } from '../e2e/fixtures/owned-process.ts'
import type { BenchDeployment } from './bench-deployment.ts'

const bridgeFile = fileURLToPath(new URL('../dist/server-bridge/bridge.js', import.meta.url))

export interface BenchBridge {
  readonly child: ChildProcess
  readonly process: OwnedProcess
  readonly say: (message: MainToBridge) => void
}

/** The built bridge as a process of its own, told of the deployment. */
export function startBenchBridge({ url, token }: BenchDeployment): BenchBridge {
  const child = fork(bridgeFile, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const say = (message: MainToBridge): void => void child.send(message)
  say({
    type: 'set-deployment',
    deploymentId: 'bench',
    url,
    token,
    // The local deployment has a way of its own, so this stays empty.
    cli: { folder: join(tmpdir(), 'outpost-bench-cli'), signature: 'deployment' },
  })
  return { child, process: ownProcess(child, 'the bridge'), say }
}
