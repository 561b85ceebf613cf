/** The places whose files are in use, each with one connection. */
import { followConnection, silentConnectionLog } from '../../client/connection-log.ts'
import type { ConnectionLog } from '../../contract/connection-events.ts'
import type { FilesPlace, FilesPlaceState } from '../../contract/remote-files.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { DeploymentAccess } from '../deployment-access.ts'
import { FilesFailure } from './files-failure.ts'
import { createPlaceConnection, type PlaceConnection } from './place-connection.ts'

export interface Places {
  /** @throws {FilesFailure} `no_way_in` where nobody is signed in. */
  at(place: FilesPlace): PlaceConnection
  onState(listener: (place: FilesPlace, state: FilesPlaceState) => void): () => void
  /** Someone signed in or out: connections of before are closed. */
  deploymentChanged(deploymentId: string): void
  /** The connection of that id in the timeline is tried now. */
  retryConnection(connectionId: string): void
  wake(): void
  close(): void
}

/** More than a person has open at once; each is a connection. */
const maxPlaces = 200

export function placeKey({ deploymentId, workspaceId, agentName }: FilesPlace): string {
  return JSON.stringify([deploymentId, workspaceId, agentName ?? null])
}

export function createPlaces(deps: {
  readonly accessOf: (deploymentId: string) => DeploymentAccess | undefined
  readonly clock: Clock
  readonly random?: () => number
  readonly logger: Logger
  readonly onSignedOut: (deploymentId: string) => void
  /** Hears what the connections do. */
  readonly log?: ConnectionLog
}): Places {
  const open = new Map<string, { readonly place: FilesPlace; readonly connection: PlaceConnection }>()
  const listeners = new Set<(place: FilesPlace, state: FilesPlaceState) => void>()

  const make = (place: FilesPlace, access: DeploymentAccess): PlaceConnection =>
    createPlaceConnection({
      ...deps,
      place,
      access,
      onState: (state) => {
        for (const listener of [...listeners]) listener(place, state)
      },
      onSignedOut: () => {
        deps.onSignedOut(place.deploymentId)
      },
      onConnection: followConnection(deps.log ?? silentConnectionLog, deps.clock, {
        ...{ what: 'files', connectionId: placeKey(place), agentId: null, name: place.agentName ?? '' },
        deploymentId: place.deploymentId,
        workspaceId: place.workspaceId,
      }),
    })

  return {
    at(place) {
      const key = placeKey(place)
      const known = open.get(key)
      if (known !== undefined) return known.connection
      const access = deps.accessOf(place.deploymentId)
      if (access === undefined) {
        throw new FilesFailure(
          'no_way_in',
          'You are not signed in to this deployment. Sign in to see its files.',
        )
      }
      if (open.size >= maxPlaces) dropIdle(open)
      const connection = make(place, access)
      open.set(key, { place, connection })
      return connection
    },
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    deploymentChanged(deploymentId) {
      for (const [key, { place, connection }] of open) {
        if (place.deploymentId !== deploymentId) continue
        open.delete(key)
        connection.close()
      }
    },
    retryConnection(connectionId) {
      open.get(connectionId)?.connection.retryNow()
    },
    wake() {
      for (const { connection } of open.values()) connection.hint('wake')
    },
    close() {
      for (const { connection } of open.values()) connection.close()
      open.clear()
      listeners.clear()
    },
  }
}

function dropIdle(open: Map<string, { readonly connection: PlaceConnection }>): void {
  for (const [key, { connection }] of open) {
    if (connection.state.kind !== 'idle') continue
    open.delete(key)
    connection.close()
  }
  if (open.size >= maxPlaces) {
    throw new FilesFailure('too_many_requests', 'Too many workspaces have files open. Close some first.')
  }
}
