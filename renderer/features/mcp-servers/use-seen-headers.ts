import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useApi } from '../../api/api-context.tsx'
import type { McpServerEntry } from './use-mcp-servers.ts'

/** Says that the user has seen what is new of a server, once they look at something else: until then it stays marked. */
export function useSeenHeaders(deploymentId: string, { config, headers }: McpServerEntry): void {
  const { client } = useApi()
  const cache = useQueryClient()
  const serverId = config.id
  const added = useRef<string[]>([])
  const isShown = useRef(false)
  useEffect(() => {
    added.current = headers.filter(({ isNew }) => isNew).map(({ name }) => name)
  }, [headers])
  useEffect(() => {
    isShown.current = true
    const see = async (names: string[]) => {
      await client.call('mcpServers.headersSeen', { deploymentId, serverId, names })
      await cache.invalidateQueries({ queryKey: ['mcpServers.list', { deploymentId }] })
    }
    return () => {
      isShown.current = false
      // React's strict mode takes every page away and brings it back at once.
      setTimeout(() => {
        if (isShown.current || added.current.length === 0) return
        // What could not be said is new the next time as well.
        see(added.current).catch(() => undefined)
      })
    }
  }, [client, cache, deploymentId, serverId])
}
