import { useQueryClient } from '@tanstack/react-query'
import type { Output } from '../../api/procedure-types.ts'
import { useChange, useRead } from '../../api/use-call.ts'

export type McpServersAnswer = Output<'mcpServers.list'>
export type McpServerEntry = McpServersAnswer['servers'][number]

/** The MCP servers of a deployment with the user's headers. */
export function useMcpServers(deploymentId: string) {
  return useRead('mcpServers.list', { deploymentId })
}

/** What the user can do with header values; each brings the list up to date, also when it failed half-way. */
export function useHeaderChanges(deploymentId: string) {
  const cache = useQueryClient()
  const options = {
    onSettled: () => cache.invalidateQueries({ queryKey: ['mcpServers.list', { deploymentId }] }),
  }
  return {
    save: useChange('mcpServers.saveHeaders', options),
    clear: useChange('mcpServers.clearHeaders', options),
    undo: useChange('mcpServers.undoClear', options),
    push: useChange('mcpServers.pushHeaders', options),
  }
}
