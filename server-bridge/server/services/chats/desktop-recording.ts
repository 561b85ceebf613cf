import { agentToolRoutes } from '../../../contract/agent-tools.ts'
import { recordingType } from '../../../contract/desktop-actions.ts'
import type { Logger } from '../../../lib/logger.ts'
import { toError } from '../../../lib/to-error.ts'
import type { CallAgentTool } from '../../agents/agent-tool-calls.ts'
import type { ChatFiles } from './chat-files.ts'
import { type ChatRow, type MessageRow, partsOf } from './chat-rows.ts'
import { pictureOf } from './model-screenshots.ts'

/** What `wait_agent` tells of a film of the desktop, by ids of files of the chat (agents-api 11). */
export interface KeptRecording {
  readonly recording_file_id?: string
  readonly thumbnail_file_id?: string
}
/** Keeps what was recorded of a sub-agent with its root. Empty: there is none. */
export type TakeDesktopRecording = (
  child: ChatRow,
  root: ChatRow,
  signal: AbortSignal,
) => Promise<KeptRecording>

export interface DesktopRecordingDeps {
  readonly call: CallAgentTool
  /** The agent of the chat's workspace, if it can be reached right now. */
  readonly agentOf: (chat: ChatRow) => string | undefined
  readonly files: Pick<ChatFiles, 'storeFile'>
  readonly messages: (chatId: string) => readonly MessageRow[]
  readonly logger: Logger
}

export function createDesktopRecording(deps: DesktopRecordingDeps): TakeDesktopRecording {
  const { call, agentOf, files, messages, logger } = deps
  const take = async (child: ChatRow, signal: AbortSignal): Promise<Buffer | undefined> => {
    const agentId = agentOf(child)
    if (agentId === undefined) return undefined
    const route = agentToolRoutes.takeDesktopRecording
    const { recording } = await call(agentId, { route, body: { chat_id: child.id }, signal })
    const film = recording === undefined ? undefined : Buffer.from(recording, 'base64')
    return film && isFilm(film) ? film : undefined
  }
  return async (child, root, signal) => {
    if (child.agent_type !== 'computer_use') return {}
    const film = await take(child, signal).catch((error: unknown) => {
      signal.throwIfAborted()
      // The report is worth more than the film.
      logger.warn('The recording of a desktop was lost', { chatId: child.id, error: toError(error).message })
      return undefined
    })
    if (film === undefined) return {}
    const { id } = files.storeFile({
      chatId: root.id,
      ownerId: root.owner_id,
      organizationId: root.organization_id,
      ...{ name: 'desktop.mp4', mediaType: recordingType, bytes: film },
    })
    const pictures = messages(child.id).flatMap((row) =>
      row.role === 'tool' ? partsOf(row).flatMap((part) => pictureOf(part) ?? []) : [],
    )
    const last = pictures.at(-1)
    return {
      recording_file_id: id,
      ...(last === undefined ? {} : { thumbnail_file_id: last.file_id }),
    }
  }
}

/** By the mark of ISO media: an agent runs on a machine of its user. */
const isFilm = (bytes: Buffer): boolean => bytes.toString('latin1', 4, 8) === 'ftyp'
