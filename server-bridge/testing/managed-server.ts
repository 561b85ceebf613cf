import { randomUUID } from 'node:crypto'
import { createChildProcessHost } from '../lib/child-process-host.ts'
import type { HostedProcess, ProcessHost } from '../lib/process-host.ts'
import { type ParentToServer, type ServerToParent, serverToParentSchema } from '../contract/serve-control.ts'

type Answer<T extends ServerToParent['type']> = Extract<ServerToParent, { type: T }>

export interface ManagedServer {
  readonly process: HostedProcess
  readonly exited: Promise<number | null>
  /** The next message of this type, also one that has already come. */
  next<T extends ServerToParent['type']>(type: T): Promise<Answer<T>>
  post(message: ParentToServer): void
  mintOwnerSession(): Promise<string>
}

/** The part of the app's main process that the local server talks to. Agents live as long as this parent. */
export interface ServerParent {
  /** Every agent that was started, by any server. */
  readonly agents: ReadonlySet<HostedProcess>
  start(dataDir: string, port: number): ManagedServer
}

/** Starts real server processes and does for them what main does. */
export function createServerParent(
  host: ProcessHost = createChildProcessHost({ environment: process.env }),
): ServerParent {
  const agents = new Set<HostedProcess>()
  return {
    agents,
    start(dataDir, port) {
      const server = host.spawn('serve')
      const post = (message: ParentToServer): void => server.post(message)
      const hosted = new Map<string, HostedProcess>()
      const inbox: ServerToParent[] = []
      const waiting = new Set<() => void>()

      const startAgent = (processId: string): void => {
        const agent = host.spawn('agent')
        hosted.set(processId, agent)
        agents.add(agent)
        post({ type: 'process-spawned', processId, pid: agent.pid ?? 0 })
        agent.onMessage((message) => post({ type: 'process-message', processId, message }))
        agent.onExit((exitCode) => {
          agents.delete(agent)
          post({ type: 'process-exited', processId, exitCode })
        })
      }
      server.onMessage((raw) => {
        const message = serverToParentSchema.parse(raw)
        if (message.type === 'process-spawn') startAgent(message.processId)
        else if (message.type === 'process-post') hosted.get(message.processId)?.post(message.message)
        else if (message.type === 'process-kill') hosted.get(message.processId)?.kill()
        else {
          inbox.push(message)
          for (const check of [...waiting]) check()
        }
      })
      const next = <T extends ServerToParent['type']>(type: T): Promise<Answer<T>> =>
        new Promise((resolve) => {
          const check = (): void => {
            const at = inbox.findIndex((message) => message.type === type)
            if (at === -1) return
            waiting.delete(check)
            resolve(inbox.splice(at, 1)[0] as Answer<T>)
          }
          waiting.add(check)
          check()
        })
      post({ type: 'start', dataDir, port, ownerName: 'Ada Lovelace', secretKeys: [] })
      return {
        process: server,
        exited: new Promise((resolve) => server.onExit(resolve)),
        next,
        post,
        async mintOwnerSession() {
          post({ type: 'mint-owner-session', requestId: randomUUID() })
          return (await next('owner-session')).token
        },
      }
    },
  }
}
