/** All tunnels of the bridge, by the ids main gave them; those of one agent share a connection. */
import { isDeepStrictEqual } from 'node:util'
import { followConnection, silentConnectionLog } from '../../client/connection-log.ts'
import type { ConnectionLog } from '../../contract/connection-events.ts'
import type { OpenTunnel, TunnelState } from '../../contract/tunnels.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { DeploymentAccess } from '../deployment-access.ts'
import { createTunnel, type Tunnel } from './tunnel.ts'
import { createWorkspaceLink, type WorkspaceLink } from './workspace-link.ts'

/** As many as main saves. */
const maxTunnels = 200

export interface Tunnels {
  /** Opens one, or opens it anew where it changed. */
  open(request: OpenTunnel): void
  close(tunnelId: string): void
  retry(tunnelId: string): void
  /** The connection of several, by its id in the timeline, is tried now. */
  retryConnection(connectionId: string): void
  /** The deployment's URL or token changed, or it went away. Local ports stay bound. */
  deploymentChanged(deploymentId: string): void
  /** Its token is another one of the same sign-in. */
  deploymentRenewed(deploymentId: string): void
  /** The machine slept. */
  wake(): void
  /** Resolves when all have ended. */
  closeAll(): Promise<void>
}

interface SharedLink {
  readonly link: WorkspaceLink
  readonly deploymentId: string
  users: number
}

interface Entry {
  readonly request: OpenTunnel
  /** `undefined` while the one before it ends. */
  tunnel: Tunnel | undefined
  shared: SharedLink | undefined
}

export function createTunnels(deps: {
  readonly accessOf: (deploymentId: string) => DeploymentAccess | undefined
  readonly clock: Clock
  readonly random?: () => number
  readonly logger: Logger
  readonly onState: (state: TunnelState) => void
  readonly onSignedOut: (deploymentId: string) => void
  /** Hears what the connections do. */
  readonly log?: ConnectionLog
}): Tunnels {
  const { clock, logger } = deps
  const entries = new Map<string, Entry>()
  const links = new Map<string, SharedLink>()
  /** A port is free only once its tunnel has ended, so the next one waits for that. */
  let ending: Promise<unknown> = Promise.resolve()

  const linkFor = ({ deploymentId, workspaceId, agentName }: OpenTunnel): SharedLink => {
    const key = JSON.stringify([deploymentId, workspaceId, agentName])
    const known = links.get(key)
    if (known !== undefined) {
      known.users += 1
      return known
    }
    const link = createWorkspaceLink({
      workspaceId,
      agentName,
      access: () => deps.accessOf(deploymentId),
      onSignedOut: () => deps.onSignedOut(deploymentId),
      onConnection: followConnection(deps.log ?? silentConnectionLog, clock, {
        ...{ what: 'tunnel', connectionId: key, deploymentId, workspaceId },
        agentId: null,
        name: agentName ?? '',
      }),
      clock,
      ...(deps.random === undefined ? {} : { random: deps.random }),
      logger: logger.child({ tunnelsOf: workspaceId }),
    })
    const shared: SharedLink = { link, deploymentId, users: 1 }
    links.set(key, shared)
    return shared
  }

  const leave = (shared: SharedLink): void => {
    shared.users -= 1
    if (shared.users > 0) return
    for (const [key, one] of links) if (one === shared) links.delete(key)
    shared.link.close()
  }

  const end = ({ tunnel, shared }: Entry): void => {
    const closed = tunnel?.close() ?? Promise.resolve()
    ending = Promise.allSettled([ending, closed.finally(() => shared !== undefined && leave(shared))])
  }

  const start = (entry: Entry): void => {
    void ending.then(() => {
      if (entries.get(entry.request.tunnelId) !== entry) return
      entry.shared = linkFor(entry.request)
      entry.tunnel = createTunnel({
        request: entry.request,
        link: entry.shared.link,
        clock,
        onState: deps.onState,
      })
    })
  }

  return {
    open(request) {
      const before = entries.get(request.tunnelId)
      if (before !== undefined && isDeepStrictEqual(before.request, request)) return
      if (before !== undefined) end(before)
      else if (entries.size >= maxTunnels) {
        deps.onState(tooMany(request.tunnelId))
        return
      }
      const entry: Entry = { request, tunnel: undefined, shared: undefined }
      entries.set(request.tunnelId, entry)
      start(entry)
    },
    close(tunnelId) {
      const entry = entries.get(tunnelId)
      if (entry === undefined) return
      entries.delete(tunnelId)
      end(entry)
    },
    retry(tunnelId) {
      const entry = entries.get(tunnelId)
      entry?.tunnel?.retryNow()
      if (entry?.shared?.link.state.kind !== 'open') entry?.shared?.link.retryNow()
    },
    retryConnection(connectionId) {
      links.get(connectionId)?.link.retryNow()
    },
    deploymentChanged(deploymentId) {
      for (const shared of links.values()) if (shared.deploymentId === deploymentId) shared.link.restart()
    },
    deploymentRenewed(deploymentId) {
      for (const { link, deploymentId: own } of links.values())
        if (own === deploymentId && link.state.kind !== 'open') link.retryNow()
    },
    wake() {
      for (const { link } of links.values()) link.wake()
      for (const { tunnel } of entries.values()) tunnel?.retryNow()
    },
    async closeAll() {
      for (const entry of entries.values()) end(entry)
      entries.clear()
      await ending
    },
  }
}

function tooMany(tunnelId: string): TunnelState {
  const reason = `There can be ${String(maxTunnels)} tunnels at a time. Switch one off first.`
  return {
    type: 'tunnel-state',
    tunnelId,
    connection: { kind: 'failed', reason, code: 'refused' },
    listening: null,
    traffic: { openConnections: 0, connections: 0, bytesUp: 0, bytesDown: 0, errors: 0 },
    lastError: null,
  }
}
