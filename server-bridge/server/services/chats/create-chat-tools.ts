import { randomUUID } from 'node:crypto'
import type { CallAgentTool } from '../../agents/agent-tool-calls.ts'
import type { AuditEntry } from '../audit.ts'
import type { AiProviders } from './ai-providers.ts'
import type { Approvals } from './approvals.ts'
import { createAttachFileTool } from './attach-file-tool.ts'
import type { ChatConfig } from './chat-config.ts'
import { createComputerTool } from './computer-tool.ts'
import { createComputerUse } from './computer-use.ts'
import type { ChatStore } from './chat-store.ts'
import type { ChatServiceDeps } from './chat-service-deps.ts'
import type { ChatContent } from './create-chat-content.ts'
import { createDesktopRecording } from './desktop-recording.ts'
import { deploymentPrompts } from './instructions.ts'
import { createLifecycleTools } from './lifecycle-tools.ts'
import { createMcpTools } from './mcp-tools.ts'
import type { ModelConfigs } from './model-configs.ts'
import { createOwnerTools } from './owner-tools.ts'
import { planTools } from './plan-tools.ts'
import { createServerTools, type ServerTool } from './server-tool.ts'
import { createSkillTools } from './skill-tools.ts'
import { subAgentTools } from './sub-agent-tools.ts'
import { createSubAgents } from './sub-agents.ts'
import { createTemplateTools } from './template-tools.ts'
import { recordToolRun } from './tool-audit.ts'
import { createToolBox, type ToolBox } from './tool-box.ts'
import { changesSomething } from './tool-policy.ts'
import { createLinkedAgents, createWorkspaceAgents } from './workspace-agents.ts'
import type { UserProviderKeys } from './user-provider-keys.ts'
import type { WorkspaceSkills } from './workspace-skills.ts'
import { createWorkspaceTools } from './workspace-tools.ts'

export interface ChatToolParts {
  readonly approvals: Pick<Approvals, 'verdict'>
  readonly content: ChatContent
  readonly modelConfigs: ModelConfigs
  readonly providers: Pick<AiProviders, 'rows'>
  readonly accessFor: UserProviderKeys['accessFor']
  readonly store: ChatStore
  readonly call: CallAgentTool
  readonly workspaceSkills: WorkspaceSkills
  readonly advisorTool: ServerTool
}

/** All tools of chats, behind the one gate that every call goes through. */
export function createChatTools(deps: ChatServiceDeps, parts: ChatToolParts): ToolBox {
  const { db, clock, logger, mcp, topics } = deps
  const { approvals, content, modelConfigs, store, call } = parts
  const { chatConfig, chatFiles, modelChoice } = content
  const workspace = { call, agentOf: createWorkspaceAgents(deps) }
  const computerUse = createComputerUse({ ...parts, chatConfig, isOn: deps.hasDesktops })
  const takeRecording = createDesktopRecording({
    ...{ call, logger, files: chatFiles, messages: store.messages },
    agentOf: createLinkedAgents(deps),
  })
  const subAgents = createSubAgents({
    ...{ db, clock, store, topic: topics.chat },
    chooseModel: (root, type) =>
      type === 'computer_use' ? computerUse.modelFor(root) : modelChoice.forSubAgent(root.owner_id, type)?.id,
    deploymentPrompts: () => deploymentPrompts(chatConfig),
  })
  return createToolBox({
    sources: [
      createWorkspaceTools(workspace),
      createAttachFileTool({ ...workspace, files: chatFiles }),
      createComputerTool({ ...workspace, computerUse, files: chatFiles }),
      createSkillTools({ own: content.userSkills, ofWorkspace: parts.workspaceSkills }),
      createServerTools([
        ...planTools({ ...workspace, storeFile: chatFiles.storeFile }),
        ...subAgentTools(subAgents, computerUse, takeRecording),
        parts.advisorTool,
      ]),
      createDeploymentTools(deps, store, chatConfig),
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
function createDeploymentTools(deps: ChatServiceDeps, store: ChatStore, chatConfig: Pick<ChatConfig, 'get'>) {
  const isOnList = (id: string): boolean => {
    const allowed = chatConfig.get('template_allowlist')
    return allowed.length === 0 || allowed.includes(id)
  }
  const shared = {
    ...{ ...deps, store },
    isTemplateAllowed: deps.options.isTemplateAllowed ?? isOnList,
    workspaceTtlMs: () => chatConfig.get('workspace_ttl_ms'),
  }
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
