/** Starts our helper processes as Electron utility processes: the packaged app's binary gives no plain Node. */
import { join } from 'node:path'
import { utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import { pickChildEnvironment } from '#bridge/lib/child-environment'
import type { Logger } from '#bridge/lib/logger'
import type { HostedUtilityProcess, UtilityProcessHost } from '../ports/process-host.ts'

/** `entryDir` is the folder with `serve.js`, `bridge.js` and `agent.js`. */
export function createUtilityProcessHost(input: {
  readonly entryDir: string
  readonly environment: NodeJS.ProcessEnv
  readonly logger: Logger
}): UtilityProcessHost {
  return {
    spawn: (entry) => {
      const child = utilityProcess.fork(join(input.entryDir, `${entry}.js`), [], {
        serviceName: `outpost-${entry}`,
        stdio: 'pipe',
        env: pickChildEnvironment(input.environment),
      })
      logOutput(child, input.logger.child({ process: entry }))
      return hosted(child)
    },
  }
}

function hosted(child: UtilityProcess): HostedUtilityProcess {
  let exited = false
  child.once('exit', () => {
    exited = true
  })
  return {
    get pid() {
      return child.pid
    },
    post: (message) => {
      if (!exited) child.postMessage(message)
    },
    postWithPorts: (message, ports) => {
      if (!exited) child.postMessage(message, ports as unknown as MessagePortMain[])
    },
    kill: () => {
      child.kill()
    },
    onMessage: (listener) => {
      child.on('message', listener)
      return () => {
        child.off('message', listener)
      }
    },
    onExit: (listener) => {
      child.once('exit', listener)
      return () => {
        child.off('exit', listener)
      }
    },
  }
}

/** Whatever a helper prints goes to the app's log, a line at a time, bounded. */
function logOutput(child: UtilityProcess, logger: Logger): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream?.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('utf8')).split('\n')
      rest = (lines.pop() ?? '').slice(-8192)
      for (const line of lines) if (line.trim() !== '') logger.info(line.slice(0, 8192))
    })
  }
}
