import type { MCPServerConfig } from '#bridge/contract/mcp-servers'

/** The servers of a chat: what was chosen, and those that an administrator always adds (agents-api 13: the client does it). */
export function chosenServers(
  servers: readonly MCPServerConfig[],
  chosen: readonly string[] | undefined,
): readonly string[] {
  return servers
    .filter(({ enabled }) => enabled)
    .filter(({ id, availability }) => {
      if (availability === 'force_on') return true
      return chosen === undefined ? availability === 'default_on' : chosen.includes(id)
    })
    .map(({ id }) => id)
}

/** Whether two choices are the same servers. */
export function sameServers(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id))
}
