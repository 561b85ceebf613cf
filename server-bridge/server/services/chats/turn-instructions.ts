import type { ChatConfig } from './chat-config.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ChatUserConfig } from './chat-user-config.ts'
import { planInstructions } from './instructions.ts'
import type { ReadWorkspaceInstructions } from './workspace-instructions.ts'

/** What is said in each turn and not kept with the chat, so that a change holds from the next step on (agents-api 12.3). */
export type TurnInstructions = (chat: ChatRow, signal: AbortSignal) => Promise<string[]>

export function createTurnInstructions({
  chatConfig,
  chatUserConfig,
  readWorkspace,
}: {
  readonly chatConfig: Pick<ChatConfig, 'get'>
  readonly chatUserConfig: Pick<ChatUserConfig, 'prompt'>
  readonly readWorkspace: ReadWorkspaceInstructions
}): TurnInstructions {
  return async (chat, signal) => {
    const prompt = chatUserConfig.prompt(chat.owner_id)
    return [
      ...(prompt === '' ? [] : [`The user wants this of every agent:\n${prompt}`]),
      ...(await readWorkspace(chat, signal)),
      ...(chat.plan_mode === 'plan'
        ? [planInstructions(chat), chatConfig.get('plan_mode_instructions')]
        : []),
    ]
  }
}
