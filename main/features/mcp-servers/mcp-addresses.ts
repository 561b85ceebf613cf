/**
 * Addresses of MCP servers that the user has given: a deployment tells them to administrators only, and a connection
 * from this computer needs one. Not a secret; each belongs to one server of one deployment.
 */
import { z } from 'zod'
import { isLoopbackHost } from '#bridge/client/deployment-url'
import { mcpTransports } from '#bridge/contract/mcp-servers'
import type { McpAddress } from '#ipc/mcp-servers'
import { openDataFile, requireSaved, type DataFileSurroundings } from '../../lib/data-file.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { VersionedFile } from '../../lib/versioned-file.ts'

const savedAddressSchema = z.object({
  deploymentId: z.string().min(1),
  serverId: z.uuid(),
  url: z.url({ protocol: /^https?$/ }),
  transport: z.enum(mcpTransports),
})
const savedAddressesSchema = z.array(savedAddressSchema)
export type SavedMcpAddresses = z.output<typeof savedAddressesSchema>

export interface McpAddresses {
  of(deploymentId: string, serverId: string): McpAddress | undefined
  /** By server id. */
  ofDeployment(deploymentId: string): Readonly<Record<string, McpAddress>>
  /** Undefined forgets it. @throws {ProcedureError} `invalid_address`, `not_saved` */
  set(deploymentId: string, serverId: string, address: McpAddress | undefined): Promise<void>
  /** For when a deployment leaves the app. @throws {ProcedureError} `not_saved` */
  removeDeployment(deploymentId: string): Promise<void>
}

/** Opens `mcp-addresses.json`. A change that cannot be written is taken back. */
export function openMcpAddressesFile(
  surroundings: DataFileSurroundings,
): Promise<VersionedFile<SavedMcpAddresses>> {
  return openDataFile(surroundings, {
    name: 'mcp-addresses.json',
    holds: 'addresses of MCP servers',
    version: 1,
    schema: savedAddressesSchema,
    defaults: [],
    migrations: {},
    whenNotWritten: 'revert',
  })
}

/** The addresses in a file. */
export function createMcpAddresses(file: VersionedFile<SavedMcpAddresses>): McpAddresses {
  const change = async (apply: (current: SavedMcpAddresses) => SavedMcpAddresses): Promise<void> => {
    await requireSaved(file.update(apply))
  }
  return {
    of(deploymentId, serverId) {
      const found = file.value
        .get()
        .find((saved) => saved.deploymentId === deploymentId && saved.serverId === serverId)
      return found && { url: found.url, transport: found.transport }
    },
    ofDeployment: (deploymentId) =>
      Object.fromEntries(
        file.value
          .get()
          .filter((saved) => saved.deploymentId === deploymentId)
          .map(({ serverId, url, transport }) => [serverId, { url, transport }]),
      ),
    async set(deploymentId, serverId, address) {
      const saved = address && {
        deploymentId,
        serverId,
        url: normalizeMcpAddress(address.url),
        transport: address.transport,
      }
      await change((current) => {
        const others = current.filter(
          (entry) => entry.deploymentId !== deploymentId || entry.serverId !== serverId,
        )
        return saved === undefined ? others : [...others, saved]
      })
    },
    removeDeployment: (deploymentId) =>
      change((current) => {
        const others = current.filter((entry) => entry.deploymentId !== deploymentId)
        return others.length === current.length ? current : others
      }),
  }
}

/**
 * An address as it is kept. Header values travel to it, so plain HTTP is for this computer only.
 *
 * @throws {ProcedureError} `invalid_address` with a sentence.
 */
export function normalizeMcpAddress(typed: string): string {
  const text = typed.trim()
  // A parser reads backslashes as slashes and drops line breaks; nobody means that.
  if (!URL.canParse(text) || /[\s\\\u0000-\u001F\u200E\u200F\u202A-\u202E\u2066-\u2069]/.test(text))
    throw invalid('This is not a complete address. Enter one like https://mcp.example.com/mcp.')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw invalid('The address of an MCP server starts with https://.')
  if (url.username !== '' || url.password !== '')
    throw invalid('Leave the user name and password out of the address: they belong in a header.')
  if (url.protocol === 'http:' && !isLoopbackHost(url.hostname))
    throw invalid(
      'With http:// everybody on the way can read your header values. Use https://; plain http:// works for this computer only.',
    )
  url.hash = ''
  return url.href
}

function invalid(message: string): ProcedureError {
  return new ProcedureError('invalid_address', message)
}
