import { useQueryClient } from '@tanstack/react-query'
import type { Output } from '../../api/procedure-types.ts'
import { useChange, useRead } from '../../api/use-call.ts'

export type ServerAccess = Output<'mcpServerAdmin.access'>

/** Whether the user may manage the servers of a deployment. Undefined until that is known. */
export function useServerAccess(deploymentId: string): ServerAccess | undefined {
  return useRead('mcpServerAdmin.access', { deploymentId }).data
}

/** One server as it is now; asks for nothing without an id. */
export function useServerNow(deploymentId: string, serverId: string | undefined) {
  return useRead('mcpServerAdmin.get', serverId === undefined ? undefined : { deploymentId, serverId })
}

/** What an administrator can do; each brings the list up to date, also when it failed half-way. */
export function useServerChanges(deploymentId: string) {
  const cache = useQueryClient()
  const options = {
    onSettled: () => cache.invalidateQueries({ queryKey: ['mcpServers.list', { deploymentId }] }),
  }
  return {
    /** Forgets how servers were: beside one's own change it would look like somebody else's. */
    forget: () => cache.removeQueries({ queryKey: ['mcpServerAdmin.get'] }),
    create: useChange('mcpServerAdmin.create', options),
    update: useChange('mcpServerAdmin.update', options),
    remove: useChange('mcpServerAdmin.delete', options),
  }
}
