import { initialSchema } from './0001-initial-schema.ts'
import { accounts } from './0002-accounts.ts'
import { administrationSchema } from './0003-administration.ts'
import { templates } from './0004-templates.ts'
import { workspacesSchema } from './0005-workspaces.ts'
import { agentRuntime } from './0006-agent-runtime.ts'
import { mcpServers } from './0007-mcp-servers.ts'
import { agentOptions } from './0008-agent-options.ts'
import { largeDeployments } from './0009-large-deployments.ts'
import { chatsSchema } from './0010-chats.ts'
import { chatApprovals } from './0011-chat-approvals.ts'
import { chatContentSchema } from './0012-chat-content.ts'
import { chatSpending } from './0013-chat-spending.ts'
import { chatLedger } from './0014-chat-ledger.ts'
import { chatSharesSchema } from './0015-chat-shares.ts'
import { chatBranches } from './0016-chat-branches.ts'
import { chatDebug } from './0017-chat-debug.ts'

export interface Migration {
  readonly name: string
  readonly statements: string
  /** Drops a table that others point to and builds it anew, so pointers are checked at the end instead of on the way. */
  readonly rebuilds?: boolean
}

/** In order of application; the position is the schema version. Entries are never changed once released. */
export const migrations: readonly Migration[] = [
  { name: 'initial-schema', statements: initialSchema },
  { name: 'accounts', statements: accounts, rebuilds: true },
  { name: 'administration', statements: administrationSchema },
  { name: 'templates', statements: templates },
  { name: 'workspaces', statements: workspacesSchema },
  { name: 'agent-runtime', statements: agentRuntime },
  { name: 'mcp-servers', statements: mcpServers },
  { name: 'agent-options', statements: agentOptions },
  { name: 'large-deployments', statements: largeDeployments },
  { name: 'chats', statements: chatsSchema },
  { name: 'chat-approvals', statements: chatApprovals },
  { name: 'chat-content', statements: chatContentSchema },
  { name: 'chat-spending', statements: chatSpending },
  { name: 'chat-ledger', statements: chatLedger },
  { name: 'chat-shares', statements: chatSharesSchema },
  { name: 'chat-branches', statements: chatBranches },
  { name: 'chat-debug', statements: chatDebug },
]
