/** The user's header values and the MCP servers reached with them from this computer, given to each other. */
import type { BridgeProcess } from './features/bridge/bridge.ts'
import type { Deployments } from './features/deployments/deployments.ts'
import { watchAwaitedWorkspaces } from './features/workspaces/awaited-workspaces.ts'
import type { SavedGateway } from './features/header-gateway/gateways-file.ts'
import { createHeaderGateways } from './features/header-gateway/header-gateways.ts'
import type { Keychain } from './features/keychain/keychain.ts'
import { createHeaderChanges } from './features/mcp-servers/header-changes.ts'
import { partCharactersOn } from './features/mcp-servers/header-entries.ts'
import { createHeaderVault, type HeaderVault } from './features/mcp-servers/header-vault.ts'
import {
  createKnownHeaders,
  type KnownHeaders,
  type SavedKnownHeaders,
} from './features/mcp-servers/known-headers.ts'
import {
  createMcpAddresses,
  type McpAddresses,
  type SavedMcpAddresses,
} from './features/mcp-servers/mcp-addresses.ts'
import {
  createMcpOrigins,
  type McpOrigins,
  type SavedMcpOrigins,
} from './features/mcp-servers/mcp-origins.ts'
import { createMcpTargets } from './features/mcp-servers/mcp-target.ts'
import type { WorkspaceLists } from './features/workspaces/workspace-lists.ts'
import type { VersionedFile } from './lib/versioned-file.ts'
import type { AppPorts } from './ports/app-ports.ts'

/** What is kept of MCP servers: the user's values, and what lies in files beside them. */
export interface McpStores {
  readonly headerVault: HeaderVault
  readonly mcpAddresses: McpAddresses
  readonly mcpOrigins: McpOrigins
  readonly knownHeaders: KnownHeaders
}

/** Makes them. */
export function createMcpStores(
  { clock, logger }: Pick<AppPorts, 'clock' | 'logger'>,
  files: {
    readonly mcpAddressesFile: VersionedFile<SavedMcpAddresses>
    readonly mcpOriginsFile: VersionedFile<SavedMcpOrigins>
    readonly knownHeadersFile: VersionedFile<SavedKnownHeaders>
  },
  keychain: Keychain,
): McpStores {
  const headerVault = createHeaderVault(keychain, partCharactersOn(process.platform), () => clock.now())
  keychain.moveMemoryBy(headerVault.moveIntoKeychain)
  return {
    headerVault,
    mcpAddresses: createMcpAddresses(files.mcpAddressesFile),
    mcpOrigins: createMcpOrigins(files.mcpOriginsFile),
    knownHeaders: createKnownHeaders(files.knownHeadersFile, logger),
  }
}

/**
 * What goes with a deployment: the values, the names that were seen, and the addresses the values were for.
 *
 * @param others parts beside MCP that keep something of it.
 */
export function leavingWith(
  { headerVault, mcpAddresses, mcpOrigins, knownHeaders }: McpStores,
  ...others: readonly Pick<HeaderVault, 'removeDeployment'>[]
): Pick<HeaderVault, 'removeDeployment'> {
  return {
    async removeDeployment(deploymentId) {
      for (const other of others) await other.removeDeployment(deploymentId)
      await mcpAddresses.removeDeployment(deploymentId)
      await mcpOrigins.removeDeployment(deploymentId)
      await knownHeaders.removeDeployment(deploymentId)
      await headerVault.removeDeployment(deploymentId)
    },
  }
}

/** The user's header values, and MCP servers reached from this computer with them. */
export function createMcpParts(
  { clock, logger }: Pick<AppPorts, 'clock' | 'logger'>,
  { gatewaysFile }: { readonly gatewaysFile: VersionedFile<readonly SavedGateway[]> },
  given: McpStores & {
    readonly bridge: BridgeProcess
    readonly deployments: Deployments
    readonly keychain: Keychain
    readonly lists: WorkspaceLists
  },
) {
  const { bridge, deployments, headerVault, keychain, lists } = given
  const { connection, find } = deployments
  const mcpTargets = createMcpTargets({
    connection,
    vault: headerVault,
    addresses: given.mcpAddresses,
    origins: given.mcpOrigins,
  })
  const headerGateways = createHeaderGateways({
    file: gatewaysFile,
    targets: mcpTargets,
    bridge,
    connection: find,
    keychain,
    clock,
    logger: logger.child({ part: 'header-gateway' }),
  })
  const vault: Pick<HeaderVault, 'read' | 'readKept' | 'change'> = {
    read: headerVault.read,
    readKept: headerVault.readKept,
    async change(place, apply) {
      const before = await headerVault.change(place, apply)
      headerGateways.targetsChanged(place.deploymentId, place.serverId)
      return before
    },
  }
  return {
    headerChanges: createHeaderChanges({ connection, vault, known: given.knownHeaders, clock }),
    mcpTargets,
    headerGateways,
    awaited: watchAwaitedWorkspaces({ waiting: headerGateways, lists, connection: find }),
  }
}
