/** Reading and changing the user's header values in both places: the vault, and the deployment where it keeps them. */
import { randomUUID } from 'node:crypto'
import { mcpServersRoutes, type MCPServerConfig } from '#bridge/contract/mcp-servers'
import { type McpCapability, probeMcpCapability } from '#bridge/client/mcp-capability'
import { listOrganizationMcpServers } from '#bridge/client/mcp-organization-servers'
import type { CoderClient } from '#bridge/client/coder-client'
import type { CoderApiError } from '#bridge/client/errors'
import type { Clock } from '#bridge/lib/clock'
import { toError } from '#bridge/lib/to-error'
import type { McpServerEntry } from '#ipc/mcp-servers'
import { mapAtMost } from '../../lib/map-at-most.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { SecretsError } from '../../ports/secrets.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import type { KeptHeaders } from './header-entries.ts'
import { mergeHeaders, sameHeader, type HeaderVault } from './header-vault.ts'
import type { KnownHeaders } from './known-headers.ts'
import type { VaultPlace, VaultValues } from './vault-place.ts'

/** Servers whose stored values are asked for at a time: a deployment may have hundreds. */
const askedAtOnce = 6

export interface HeaderChangesDeps {
  readonly connection: (deploymentId: string) => DeploymentConnection
  readonly vault: Pick<HeaderVault, 'read' | 'readKept' | 'change'>
  readonly known: Pick<KnownHeaders, 'added' | 'see'>
  readonly clock: Clock
}

export interface McpServerTarget {
  readonly deploymentId: string
  readonly serverId: string
}

interface McpServersView {
  readonly capability: McpCapability
  readonly vault: 'ready' | 'locked' | 'absent'
  readonly servers: McpServerEntry[]
}

/** How long a clear can be taken back. */
const UNDO_MS = 30_000

export type HeaderChanges = ReturnType<typeof createHeaderChanges>

