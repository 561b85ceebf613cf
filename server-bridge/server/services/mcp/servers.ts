import { randomUUID } from 'node:crypto'
import type {
  CreateMCPServerConfigRequest,
  UpdateMCPServerConfigRequest,
} from '../../../contract/mcp-servers.ts'
import { isSameKeySet } from '../../../contract/mcp-server-rules.ts'
import { haveSharedToolNames } from '../../../contract/mcp-tool-names.ts'
import type { Clock } from '../../../lib/clock.ts'
import { nameTaken, notFound } from '../../api-error.ts'
import { type Database, isUniqueViolation } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'
import type { SecretBox } from '../secret-box.ts'
import type { DiscoveredOAuth2 } from './oauth2-discovery.ts'
import { requireNoProblems } from './refuse-server.ts'
import { fromRow, toRow } from './server-row.ts'
import type { McpServerRow } from './server-secrets.ts'
import { changeSettings, createSettings, type McpServerSettings, needsDiscovery } from './server-settings.ts'
import type { McpUserHeaders } from './user-headers.ts'

export interface McpServers {
  /** All of them, by name. */
  list(): readonly McpServerRow[]
  /** @throws {ApiError} 404 */
  get(id: string): McpServerRow
  /** The one of that id, when users may use it. @throws {ApiError} 404 */
  getEnabled(id: string): McpServerRow
  /** @throws {ApiError} 400, also when discovery fails, which leaves nothing behind; 409 */
  create(request: CreateMCPServerConfigRequest, userId: string): Promise<McpServerRow>
  /** @throws {ApiError} 400, 404, 409 */
  update(id: string, request: UpdateMCPServerConfigRequest): Promise<McpServerRow>
  /** Values and tokens of users go with it. @throws {ApiError} 404 */
  delete(id: string): McpServerRow
}

export interface McpServersDeps {
  readonly db: Database
  readonly clock: Clock
  readonly box: SecretBox
  readonly userHeaders: McpUserHeaders
  /** Finds a server's provider and registers with it. @throws {ApiError} 400 */
  readonly discover: (serverId: string, url: string) => Promise<DiscoveredOAuth2>
}

export function createMcpServers(deps: McpServersDeps): McpServers {
  const { db, clock, box, userHeaders, discover } = deps
  const get = (id: string): McpServerRow => {
    const row = db.first(db.sql.selectFrom('mcp_server_configs').selectAll().where('id', '=', id))
    if (!row) throw notFound()
    return row
  }
  /** Runs a write whose only unique column is the slug. */
  const withFreeSlug = <T>(slug: string, work: () => T): T => {
    try {
      return db.transaction(work)
    } catch (error) {
      if (!isUniqueViolation(error)) throw error
      throw nameTaken(`An MCP server with the slug ${JSON.stringify(slug)} already exists.`, 'slug')
    }
  }
  /** A name of a tool says whose it is, to rules and to models. @throws {ApiError} 400 */
  const requireOwnToolNames = (slug: string, id?: string): void => {
    const rows = db.all(db.sql.selectFrom('mcp_server_configs').select(['id', 'slug']))
    // The very same one is a conflict, and said to be one when it is written.
    const other = rows.find(
      (row) =>
        row.id !== id && row.slug.toLowerCase() !== slug.toLowerCase() && haveSharedToolNames(row.slug, slug),
    )
    if (other === undefined) return
    const detail = `Tools of this server could be called like those of the server with the slug ${JSON.stringify(other.slug)}.`
    requireNoProblems([{ field: 'slug', detail }])
  }
  const completed = async (id: string, settings: McpServerSettings): Promise<McpServerSettings> =>
    needsDiscovery(settings) ? withProvider(settings, await discover(id, settings.url)) : settings

  const store = (present: McpServerRow, settings: McpServerSettings): McpServerRow => {
    const row = { ...present, ...toRow(box, present.id, settings), updated_at: clock.now() }
    const before = fromRow(box, present)
    db.run(db.sql.updateTable('mcp_server_configs').set(row).where('id', '=', row.id))
    if (!isSameKeySet(before.userKeys.keys, settings.userKeys.keys)) userHeaders.clearAll(row.id)
    if (isOtherProvider(before, settings))
      db.run(db.sql.deleteFrom('mcp_server_user_tokens').where('mcp_server_config_id', '=', row.id))
    return row
  }

  const inOrder = keptQuery(() =>
    db.sql.selectFrom('mcp_server_configs').selectAll().orderBy('display_name').orderBy('id'),
  )
  return {
    get,
    list: () => db.allKept(inOrder()),
    getEnabled(id) {
      const row = get(id)
      if (row.enabled !== 1) throw notFound()
      return row
    },
    async create(request, userId) {
      const id = randomUUID()
      const wanted = createSettings(request)
      requireOwnToolNames(wanted.slug)
      const settings = await completed(id, wanted)
      const now = clock.now()
      const row = { ...toRow(box, id, settings), created_by: userId, created_at: now, updated_at: now }
      return withFreeSlug(row.slug, () => {
        requireOwnToolNames(row.slug)
        db.run(db.sql.insertInto('mcp_server_configs').values(row))
        return row
      })
    },
    async update(id, request) {
      // Asking the provider takes its time, and nothing may be awaited inside of the transaction.
      const preview = changeSettings(fromRow(box, get(id)), request)
      if (preview.slug !== get(id).slug) requireOwnToolNames(preview.slug, id)
      const provider = needsDiscovery(preview) ? await discover(id, preview.url) : undefined
      return withFreeSlug(preview.slug, () => {
        const present = get(id)
        const settings = changeSettings(fromRow(box, present), request)
        // One from before this rule stays as it is, to be changed otherwise.
        if (settings.slug !== present.slug) requireOwnToolNames(settings.slug, id)
        return store(
          present,
          provider && needsDiscovery(settings) ? withProvider(settings, provider) : settings,
        )
      })
    },
    delete(id) {
      return db.transaction(() => {
        const row = get(id)
        db.run(db.sql.deleteFrom('mcp_server_configs').where('id', '=', id))
        return row
      })
    },
  }
}

function withProvider(settings: McpServerSettings, found: DiscoveredOAuth2): McpServerSettings {
  const { clientId, authUrl, tokenUrl } = found
  return {
    ...settings,
    oauth2: { clientId, authUrl, tokenUrl, scopes: settings.oauth2.scopes || found.scopes },
    secrets: { ...settings.secrets, oauth2ClientSecret: found.clientSecret },
  }
}

/** A token of one provider must not be shown to another. */
function isOtherProvider(before: McpServerSettings, after: McpServerSettings): boolean {
  return (
    before.authType !== after.authType ||
    before.url !== after.url ||
    before.oauth2.clientId !== after.oauth2.clientId ||
    before.oauth2.authUrl !== after.oauth2.authUrl ||
    before.oauth2.tokenUrl !== after.oauth2.tokenUrl
  )
}
