import { randomUUID } from 'node:crypto'
import type { ParentToServer, ServerToParent } from '../contract/serve-control.ts'
import type { HostedProcess, ProcessHost } from '../lib/process-host.ts'

type FromParent = Extract<ParentToServer, { processId: string }>

export interface ParentProcessHost extends ProcessHost {
  /** Takes what the parent says about processes it started for us. */
  receive(message: FromParent): void
}

interface Remote {
  pid: number | undefined
  exit: { readonly code: number | null } | undefined
  readonly onMessage: Set<(message: unknown) => void>
  readonly onExit: Set<(exitCode: number | null) => void>
}

/** A utility process cannot fork another one, so the parent is asked to. */
export function createParentProcessHost(post: (message: ServerToParent) => void): ParentProcessHost {
  const remotes = new Map<string, Remote>()
  return {
    spawn(entry) {
      if (entry !== 'agent') throw new Error(`The local deployment starts no "${entry}" process.`)
      const processId = randomUUID()
      const remote: Remote = { pid: undefined, exit: undefined, onMessage: new Set(), onExit: new Set() }
      remotes.set(processId, remote)
      post({ type: 'process-spawn', processId, entry })
      return hostedProcess(processId, remote, post)
    },
    receive(message) {
      const remote = remotes.get(message.processId)
      if (!remote) return
      if (message.type === 'process-spawned') remote.pid = message.pid
      else if (message.type === 'process-message') {
        for (const listener of [...remote.onMessage]) listener(message.message)
      } else {
        remotes.delete(message.processId)
        remote.exit = { code: message.exitCode }
        for (const listener of [...remote.onExit]) listener(message.exitCode)
      }
    },
  }
}

function hostedProcess(
  processId: string,
  remote: Remote,
  post: (message: ServerToParent) => void,
): HostedProcess {
  return {
    get pid() {
      return remote.pid
    },
    post: (message) => post({ type: 'process-post', processId, message }),
    kill() {
      if (!remote.exit) post({ type: 'process-kill', processId })
    },
    onMessage(listener) {
      remote.onMessage.add(listener)
      return () => remote.onMessage.delete(listener)
    },
    onExit(listener) {
      const { exit } = remote
      if (exit) {
        queueMicrotask(() => listener(exit.code))
        return () => undefined
      }
      remote.onExit.add(listener)
      return () => remote.onExit.delete(listener)
    },
  }
}
