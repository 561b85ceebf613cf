import { agentInitSchema, type AgentInit, type AgentToParent } from '../contract/agent-link.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { ParentPort } from '../lib/process-host.ts'
import { toError } from '../lib/to-error.ts'
import { Agent } from './agent.ts'
import { fetchGitKey } from './git-key/fetch-git-key.ts'
import { createAgentRoutes } from './http-routes.ts'
import { createAgentLink, type AgentLink } from './link.ts'

const initTimeoutMs = 10_000
/** Time for the last answer to leave. */
const closeGraceMs = 1_000

export interface AgentProcessOptions {
  readonly port: ParentPort
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly version: string
  readonly clock: Clock
  readonly logger: Logger
  readonly random: () => number
  /** Ends the process. */
  readonly exit: (code: number) => void
}

/** What a process does on a signal. */
export interface AgentProcess {
  /** Ends every process of the workspace without its stop scripts, then this one. */
  abandon(reason: string): Promise<void>
}

/**
 * The agent as a process: waits for its orders from the parent, serves the server over the link, and ends with its
 * parent, with the workspace, or when the server disowns it. It never leaves a process of the workspace behind.
 */
export function runAgentProcess(options: AgentProcessOptions): AgentProcess {
  const { port, clock, logger } = options
  let running: { readonly agent: Agent; init: AgentInit; link?: AgentLink } | undefined
  let ending: Promise<void> | undefined

  const cancelInitTimeout = clock.after(initTimeoutMs, () => {
    fail('The workspace agent got no instructions within 10 seconds of its start.')
  })

  port.onMessage((message) => {
    // Other parents may speak of other things; ours is marked.
    if (!isInit(message)) return
    cancelInitTimeout()
    const init = agentInitSchema.safeParse(message)
    if (!init.success) fail('The workspace agent got instructions it does not understand.')
    else if (running === undefined) start(init.data)
    else if (init.data.agentId === running.init.agentId) retarget(running, init.data)
    else fail('The workspace agent was asked to serve a second workspace.')
  })
  port.onClose(() => {
    void end('the parent is gone', 0)
  })

  function start(init: AgentInit): void {
    const agent = new Agent({
      ...options,
      homeDir: init.homeDir,
      agentName: init.agentName,
      // The server may have moved meanwhile.
      fetchGitKey: () => fetchGitKey(running?.init ?? init),
    })
    const started: NonNullable<typeof running> = { agent, init }
    running = started
    const handle = createAgentRoutes(agent, logger, {
      onPing: () => started.link?.touch(),
      onShutDown: () => {
        void end('the workspace was stopped', 0)
      },
    })
    const dial = (): void => {
      if (ending !== undefined) return
      started.link = createAgentLink({
        target: started.init,
        clock,
        logger,
        random: options.random,
        handle,
        onRefused: (status) => {
          fail(`The server refused the workspace agent (status ${status}).`)
        },
      })
      post({ type: 'started', pid: process.pid })
    }
    // Nothing reaches the routes before the leftovers of a forerunner are gone.
    agent.prepare().then(dial, (error: unknown) => {
      fail(`The workspace agent could not start: ${toError(error).message}`)
    })
  }

  /** A server that moved while the folder was still being prepared is simply the one to dial. */
  function retarget(current: NonNullable<typeof running>, init: AgentInit): void {
    current.init = init
    current.link?.retarget(init)
  }

  function fail(message: string): void {
    logger.error(message)
    post({ type: 'fatal', message })
    void end(message, 1)
  }

  function end(reason: string, exitCode: number): Promise<void> {
    ending ??= (async () => {
      logger.info('The agent ends', { reason })
      cancelInitTimeout()
      try {
        await running?.agent.abandon()
        await withinGrace(running?.link?.close())
      } catch (error) {
        logger.error('The agent did not end in order', { error: String(error) })
      } finally {
        options.exit(exitCode)
      }
    })()
    return ending
  }

  async function withinGrace(work: Promise<void> | undefined): Promise<void> {
    let cancel: () => void = () => undefined
    const grace = new Promise<void>((resolve) => {
      cancel = clock.after(closeGraceMs, resolve)
    })
    await Promise.race([work, grace])
    cancel()
  }

  function post(message: AgentToParent): void {
    port.post(message)
  }

  return { abandon: (reason) => end(reason, 0) }
}

function isInit(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'init'
}
