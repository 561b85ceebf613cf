import { randomUUID } from 'node:crypto'
import type { CallAgentTool } from '../../agents/agent-tool-calls.ts'
import type { AuditEntry } from '../audit.ts'
import type { Approvals } from './approvals.ts'
import type { ChatStore } from './chat-store.ts'
import type { ChatServiceDeps } from './chat-service-deps.ts'
import { createLifecycleTools } from './lifecycle-tools.ts'
import { createMcpTools } from './mcp-tools.ts'
import type { ModelConfigs } from './model-configs.ts'
import { createOwnerTools } from './owner-tools.ts'
import { planTools } from './plan-tools.ts'
import { createServerTools } from './server-tool.ts'
import { subAgentTools } from './sub-agent-tools.ts'
import { createSubAgents } from './sub-agents.ts'
import { createTemplateTools } from './template-tools.ts'
import { recordToolRun } from './tool-audit.ts'
import { createToolBox, type ToolBox } from './tool-box.ts'
import { changesSomething } from './tool-policy.ts'
import { createWorkspaceAgents } from './workspace-agents.ts'
import { createWorkspaceTools } from './workspace-tools.ts'

export interface ChatToolParts {
  readonly approvals: Approvals
  readonly modelConfigs: ModelConfigs
  readonly store: ChatStore
  readonly call: CallAgentTool
}

/** All tools of chats, behind the one gate that every call goes through. */
export function createChatTools(deps: ChatServiceDeps, parts: ChatToolParts): ToolBox {
  const { db, clock, logger, mcp, topics } = deps
  const { approvals, modelConfigs, store, call } = parts
  const agentOf = createWorkspaceAgents(deps)
  return createToolBox({
    sources: [
      createWorkspaceTools({ call, agentOf }),
      createServerTools([
        ...planTools({ call, agentOf, storeFile: deps.storeFile }),
        ...subAgentTools(createSubAgents({ db, clock, store, topic: topics.chat })),
      ]),
      createDeploymentTools(deps, store),
      createMcpTools({ mcp, clock, logger }),
    ],
    verdict: approvals.verdict,
    onRun(chat, { name }) {
      if (changesSomething(name)) recordToolRun(deps, chat, name)
    },
    contextLimitOf: (chat) => modelConfigs.get(chat.last_model_config_id)?.context_limit,
    now: () => clock.now(),
    logger,
  })
}

/** Templates and workspaces, by the rights of the chat's owner. */
function createDeploymentTools(deps: ChatServiceDeps, store: ChatStore) {
  const shared = { ...deps, store, isTemplateAllowed: deps.options.isTemplateAllowed ?? (() => true) }
  const audit = (userId: string, entry: AuditEntry): void =>
    deps.auditLog.record(entry, {
      requestId: randomUUID(),
      userId,
      remoteAddress: '',
      userAgent: 'chat',
      statusCode: 200,
    })
  return createOwnerTools(
    [...createTemplateTools(shared), ...createLifecycleTools({ ...shared, audit })],
    deps.sessions.actFor,
  )
}
