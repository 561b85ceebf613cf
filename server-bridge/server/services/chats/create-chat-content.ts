import type { CallAgentTool } from '../../agents/agent-tool-calls.ts'
import { createChatConfig } from './chat-config.ts'
import { createChatFiles } from './chat-files.ts'
import type { ChatServiceDeps } from './chat-service-deps.ts'
import { createChatUserConfig } from './chat-user-config.ts'
import { createModelChoice } from './model-choice.ts'
import type { ModelConfigs } from './model-configs.ts'
import { createTurnInstructions, type TurnInstructions } from './turn-instructions.ts'
import { createUserSkills } from './user-skills.ts'
import { createLinkedAgents } from './workspace-agents.ts'
import { createWorkspaceInstructions } from './workspace-instructions.ts'

export type ChatContent = ReturnType<typeof createChatContent>

/** What administrators and users set for chats, and what they put into them. */
export function createChatContent(
  { db, clock }: Pick<ChatServiceDeps, 'db' | 'clock'>,
  modelConfigs: ModelConfigs,
) {
  const chatConfig = createChatConfig(db)
  const chatUserConfig = createChatUserConfig(db)
  return {
    chatConfig,
    chatUserConfig,
    modelChoice: createModelChoice({ modelConfigs, chatConfig, chatUserConfig }),
    userSkills: createUserSkills(db, clock),
    chatFiles: createChatFiles(db, clock),
  }
}

/** What is said in each turn beside the history. */
export function createInstructions(
  deps: ChatServiceDeps,
  content: ChatContent,
  call: CallAgentTool,
): TurnInstructions {
  const { clock, logger } = deps
  return createTurnInstructions({
    ...content,
    readWorkspace: createWorkspaceInstructions({ clock, logger, call, agentOf: createLinkedAgents(deps) }),
  })
}
