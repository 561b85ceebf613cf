/** The address that a deployment tells: held to the same rules as one that the user types, and shown to the user. */
import { mcpTransports, type MCPServerConfig } from '#bridge/contract/mcp-servers'
import type { McpAddress } from '#ipc/mcp-servers'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { normalizeMcpAddress } from './mcp-addresses.ts'

export const nameOf = ({ display_name, slug }: MCPServerConfig): string => display_name || slug

/** Nothing where the deployment does not tell it. @throws {ProcedureError} `invalid_address` */
export function toldAddress(config: MCPServerConfig): McpAddress | undefined {
  const transport = mcpTransports.find((known) => known === config.transport)
  if (config.url === '' || transport === undefined) return undefined
  try {
    return { url: normalizeMcpAddress(config.url), transport }
  } catch (thrown) {
    if (!(thrown instanceof ProcedureError)) throw thrown
    throw new ProcedureError(
      thrown.code,
      `An administrator gave ${nameOf(config)} an address that this computer does not use. ${thrown.message}`,
      { cause: thrown },
    )
  }
}

/** Scheme, host and path: a query may hold a secret of the administrator's. */
export function shownAddress(url: string): string {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}

/** The question, with the address to confirm in `details.to`. */
export function addressChanged(config: MCPServerConfig, from: string, to: string): ProcedureError {
  const [old, next] = [new URL(from), new URL(to)]
  const inWords = ({ host, origin, pathname }: URL): string => {
    if (old.host !== next.host) return host
    return old.origin !== next.origin ? origin : `${origin}${pathname}`
  }
  return new ProcedureError(
    'address_changed',
    `${nameOf(config)} was at ${inWords(old)}, and the deployment says it is at ${inWords(next)} now. Your header values go there only once you allow it.`,
    { details: { to: shownAddress(to) } },
  )
}
