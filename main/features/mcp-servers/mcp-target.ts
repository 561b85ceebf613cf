/** What a connection from this computer to an MCP server takes: its address, its transport and the user's headers. */
import { mcpServersRoutes, type MCPServerConfig } from '#bridge/contract/mcp-servers'
import type { McpAddress } from '#ipc/mcp-servers'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { inVault } from './header-changes.ts'
import type { HeaderVault } from './header-vault.ts'
import type { McpAddresses } from './mcp-addresses.ts'
import type { McpOrigins } from './mcp-origins.ts'
import { addressChanged, nameOf, shownAddress, toldAddress } from './told-address.ts'
import type { VaultPlace, VaultValues } from './vault-place.ts'

export interface McpTarget {
  readonly config: MCPServerConfig
  /** Absolute, http or https. */
  readonly url: string
  readonly transport: McpAddress['transport']
  /** Whose word the address is. */
  readonly addressFrom: 'deployment' | 'user'
  /**
   * Secret. Names in the administrator's spelling; each value as HTTP takes it, one character a byte. Only the user's:
   * what the administrator set has one copy, on the deployment, which never tells it (`config.has_custom_headers`).
   */
  readonly headers: Readonly<Record<string, string>>
}

export interface McpTargetsDeps {
  readonly connection: (deploymentId: string) => DeploymentConnection
  readonly vault: Pick<HeaderVault, 'read'>
  readonly addresses: Pick<McpAddresses, 'of' | 'set'>
  readonly origins: Pick<McpOrigins, 'of' | 'set'>
}

export interface McpTargets {
  /**
   * Looks the server up anew, since an administrator may have changed it. Where values go for the first time is kept:
   * to another place they go only after `confirmAddress`.
   *
   * @throws {ProcedureError} `auth_on_deployment`, `address_unknown`, `invalid_address`, `address_changed` (with
   * `details.to`), `not_saved`, `values_missing` (with `details.names`),
   * `header_unusable`, `keychain_locked`, `keychain_absent`, or what every call to a deployment may meet.
   */
  resolve(deploymentId: string, serverId: string, signal?: AbortSignal): Promise<McpTarget>
  /**
   * The user allows their values to go to an address of the deployment's, as it was shown to them.
   *
   * @throws {ProcedureError} `address_changed` when it is another one by now, else as `resolve`.
   */
  confirmAddress(deploymentId: string, serverId: string, shown: string): Promise<void>
}

/** RFC 9110, 5.6.2: what a field name may be made of. */
const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** RFC 9110, 5.5: a field value has none of these, the tab aside; clients refuse to send them. */
const CONTROLS = /(?!\t)[\0-\x1F\x7F]/

