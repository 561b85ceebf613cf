/**
 * `.mcp.json`, where agents look for a project's MCP servers. Only our own entry is touched; whoever else has written
 * into the file finds everything as it was.
 */
import type { GatewayTarget } from '../../contract/header-gateway.ts'

export interface McpJsonEntry {
  readonly transport: GatewayTarget['transport']
  readonly port: number
  readonly bearer: string
}

/** The file cannot be used; `message` is a sentence. */
export class McpJsonError extends Error {
  override readonly name = 'McpJsonError'
}

const ownUrl = /^http:\/\/127\.0\.0\.1:\d{1,5}\/mcp$/
const ownAuthorization = /^Bearer [A-Za-z0-9_-]{43}$/

/**
 * The file's text with the entry added. Under `<name>-gateway` where the name is taken by another kind of entry; one
 * that an earlier gateway left behind is replaced.
 *
 * @param text `undefined`: there is no file.
 * @throws {McpJsonError} when the text is not what such a file holds.
 */
export function addToMcpJson(text: string | undefined, name: string, entry: McpJsonEntry): string {
  const { file, servers } = read(text)
  const key = [name, `${name}-gateway`].find((one) => !Object.hasOwn(servers, one) || isOwn(servers[one]))
  if (key === undefined) {
    throw new McpJsonError(
      `.mcp.json has servers called ${name} and ${name}-gateway already. Rename one of them.`,
    )
  }
  const added = {
    type: entry.transport === 'sse' ? 'sse' : 'http',
    url: urlOf(entry),
    headers: { Authorization: `Bearer ${entry.bearer}` },
  }
  return write(text, { ...file, mcpServers: { ...servers, [key]: added } })
}

/**
 * The file's text without what was added with this bearer; `null` when nothing else is left, `undefined` when there is
 * nothing to remove.
 */
export function removeFromMcpJson(text: string | undefined, bearer: string): string | null | undefined {
  if (text === undefined) return undefined
  let parts: ReturnType<typeof read>
  try {
    parts = read(text)
  } catch {
    // Somebody has made something else of it, and our entry is gone with what it was.
    return undefined
  }
  const { file, servers } = parts
  const kept = Object.entries(servers).filter(
    ([, server]) => !(isOwn(server) && server.headers.Authorization === `Bearer ${bearer}`),
  )
  if (kept.length === Object.keys(servers).length) return undefined
  if (kept.length === 0 && Object.keys(file).length === 1) return null
  return write(text, { ...file, mcpServers: Object.fromEntries(kept) })
}

/** Where the workspace reaches the gateway. */
export function urlOf({ port }: Pick<McpJsonEntry, 'port'>): string {
  return `http://127.0.0.1:${String(port)}/mcp`
}

function read(text: string | undefined): {
  readonly file: Readonly<Record<string, unknown>>
  readonly servers: Readonly<Record<string, unknown>>
} {
  if (text === undefined || text.trim() === '') return { file: {}, servers: {} }
  let file: unknown
  try {
    file = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new McpJsonError('.mcp.json in the workspace is not JSON, so nothing was added to it.')
  }
  const servers = isRecord(file) ? (file['mcpServers'] ?? {}) : undefined
  if (!isRecord(file) || !isRecord(servers)) {
    throw new McpJsonError('.mcp.json in the workspace does not list servers, so nothing was added to it.')
  }
  return { file, servers }
}

function isOwn(entry: unknown): entry is { readonly headers: { readonly Authorization: string } } {
  if (!isRecord(entry) || typeof entry['url'] !== 'string' || !ownUrl.test(entry['url'])) return false
  const { headers } = entry
  return (
    isRecord(headers) &&
    Object.keys(headers).length === 1 &&
    typeof headers['Authorization'] === 'string' &&
    ownAuthorization.test(headers['Authorization'])
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Indented as it was. */
function write(before: string | undefined, file: object): string {
  const indent = /^\{\r?\n([ \t]+)"/.exec(before ?? '')?.[1] ?? '  '
  return `${JSON.stringify(file, null, indent)}\n`
}
