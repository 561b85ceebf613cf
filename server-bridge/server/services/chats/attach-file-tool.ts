import { basename } from 'node:path'
import { z } from 'zod'
import { maxChatFileBytes } from '../../../contract/chats-files.ts'
import { agentToolRoutes } from '../../../contract/agent-tools.ts'
import { type ChatFiles, toFilePart } from './chat-files.ts'
import type { ChatRow } from './chat-rows.ts'
import { cleanFileName } from './file-name.ts'
import { isSvg, sniffType, UNKNOWN_TYPE } from './file-type.ts'
import type { ToolSource } from './tool-box.ts'
import { checkArguments } from './workspace-tool.ts'
import type { WorkspaceToolsDeps } from './workspace-tools.ts'

const argsSchema = z.object({
  path: z.string().min(1).describe('Relative to the folder of the workspace, or absolute.'),
  name: z.string().optional().describe('What the user sees it called. Absent: the name it has.'),
})
const NAME = 'attach_file'

/** Sub-agents that explore tell what they found, and no more (agents-api 11). */
const isOffered = (chat: ChatRow): boolean => chat.workspace_id !== null && chat.agent_type !== 'explore'

const DESCRIPTION =
  'Hands a file of the workspace to the user, who sees it in the chat and can save it. Up to 10 MiB, of any type.'

/** Lets a model hand files of its workspace to the chat's owner (agents-api 11). */
export function createAttachFileTool({
  call,
  agentOf,
  files,
}: WorkspaceToolsDeps & { readonly files: Pick<ChatFiles, 'storeFile' | 'find'> }): ToolSource {
  const tools = [
    { name: NAME, description: DESCRIPTION, inputSchema: z.toJSONSchema(argsSchema, { io: 'input' }) },
  ]
  const keep = (chat: ChatRow, given: { readonly name: string; readonly bytes: Uint8Array }) => {
    const { name, bytes } = given
    // Kept, but as something that no browser draws.
    const mediaType = isSvg(bytes) ? UNKNOWN_TYPE : sniffType(bytes, name)
    const { id } = files.storeFile({
      chatId: chat.id,
      ownerId: chat.owner_id,
      organizationId: chat.organization_id,
      ...{ name, mediaType, bytes },
    })
    return files.find(id)
  }
  return {
    async offer(chat) {
      return {
        tools: isOffered(chat) ? tools : [],
        instructions: [],
        serverOf: () => undefined,
      }
    },
    check: (chat, { name, args }) =>
      name === NAME && isOffered(chat) ? checkArguments(argsSchema, args) : undefined,
    async run(chat, { name: tool, args }, signal) {
      if (tool !== NAME || !isOffered(chat)) return undefined
      const { path, name: wanted = '' } = argsSchema.parse(args)
      const agentId = await agentOf(chat, signal)
      const { data } = await call(agentId, {
        route: agentToolRoutes.readBytes,
        body: { path, max_bytes: maxChatFileBytes },
        signal,
      })
      const bytes = Buffer.from(data, 'base64')
      if (bytes.byteLength === 0) throw new Error(`${path} is empty.`)
      const row = keep(chat, { name: cleanFileName(wanted) || basename(path), bytes })
      if (!row) throw new Error('The file could not be kept.')
      return {
        result: {
          ok: true,
          path,
          file_id: row.id,
          name: row.name,
          media_type: row.media_type,
          size: bytes.byteLength,
        },
        files: [toFilePart(row)],
      }
    },
  }
}
