import { initialSchema } from './0001-initial-schema.ts'
import { mcpServers } from './0008-mcp-servers.ts'

export interface Migration {
  readonly name: string
  readonly statements: string
}

/** In order of application; the position is the schema version. Entries are never changed once released. */
export const migrations: readonly Migration[] = [
  { name: 'initial-schema', statements: initialSchema },
  { name: 'mcp-servers', statements: mcpServers },
]
