/** The way to the files of one place: an SSH connection that heals, opened when asked for and closed when idle. */
import type { Client } from 'ssh2'
import type { ReconnectState } from '../../client/reconnect.ts'
import { filesWaitMs, type FilesPlace, type FilesPlaceState } from '../../contract/remote-files.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { DeploymentAccess } from '../deployment-access.ts'
import { createWorkspaceSsh, type WorkspaceSsh } from '../ssh/workspace-ssh.ts'
import { FilesFailure } from './files-failure.ts'
import { SftpClient } from './sftp/sftp-client.ts'

/** An open connection. What is asked of one that is gone fails `disconnected`. */
export interface PlaceSession {
  readonly ssh: Client
  /** For small requests: a copy has a channel of its own, so that a list does not queue behind it. */
  readonly sftp: SftpClient
}

export interface PlaceConnection {
  /**
   * An open connection, waited for. It stays open at least until `release` is called.
   *
   * @param waitMs gives up after this; without it, only when there is no hope.
   * @throws {FilesFailure} `disconnected`, `no_way_in`, `cancelled`
   */
  acquire(
    signal: AbortSignal,
    waitMs?: number,
  ): Promise<{ readonly session: PlaceSession; readonly release: () => void }>
  readonly state: FilesPlaceState
  retryNow(): void
  hint(hint: 'online' | 'offline' | 'wake'): void
  close(): void
}

const idleMs = 5 * 60_000

interface Waiter {
  readonly opened: (session: PlaceSession) => void
  readonly failed: (failure: FilesFailure) => void
}

export function createPlaceConnection(options: {
  readonly place: FilesPlace
  readonly access: DeploymentAccess
  readonly clock: Clock
  readonly random?: () => number
  readonly logger: Logger
  readonly onState: (state: FilesPlaceState) => void
  readonly onSignedOut: () => void
  /** Hears each state of the connection, for the timeline. */
  readonly onConnection?: (state: ReconnectState) => void
}): PlaceConnection {
  const { place, access, clock, logger } = options
  const waiters = new Set<Waiter>()
  let session: PlaceSession | undefined
  let connection: WorkspaceSsh | undefined
  let state: FilesPlaceState = { kind: 'idle' }
  let users = 0
  let cancelIdle: (() => void) | undefined
  let isClosed = false

  const tell = (next: FilesPlaceState): void => {
    state = next
    options.onState(next)
  }
  const failAll = (failure: FilesFailure): void => {
    for (const { failed } of [...waiters]) failed(failure)
  }

  const onState = (next: ReconnectState): void => {
    options.onConnection?.(next)
    if (next.name !== 'open') {
      session?.sftp.end()
      session = undefined
    }
    if (isClosed) return
    if (next.name === 'connecting' && state.kind !== 'waiting') tell({ kind: 'connecting' })
    if (next.name === 'waiting') {
      tell({ kind: 'waiting', reason: next.reason, retryAt: clock.now() + next.delayMs })
    }
    if (next.name === 'failed') {
      if (next.code === 'unauthorized') options.onSignedOut()
      tell({ kind: 'failed', reason: next.reason })
      failAll(new FilesFailure('no_way_in', next.reason))
    }
  }

  const open = (): void => {
    cancelIdle?.()
    cancelIdle = undefined
    if (connection !== undefined) {
      if (connection.state.name === 'failed') connection.retryNow()
      return
    }
    let prepared: SftpClient | undefined
    connection = createWorkspaceSsh({
      ...(place.agentName === undefined ? {} : { agentName: place.agentName }),
      workspaceId: place.workspaceId,
      access,
      clock,
      ...(options.random === undefined ? {} : { random: options.random }),
      logger,
      onState,
      prepare: async (ssh) => {
        prepared = await SftpClient.open(ssh)
      },
      onOpen: (ssh) => {
        if (prepared === undefined) return
        session = { ssh, sftp: prepared }
        tell({ kind: 'open' })
        for (const { opened } of [...waiters]) opened(session)
      },
    })
    connection.start()
  }

  const shut = (): void => {
    cancelIdle?.()
    cancelIdle = undefined
    session = undefined
    connection?.close()
    connection = undefined
  }

  const leave = (): void => {
    users -= 1
    if (users > 0 || isClosed) return
    cancelIdle = clock.after(idleMs, () => {
      shut()
      tell({ kind: 'idle' })
    })
  }

  const whenOpen = (signal: AbortSignal, waitMs: number | undefined): Promise<PlaceSession> =>
    new Promise((resolve, reject) => {
      if (session !== undefined) {
        resolve(session)
        return
      }
      const end = (): void => {
        waiters.delete(waiter)
        cancelWait?.()
        signal.removeEventListener('abort', abort)
      }
      const waiter: Waiter = {
        opened: (opened) => {
          end()
          resolve(opened)
        },
        failed: (failure) => {
          end()
          reject(failure)
        },
      }
      const abort = (): void => {
        waiter.failed(cancelled())
      }
      const cancelWait =
        waitMs === undefined
          ? undefined
          : clock.after(waitMs, () => {
              const reason = state.kind === 'waiting' ? state.reason : 'The workspace does not answer.'
              waiter.failed(new FilesFailure('disconnected', reason))
            })
      waiters.add(waiter)
      signal.addEventListener('abort', abort, { once: true })
    })

  return {
    get state() {
      return state
    },
    async acquire(signal, waitMs = filesWaitMs) {
      if (isClosed) throw new FilesFailure('no_way_in', 'You are signed out of this deployment.')
      if (signal.aborted) throw cancelled()
      users += 1
      let isReleased = false
      const release = (): void => {
        if (isReleased) return
        isReleased = true
        leave()
      }
      try {
        open()
        return { session: await whenOpen(signal, Number.isFinite(waitMs) ? waitMs : undefined), release }
      } catch (thrown) {
        release()
        throw thrown
      }
    },
    retryNow: () => connection?.retryNow(),
    hint: (hint) => connection?.hint(hint),
    close() {
      isClosed = true
      shut()
      failAll(new FilesFailure('disconnected', 'The sign-in to this deployment changed. Try again.'))
    },
  }
}

export function cancelled(): FilesFailure {
  return new FilesFailure('cancelled', 'It was cancelled.')
}