export function createHeaderChanges({ connection, vault, known, clock }: HeaderChangesDeps) {
  const cleared = new Map<
    string,
    { readonly place: VaultPlace; readonly values: VaultValues; readonly cancel: () => void }
  >()
  const forget = (undoId: string): void => {
    cleared.get(undoId)?.cancel()
    cleared.delete(undoId)
  }

  const placeOf = ({ deploymentId, serverId }: McpServerTarget): VaultPlace => {
    const userId = connection(deploymentId).view.get().user?.id
    if (userId === undefined) throw new ProcedureError('signed_out', 'Sign in to the deployment first.')
    return { deploymentId, serverId, userId }
  }

  const list = async (deploymentId: string, signal?: AbortSignal): Promise<McpServersView> =>
    connection(deploymentId).call(async (client) => {
      const capability = await probeMcpCapability(client, { signal })
      if (capability === 'none') return { capability, vault: 'ready', servers: [] }
      if (capability === 'organization') {
        const found = await listOrganizationMcpServers(client, { signal })
        // Their declared keys, if any, have no place for a value of the user's.
        const servers = found.map(({ config, organizations }) => ({
          config,
          headers: [],
          leftOver: [],
          organizationIds: [...organizations],
        }))
        return { capability, vault: 'ready', servers }
      }
      const configs = await client.call(mcpServersRoutes.list, {}, { signal })
      const kept = await readVault(vault, configs, (serverId) => placeOf({ deploymentId, serverId }))
      const servers = await mapAtMost(askedAtOnce, configs, async (config) =>
        entryOf(config, {
          kept: kept.values.get(config.id) ?? nothingKept,
          stored: await onServer(client, capability, config, signal),
          added: known.added(placeOf({ deploymentId, serverId: config.id }), config.custom_headers_user_keys),
        }),
      )
      return { capability, vault: kept.state, servers }
    })

  const put = (target: McpServerTarget, values: VaultValues): Promise<void> =>
    connection(target.deploymentId).call(async (client) => {
      if ((await probeMcpCapability(client)) !== 'user_headers') return
      await client.call(mcpServersRoutes.putUserHeaders, {
        params: { mcpserver: target.serverId },
        body: { values: { ...values } },
      })
    }, refineRefusal)

  /** Only what is still asked for: the deployment removed the rest with its key, and refuses it. */
  const putDeclared = (target: McpServerTarget, values: VaultValues): Promise<void> =>
    connection(target.deploymentId).call(async (client) => {
      if ((await probeMcpCapability(client)) !== 'user_headers') return
      const params = { mcpserver: target.serverId }
      const { custom_headers_user_keys: declared } = await client.call(mcpServersRoutes.get, { params })
      const asked = Object.entries(values).filter(([name]) => declared.some((key) => sameHeader(name, key)))
      if (asked.length === 0) return
      const body = { values: Object.fromEntries(asked) }
      await client.call(mcpServersRoutes.putUserHeaders, { params, body })
    }, refineRefusal)

  /** Answers what was there before. */
  const change = (place: VaultPlace, apply: (before: VaultValues) => VaultValues): Promise<VaultValues> =>
    inVault(() => vault.change(place, apply))

  const save = async (target: McpServerTarget, values: VaultValues): Promise<void> => {
    const unsafe = Object.entries(values).find(([, value]) => /[\r\n\0]/.test(value))
    if (unsafe !== undefined)
      throw new ProcedureError(
        'invalid_value',
        `The value of ${unsafe[0]} has a line break or a NUL character in it.`,
      )
    const place = placeOf(target)
    const before = await change(place, (kept) => merge(kept, values))
    try {
      await put(target, values)
      await known.see(place, Object.keys(values))
    } catch (error) {
      // What the deployment refused is not kept as if it had been taken.
      if (isRefusal(error))
        await takeBack(error, () => change(place, (kept) => restoreRefused(kept, before, values)))
      throw error
    }
  }

  return {
    list,
    save,
    see: (target: McpServerTarget, names: readonly string[]): Promise<void> =>
      known.see(placeOf(target), names),
    async clear(target: McpServerTarget, names: readonly string[]): Promise<string | null> {
      const place = placeOf(target)
      const seen = pick(await inVault(() => vault.read(place)), names)
      await putDeclared(target, Object.fromEntries(names.map((name) => [name, ''])))
      let taken: VaultValues = {}
      // Only what was there when the user asked: a value that was saved meanwhile is the newer.
      await change(place, (kept) => {
        taken = Object.fromEntries(Object.entries(seen).filter(([name, value]) => kept[name] === value))
        return omit(kept, Object.keys(taken))
      })
      if (Object.keys(taken).length === 0) return null
      const undoId = randomUUID()
      const cancel = clock.after(UNDO_MS, () => cleared.delete(undoId))
      cleared.set(undoId, { place, values: taken, cancel })
      return undoId
    },
    async undo(undoId: string): Promise<void> {
      const what = cleared.get(undoId)
      const place = what && placeOf(what.place)
      // Another user of the deployment has no part in it, and takes nothing from who cleared.
      if (what === undefined || place?.userId !== what.place.userId)
        throw new ProcedureError(
          'too_late',
          'These values are gone for good: it is more than half a minute ago.',
        )
      let back: VaultValues = {}
      // The vault first, and whatever the deployment says afterwards: it is the only copy of the user's.
      await change(what.place, (kept) => {
        // What was typed since the clear is the newer.
        back = omit(what.values, Object.keys(kept))
        return mergeHeaders(kept, back)
      })
      await putDeclared(what.place, back)
      forget(undoId)
    },
    /** Forgets what could still be taken back. */
    close(): void {
      for (const undoId of [...cleared.keys()]) forget(undoId)
    },
    async push(deploymentId: string, serverId: string | null): Promise<number> {
      const { servers } = await list(deploymentId)
      let pushed = 0
      for (const { config, headers } of servers) {
        if (serverId !== null && config.id !== serverId) continue
        const target = { deploymentId, serverId: config.id }
        const kept = await inVault(() => vault.read(placeOf(target)))
        const wanted = headers.filter(({ inVault: has, onServer: there }) => has && there === false)
        const values = Object.entries(kept).filter(([key]) =>
          wanted.some(({ name }) => sameHeader(name, key)),
        )
        if (values.length === 0) continue
        await put(target, Object.fromEntries(values))
        pushed += values.length
      }
      return pushed
    },
  }
}

const hasName = (names: readonly string[], name: string): boolean =>
  names.some((other) => sameHeader(other, name))

function pick(values: VaultValues, names: readonly string[]): VaultValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => hasName(names, name)))
}

function omit(values: VaultValues, names: readonly string[]): VaultValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !hasName(names, name)))
}