/** Makes the look-up. */
export function createMcpTargets({ connection, vault, addresses, origins }: McpTargetsDeps): McpTargets {
  /** The server, and whose values go there: nobody's where it asks for none. */
  const lookUp = async (deploymentId: string, serverId: string, signal?: AbortSignal) => {
    const { call, view } = boundTo(connection(deploymentId))
    const config = await call(serverId, signal)
    requireOurAuth(config)
    if (config.auth_type !== 'custom_headers' || config.custom_headers_user_keys.length === 0)
      return { config, place: undefined }
    const userId = view.get().user?.id
    if (userId === undefined) throw new ProcedureError('signed_out', 'Sign in to the deployment first.')
    return { config, place: { deploymentId, serverId, userId } }
  }

  const addressOf = (
    config: MCPServerConfig,
    typed: McpAddress | undefined,
    place: VaultPlace | undefined,
  ): Pick<McpTarget, 'url' | 'transport' | 'addressFrom'> => {
    const told = toldAddress(config)
    if (told === undefined) {
      if (typed !== undefined) return { ...typed, addressFrom: 'user' }
      throw new ProcedureError(
        'address_unknown',
        `The deployment tells the address of ${nameOf(config)} to administrators only. Ask one for it and enter it here.`,
      )
    }
    if (typed !== undefined && typed.url !== told.url) throw addressChanged(config, typed.url, told.url)
    const known = place && origins.of(place)
    if (known !== undefined && known !== originOf(told.url)) throw addressChanged(config, known, told.url)
    return { ...told, addressFrom: 'deployment' }
  }

  return {
    async resolve(deploymentId, serverId, signal) {
      const { config, place } = await lookUp(deploymentId, serverId, signal)
      const address = addressOf(config, addresses.of(deploymentId, serverId), place)
      if (place === undefined) return { config, ...address, headers: {} }
      const origin = originOf(address.url)
      if (origins.of(place) !== origin) await origins.set(place, origin)
      const kept = await inVault(() => vault.read(place))
      return { config, ...address, headers: headersOf(config, kept) }
    },
    async confirmAddress(deploymentId, serverId, shown) {
      const { config, place } = await lookUp(deploymentId, serverId)
      const told = toldAddress(config)
      if (told !== undefined && shownAddress(told.url) !== shown)
        throw addressChanged(config, shown, told.url)
      // It is not told any more: what the user typed is the address, and nothing is to be allowed.
      if (told === undefined) return
      if (place !== undefined) await origins.set(place, originOf(told.url))
      await addresses.set(deploymentId, serverId, undefined)
    },
  }
}

const originOf = (url: string): string => new URL(url).origin

function boundTo(connection: DeploymentConnection) {
  return {
    view: connection.view,
    call: (mcpserver: string, signal: AbortSignal | undefined) =>
      connection.call((client) =>
        client.call(mcpServersRoutes.get, { params: { mcpserver } }, signal === undefined ? {} : { signal }),
      ),
  }
}

function requireOurAuth(config: MCPServerConfig): void {
  if (config.auth_type === 'none' || config.auth_type === 'custom_headers') return
  throw new ProcedureError(
    'auth_on_deployment',
    `${nameOf(config)} cannot be reached from this computer: ${secretOf(config.auth_type)} lies on the deployment only, which never gives it out. Agents on the deployment use it.`,
  )
}

function secretOf(authType: string): string {
  switch (authType) {
    case 'oauth2':
      return 'the token of your sign-in'
    case 'api_key':
      return 'its API key'
    case 'user_oidc':
      return 'the token of your OpenID sign-in'
    default:
      return 'what it asks for'
  }
}

function headersOf(config: MCPServerConfig, kept: VaultValues): Record<string, string> {
  const declared = config.custom_headers_user_keys
  const unusable = declared.find((name) => !HEADER_NAME.test(name))
  if (unusable !== undefined)
    throw new ProcedureError(
      'header_unusable',
      `No request can carry a header called ${JSON.stringify(unusable.slice(0, 80))}. An administrator has to rename it.`,
    )
  const values = new Map(Object.entries(kept).map(([name, value]) => [name.toLowerCase(), value.trim()]))
  const missing = declared.filter((name) => !values.get(name.toLowerCase()))
  if (missing.length > 0)
    throw new ProcedureError(
      'values_missing',
      `${nameOf(config)} needs your value for ${inWords(missing)}.`,
      {
        details: { names: missing },
      },
    )
  const broken = declared.find((name) => CONTROLS.test(values.get(name.toLowerCase()) ?? ''))
  if (broken !== undefined)
    throw new ProcedureError(
      'header_unusable',
      `Your value for ${broken} has a control character in it, which no request can carry. Save it again.`,
    )
  return Object.fromEntries(
    declared.map((name) => [name, toFieldValue(values.get(name.toLowerCase()) ?? '')]),
  )
}

/** HTTP clients take a field value byte by byte: each character of UTF-8 beyond ASCII becomes its bytes. */
function toFieldValue(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1')
}

const SHOWN_NAMES = 5

function inWords(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN_NAMES)
  const more = names.length - shown.length
  const parts = more > 0 ? [...shown, `${more} more`] : shown
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(parts)
}
