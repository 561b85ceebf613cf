/** Every procedure the renderer may call, by `feature.name`. Adding one breaks the build until main handles it. */
import { agentRules } from './agent-rules.ts'
import { aiModels } from './ai-models.ts'
import { app } from './app.ts'
import { appPreview } from './app-preview.ts'
import { chatDebug } from './chat-debug.ts'
import { chatGovernance } from './chat-governance.ts'
import { chatSharing } from './chat-sharing.ts'
import { chats } from './chats.ts'
import { coderCli } from './coder-cli.ts'
import { deploymentNetwork } from './deployment-network.ts'
import { deployments } from './deployments.ts'
import { desktopWindows } from './desktop-windows.ts'
import { dictation } from './dictation.ts'
import { files } from './files.ts'
import { diagnostics } from './diagnostics.ts'
import { headerGateway } from './header-gateway.ts'
import { keychain } from './keychain.ts'
import { mcpServerAdmin } from './mcp-server-admin.ts'
import { mcpServers } from './mcp-servers.ts'
import { ownAgents } from './own-agents.ts'
import type { ProcedureDefinition } from './procedure.ts'
import { settings } from './settings.ts'
import { templates } from './templates.ts'
import { terminals } from './terminals.ts'
import { tunnels } from './tunnels.ts'
import { workspaces } from './workspaces.ts'

export const contract = {
  agentRules,
  aiModels,
  app,
  appPreview,
  chatDebug,
  chatGovernance,
  chatSharing,
  chats,
  coderCli,
  deploymentNetwork,
  deployments,
  desktopWindows,
  dictation,
  files,
  diagnostics,
  headerGateway,
  keychain,
  mcpServerAdmin,
  mcpServers,
  ownAgents,
  settings,
  templates,
  terminals,
  tunnels,
  workspaces,
} as const satisfies Record<string, Record<string, ProcedureDefinition>>
export type Contract = typeof contract