/** The `refused` values become what they were `before`, unless something else was kept in their place meanwhile. */
function restoreRefused(kept: VaultValues, before: VaultValues, refused: VaultValues): VaultValues {
  const written = merge(before, refused)
  const valueIn = (values: VaultValues, name: string): string | undefined =>
    Object.values(pick(values, [name]))[0]
  const names = Object.keys(refused).filter((name) => valueIn(kept, name) === valueIn(written, name))
  return mergeHeaders(omit(kept, names), pick(before, names))
}

/** A blank value clears its header. */
function merge(before: VaultValues, values: VaultValues): VaultValues {
  const merged = Object.entries(mergeHeaders(before, values))
  return Object.fromEntries(
    merged.filter(([name, value]) => !Object.hasOwn(values, name) || value.trim() !== ''),
  )
}

const nothingKept: KeptHeaders = { values: {}, savedAt: {} }

function entryOf(
  config: MCPServerConfig,
  {
    kept: { values, savedAt },
    stored,
    added,
  }: {
    readonly kept: KeptHeaders
    readonly stored: Readonly<Record<string, boolean>> | undefined
    readonly added: readonly string[]
  },
): McpServerEntry {
  const names = Object.keys(values)
  const keyOf = (name: string): string | undefined => names.find((key) => sameHeader(key, name))
  const times = new Map(Object.entries(savedAt))
  const declared = config.custom_headers_user_keys
  // A header may be called like a part of every object, such as `constructor`.
  const descriptions = new Map(Object.entries(config.custom_headers_user_key_descriptions))
  const there = stored === undefined ? undefined : new Map(Object.entries(stored))
  return {
    config,
    headers: declared.map((name) => ({
      name,
      description: descriptions.get(name) ?? '',
      inVault: keyOf(name) !== undefined,
      savedAt: times.get(keyOf(name) ?? '') ?? null,
      isNew: added.includes(name),
      onServer: there === undefined ? null : (there.get(name) ?? false),
    })),
    leftOver: names.filter((key) => !declared.some((name) => sameHeader(key, name))),
  }
}

async function onServer(
  client: CoderClient,
  capability: McpCapability,
  config: MCPServerConfig,
  signal: AbortSignal | undefined,
): Promise<Readonly<Record<string, boolean>> | undefined> {
  if (capability !== 'user_headers') return undefined
  // Nothing to ask: it takes no values, or is switched off, where the deployment answers that there is none.
  if (!config.enabled || config.custom_headers_user_keys.length === 0) return {}
  const params = { mcpserver: config.id }
  return (await client.call(mcpServersRoutes.getUserHeaders, { params }, { signal })).has_values
}

/** The vault may be shut: then the page says so, and shows what the deployment has. */
async function readVault(
  vault: Pick<HeaderVault, 'readKept'>,
  configs: readonly MCPServerConfig[],
  placeOf: (serverId: string) => VaultPlace,
): Promise<{ state: McpServersView['vault']; values: Map<string, KeptHeaders> }> {
  const values = new Map<string, KeptHeaders>()
  try {
    for (const { id } of configs) values.set(id, await vault.readKept(placeOf(id)))
    return { state: 'ready', values }
  } catch (thrown) {
    if (!(thrown instanceof SecretsError)) throw thrown
    return { state: thrown.code === 'locked' ? 'locked' : 'absent', values: new Map() }
  }
}

/** Work on the vault. @throws {ProcedureError} `keychain_locked`, `keychain_absent` */
export async function inVault<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof SecretsError)) throw thrown
    const code = thrown.code === 'locked' ? 'keychain_locked' : 'keychain_absent'
    throw new ProcedureError(code, thrown.message, { cause: thrown })
  }
}

function isRefusal(error: unknown): error is ProcedureError {
  return (
    error instanceof ProcedureError && (error.code === 'invalid_value' || error.code === 'header_unknown')
  )
}

/** The refusal is what the user has to act on; a vault that is shut meanwhile is told along with it. */
async function takeBack(refusal: ProcedureError, restore: () => Promise<unknown>): Promise<void> {
  try {
    await restore()
  } catch (thrown) {
    const message = `${refusal.message} The refused values are still in the vault: ${toError(thrown).message}`
    throw new ProcedureError(refusal.code, message, { cause: thrown })
  }
}

function refineRefusal(error: CoderApiError): ProcedureError | undefined {
  if (error.status !== 400) return undefined
  const isUnknown = /not a header this MCP server asks for|unknown/i.test(error.detail ?? error.message)
  return new ProcedureError(isUnknown ? 'header_unknown' : 'invalid_value', error.detail ?? error.message, {
    cause: error,
  })
}
