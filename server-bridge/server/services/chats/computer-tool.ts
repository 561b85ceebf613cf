import { agentToolRoutes } from '../../../contract/agent-tools.ts'
import type { DesktopAction } from '../../../contract/desktop-actions.ts'
import { type ChatFiles, toFilePart } from './chat-files.ts'
import type { ChatRow } from './chat-rows.ts'
import { computerActionSchema, computerInputSchema } from './computer-action.ts'
import { COMPUTER } from './computer-driver.ts'
import type { ComputerUse } from './computer-use.ts'
import { sniffType } from './file-type.ts'
import type { ToolOutcome, ToolSource } from './tool-box.ts'
import type { ToolCall } from './turn-decision.ts'
import { checkArguments } from './workspace-tool.ts'
import type { WorkspaceToolsDeps } from './workspace-tools.ts'

export interface ComputerToolDeps extends WorkspaceToolsDeps {
  readonly computerUse: Pick<ComputerUse, 'isUser' | 'canDrive'>
  readonly files: Pick<ChatFiles, 'storeFile' | 'find'>
}

/** Beyond what an action itself waits for: others of the workspace may come first. */
const WAIT_MS = 30_000
const PICTURE = 'desktop.png'
const PICTURE_TYPE = 'image/png'

/** For who reads along; the model is told by its provider what the tool is. */
const DESCRIPTION = 'Sees the desktop of the workspace, and acts there by mouse and keys.'

const CANNOT =
  'The model of this chat has no tool for the desktop of the workspace. Say so, if the task needs it.'

/** Lets the model of a sub-agent act on the desktop of its workspace, and see what became of it (agents-api 11). */
export function createComputerTool(deps: ComputerToolDeps): ToolSource {
  const { call, agentOf, computerUse, files } = deps
  const inOrder = createOrder()
  const isOffered = (chat: ChatRow): boolean => computerUse.isUser(chat) && computerUse.canDrive(chat)

  const act = async (chat: ChatRow, action: DesktopAction, signal: AbortSignal): Promise<ToolOutcome> => {
    const agentId = await agentOf(chat, signal)
    const waitMs = WAIT_MS + ('ms' in action ? action.ms : 0)
    const route = agentToolRoutes.actOnDesktop
    const { cursor, screenshot } = await call(agentId, {
      ...{ route, signal, waitMs },
      body: { chat_id: chat.id, action },
    })
    if (action.type === 'cursor_position') return { result: { output: `X=${cursor.x},Y=${cursor.y}` } }
    const bytes = Buffer.from(screenshot, 'base64')
    // An agent runs on a machine of its user: what it sends is looked at.
    if (sniffType(bytes, PICTURE) !== PICTURE_TYPE)
      throw new Error('The workspace sent no picture of its desktop.')
    const { id } = files.storeFile({
      chatId: chat.id,
      ownerId: chat.owner_id,
      organizationId: chat.organization_id,
      ...{ name: PICTURE, mediaType: PICTURE_TYPE, bytes },
    })
    const row = files.find(id)
    if (!row) throw new Error('The picture of the desktop could not be kept.')
    return {
      result: { mime_type: PICTURE_TYPE, attachment_file_id: id, attachment_name: PICTURE },
      is_media: true,
      files: [toFilePart(row)],
    }
  }

  return {
    async offer(chat) {
      const isShown = isOffered(chat)
      return {
        tools: isShown
          ? [{ name: COMPUTER, description: DESCRIPTION, inputSchema: computerInputSchema, isComputer: true }]
          : [],
        instructions: computerUse.isUser(chat) && !isShown ? [CANNOT] : [],
        serverOf: () => undefined,
      }
    },
    check: (chat, { name, args }) =>
      name === COMPUTER && isOffered(chat) ? checkArguments(computerActionSchema, args) : undefined,
    async run(chat, toolCall, signal) {
      if (toolCall.name !== COMPUTER || !isOffered(chat)) return undefined
      const action = computerActionSchema.parse(toolCall.args)
      return inOrder(chat, toolCall, () => act(chat, action, signal))
    },
  }
}

/**
 * Actions of one message are done one after the other, as the model said them: where one fails, those after it would be done
 * to another screen than it thinks.
 */
function createOrder() {
  const last = new Map<string, Promise<unknown>>()
  return (chat: ChatRow, { messageId }: ToolCall, work: () => Promise<ToolOutcome>): Promise<ToolOutcome> => {
    const key = `${chat.id} ${messageId}`
    const before = last.get(key) ?? Promise.resolve()
    const turn = before.then(work, () => {
      throw new Error('An action before this one failed, so this one was not done.')
    })
    last.set(key, turn)
    const forget = (): void => {
      if (last.get(key) === turn) last.delete(key)
    }
    turn.then(forget, forget)
    return turn
  }
}
