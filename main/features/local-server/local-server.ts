/** The local deployment's server process: started, supervised, signed in to, and served with agent processes. */
import { randomUUID } from 'node:crypto'
import type { z } from 'zod'
import { serverToParentSchema, type ParentToServer } from '#bridge/contract/serve-control'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import type { HostedProcess, ProcessHost } from '#bridge/lib/process-host'
import { createLiveValue, type LiveValue } from '../../lib/live-value.ts'
import { SupervisedProcess, type SupervisedState } from '../../lib/supervised-process.ts'
import { AgentProcesses } from './agent-processes.ts'

export type LocalServerStatus =
  | { readonly kind: 'starting' }
  | { readonly kind: 'ready'; readonly url: string }
  | { readonly kind: 'restarting'; readonly retryAt: number }
  | { readonly kind: 'failed'; readonly reason: string; readonly detail: string }
  | { readonly kind: 'stopped' }

export interface LocalServer {
  readonly status: LiveValue<LocalServerStatus>
  start(): void
  /** Starts it again after it was given up. */
  retry(): void
  /** A fresh session token of the owner, who is created when there is none. */
  mintOwnerSession(): Promise<string>
  /** Ends the server and then every agent process. */
  close(): Promise<void>
}

export interface LocalServerDeps {
  readonly processHost: ProcessHost
  readonly dataDir: string
  readonly ownerName: string
  /** Keys of the server's stored secrets, asked for at each start: the keychain may have been unlocked meanwhile. */
  readonly secretKeys: () => readonly string[] | Promise<readonly string[]>
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
}

const START_TIMEOUT_MS = 30_000
const MINT_TIMEOUT_MS = 15_000
const SHUTDOWN_GRACE_MS = 5000

interface Minting {
  readonly resolve: (token: string) => void
  readonly reject: (error: Error) => void
  readonly cancelTimeout: () => void
}

/** Makes the local server; nothing runs until `start`. */
export function createLocalServer(deps: LocalServerDeps): LocalServer {
  const { clock, logger } = deps
  // It waits for nobody's wish: whoever looks before `start` is told what is about to happen.
  const status = createLiveValue<LocalServerStatus>({ kind: 'starting' })
  const mintings = new Map<string, Minting>()
  let cancelStartTimeout: () => void = () => undefined
  /** Kept over restarts, so that agents that outlive the server find it again where it was. */
  let port = 0

  const post = (message: ParentToServer): void => supervised.current?.post(message)
  const agents = new AgentProcesses({ processHost: deps.processHost, post, logger })

  /** The old port may be taken by now. Agents of the last server would never find the one at the next port. */
  const forgetPort = (): void => {
    port = 0
    agents.close()
  }
  const failMintings = (reason: string): void => {
    for (const { reject, cancelTimeout } of mintings.values()) {
      cancelTimeout()
      reject(new Error(reason))
    }
    mintings.clear()
  }
  const settleMinting = (requestId: string, settle: (minting: Minting) => void): void => {
    const minting = mintings.get(requestId)
    if (minting === undefined) return
    mintings.delete(requestId)
    minting.cancelTimeout()
    settle(minting)
  }

  const take = (raw: unknown): void => {
    const parsed = serverToParentSchema.safeParse(raw)
    if (!parsed.success) {
      logger.warn('The local server sent a message that is not in the contract')
      return
    }
    handle(parsed.data)
  }
  const handle = (message: z.output<typeof serverToParentSchema>): void => {
    switch (message.type) {
      case 'ready':
        cancelStartTimeout()
        port = Number(new URL(message.url).port)
        supervised.markRunning()
        if (supervised.state.get().kind === 'running')
          status.set({ kind: 'ready', url: new URL(message.url).origin })
        break
      case 'failed':
        cancelStartTimeout()
        // The rest of the detail is a stack, which the server wrote to the log.
        if (port === 0) supervised.markFailed(message.message, message.detail.split('\n', 1)[0] ?? '')
        else forgetPort()
        break
      case 'owner-session':
        settleMinting(message.requestId, ({ resolve }) => resolve(message.token))
        break
      case 'owner-session-failed':
        settleMinting(message.requestId, ({ reject }) => reject(new Error(message.message)))
        break
      case 'process-spawn':
        agents.spawn(message.processId)
        break
      case 'process-post':
        agents.forward(message.processId, message.message)
        break
      case 'process-kill':
        agents.kill(message.processId)
        break
    }
  }

  const instruct = (process: HostedProcess, secretKeys: readonly string[]): void => {
    if (supervised.current !== process) return
    const { dataDir, ownerName } = deps
    process.post({
      type: 'start',
      dataDir,
      port,
      ownerName,
      secretKeys: [...secretKeys],
    } satisfies ParentToServer)
  }
  const supervised = new SupervisedProcess<HostedProcess>({
    name: 'The local server',
    spawn: () => deps.processHost.spawn('serve'),
    onStarted(process) {
      const secretKeys = deps.secretKeys()
      if (secretKeys instanceof Promise) void secretKeys.then((keys) => instruct(process, keys))
      else instruct(process, secretKeys)
      cancelStartTimeout = clock.after(START_TIMEOUT_MS, () => {
        logger.error('The local server did not get ready in time')
        process.kill()
      })
    },
    onMessage: take,
    onEnded() {
      cancelStartTimeout()
      failMintings('The local server stopped before it answered.')
    },
    clock,
    random: deps.random,
    logger,
  })
  const stopFollowing = supervised.state.onChange((state) => {
    const next = statusOf(state)
    if (next !== undefined) status.set(next)
  })

  return {
    status,
    start: () => supervised.start(),
    retry() {
      if (supervised.state.get().kind === 'failed' || supervised.state.get().kind === 'restarting')
        supervised.start()
    },
    mintOwnerSession() {
      return new Promise((resolve, reject) => {
        if (status.get().kind !== 'ready') {
          reject(new Error('The local server is not running.'))
          return
        }
        const requestId = randomUUID()
        const cancelTimeout = clock.after(MINT_TIMEOUT_MS, () => {
          settleMinting(requestId, () => reject(new Error('The local server did not sign the owner in.')))
        })
        mintings.set(requestId, { resolve, reject, cancelTimeout })
        post({ type: 'mint-owner-session', requestId })
      })
    },
    async close() {
      cancelStartTimeout()
      await supervised.stop(
        (process) => process.post({ type: 'shutdown' } satisfies ParentToServer),
        SHUTDOWN_GRACE_MS,
      )
      stopFollowing()
      agents.close()
    },
  }
}

/** `running` comes with the address, from the ready message. */
function statusOf(state: SupervisedState): LocalServerStatus | undefined {
  return state.kind === 'running' ? undefined : state
}
