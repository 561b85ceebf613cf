/** A workspace whose SSH server is the agent's own or OpenSSH's, and a bridge with one window that asks for its files. */
import { randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { createBridge } from '../bridge/bridge.ts'
import type { DeploymentSession } from '../bridge/deployment-access.ts'
import type { BridgeToMain, MainToBridge } from '../contract/bridge-port.ts'
import type {
  FilesAnswers,
  FilesError,
  FilesEvent,
  FilesOp,
  FilesPlaceState,
  FilesRequest,
  FilesToWindow,
} from '../contract/remote-files.ts'
import type { TransfersToWindow } from '../contract/file-transfers.ts'
import { systemClock, type Clock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import { createBridgeParent } from './bridge-parent.ts'
import { startAgentWay, startSshdWay } from './ssh-way.ts'
import { sampleId } from './wire-samples.ts'

/** What a request was answered with, as thrown. */
export class RefusedError extends Error {
  readonly error: FilesError
  constructor(error: FilesError) {
    super(`${error.code}: ${error.message}`)
    this.error = error
  }
}

/** What a request was refused with; its `code` is `none` where it was not. */
export const refusalOf = (work: Promise<unknown>): Promise<{ readonly code: string }> =>
  work.then(
    () => ({ code: 'none' }),
    (thrown: unknown) => (thrown as RefusedError).error,
  )

export type WindowMessage = FilesToWindow | TransfersToWindow

export interface FilesWorkspace {
  /** The workspace's folder on this machine; its home over SFTP. */
  readonly home: string
  /** A folder on the workspace's PATH before all others. */
  readonly bin: string
  /** A new folder in it, for one test. */
  makeFolder(): string
  /** What the bridge was signed in with. */
  readonly session: DeploymentSession
  readonly place: { readonly deploymentId: string; readonly workspaceId: string }
  readonly states: FilesPlaceState[]
  readonly toldMain: BridgeToMain[]
  /** Asks and waits. Events are acknowledged as they come. @throws {RefusedError} */
  ask<R extends FilesRequest>(
    request: R,
    options?: { readonly requestId?: string; readonly onEvent?: (event: FilesEvent) => void },
  ): Promise<FilesAnswers[R['op'] & FilesOp]>
  /** Any message to the bridge's window port. */
  post(message: object): void
  /** All messages for the window. */
  onMessage(listener: (message: WindowMessage) => void): () => void
  /** Any message to the bridge from main. */
  say(message: object): void
  /** Somebody signs in, under any name for the deployment. */
  signIn(deploymentId: string): void
  /** Cuts every connection to the workspace. */
  cut(): void
  /** Ends the bridge and starts another one with a new window. */
  restartBridge(): Promise<void>
  close(): Promise<void>
}

export async function startFilesWorkspace(
  options: {
    readonly clock?: Clock
    readonly shell?: string
    /** Who answers in the workspace; OpenSSH's server stands behind a command line, as those of other deployments do. */
    readonly server?: 'agent' | 'open-sshd'
  } = {},
): Promise<FilesWorkspace> {
  const bin = mkdtempSync(join(tmpdir(), 'outpost-files-bin-'))
  const { url, home, ...way } = await (options.server === 'open-sshd'
    ? startSshdWay()
    : startAgentWay({ bin, shell: options.shell ?? '/bin/sh' }))
  const place = { deploymentId: 'local', workspaceId: sampleId }
  const states: FilesPlaceState[] = []
  const toldMain: BridgeToMain[] = []
  const listeners = new Set<(message: WindowMessage) => void>()

  const session: DeploymentSession = {
    url,
    token: 'abcdefghij-0123456789012345678901',
    cli: { folder: join(bin, 'cli'), chosen: way.cli, signature: 'deployment' },
  }
  const signInTo = (deploymentId: string): MainToBridge => ({
    type: 'set-deployment',
    deploymentId,
    ...session,
  })

  const startBridge = () => {
    const { port, say } = createBridgeParent((message) => toldMain.push(message))
    const bridge = createBridge({
      parent: port,
      clock: options.clock ?? systemClock,
      environment: {},
      logger: silentLogger,
      onShutdown: () => undefined,
    })
    const channel = new MessageChannel()
    channel.port1.on('message', (message: WindowMessage) => {
      if (message.type === 'files-place') states.push(message.state)
      for (const listener of [...listeners]) listener(message)
    })
    say(signInTo('local'))
    say({ type: 'attach-window', windowId: 1 }, [channel.port2])
    return { bridge, window: channel.port1, say }
  }
  let current = startBridge()
  let folders = 0
  const endBridge = async (): Promise<void> => {
    current.window.close()
    await current.bridge.close()
  }

  return {
    home,
    bin,
    makeFolder() {
      folders += 1
      const folder = join(home, `case-${String(folders)}`)
      mkdirSync(folder)
      return folder
    },
    session,
    place,
    states,
    toldMain,
    ask: (request, { requestId = randomUUID(), onEvent } = {}) =>
      new Promise((resolve, reject) => {
        const listener = (message: WindowMessage): void => {
          if (!('requestId' in message) || message.requestId !== requestId) return
          if (message.type === 'files-event') {
            onEvent?.(message.event)
            current.window.postMessage({ type: 'files-ack', requestId, events: 1 })
          }
          if (message.type !== 'files-answer') return
          listeners.delete(listener)
          if (message.result.ok) resolve(message.result.value as never)
          else reject(new RefusedError(message.result.error))
        }
        listeners.add(listener)
        current.window.postMessage({ type: 'files-request', requestId, place, request })
      }),
    post: (message) => {
      current.window.postMessage(message)
    },
    onMessage(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    say: (message) => {
      current.say(message)
    },
    signIn(deploymentId) {
      current.say(signInTo(deploymentId))
    },
    cut: way.cut,
    async restartBridge() {
      await endBridge()
      current = startBridge()
    },
    async close() {
      await endBridge()
      await way.close()
      rmSync(bin, { recursive: true, force: true })
    },
  }
}
