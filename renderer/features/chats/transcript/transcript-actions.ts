import { createContext, useContext, type ReactNode } from 'react'
import type { ApprovalDecision } from '#bridge/contract/chats-approvals'
import type { ChatMessage } from '#bridge/contract/chats-messages'

/** A file of a chat, base64. */
export interface LoadedFile {
  readonly mediaType: string
  readonly data: string
}

/** How much of a file is there; `size` where it is known. */
export interface ReadProgress {
  readonly bytes: number
  readonly size: number | null
}

/** What a reader can do from a transcript. What is absent is not offered: to somebody who only reads, say. */
export interface TranscriptActions {
  readonly onOpenLink: (url: string) => void
  readonly onEdit?: ((message: ChatMessage) => void) | undefined
  /** A file of the chat's workspace. Lines count from 1. */
  readonly onOpenFile?: ((path: string, line?: number) => void) | undefined
  /** What changed in a file since the last commit. */
  readonly onOpenDiff?: ((path: string) => void) | undefined
  /** Rejects where the decision did not reach the server. */
  readonly onDecide?: ((decisions: ApprovalDecision[]) => Promise<unknown>) | undefined
  /** Whether a decision can be for the chat's workspace. */
  readonly hasWorkspace?: boolean | undefined
  /** Rejects where it was not sent, after that was told. */
  readonly onAnswer?: ((text: string) => Promise<unknown>) | undefined
  /** Rejects where it was not sent, after that was told. */
  readonly onImplementPlan?: (() => Promise<unknown>) | undefined
  /** Stops the turn. Rejects where it goes on, after that was told. Absent also where it stops already. */
  readonly onStop?: (() => Promise<unknown>) | undefined
  readonly onAskForChanges?: (() => void) | undefined
  readonly onOpenChat?: ((chatId: string) => void) | undefined
  readonly loadFile?: ((fileId: string) => Promise<LoadedFile>) | undefined
  /** Saves a file where the user says. Resolves in any case; a failure was told then. */
  readonly saveFile?: ((fileId: string, name: string) => Promise<void>) | undefined
  /** A film, of which main knows that it is one. */
  readonly loadRecording?:
    | ((fileId: string, onProgress: (progress: ReadProgress) => void, signal: AbortSignal) => Promise<Blob>)
    | undefined
  /** Shows what a sub-agent's desktop shows, to look at. */
  readonly watchDesktop?: ((chatId: string) => ReactNode) | undefined
  /** The chats of sub-agents that use a desktop, as far as what was said tells. */
  readonly desktopAgents?: ReadonlySet<string> | undefined
  /** The chat's sub-agents as they are now, by the ids of their chats. */
  readonly agents?: ReadonlyMap<string, { readonly title: string; readonly status: string }> | undefined
  /** Where the logs of workspaces' builds are read. Absent: they are not. */
  readonly builds?:
    | {
        readonly deploymentId: string
        /** The last one of the chat's workspace. */
        readonly latest:
          { readonly id: string; readonly createdAt: string; readonly isRunning: boolean } | undefined
      }
    | undefined
  /** Names of the deployment's templates by id. */
  readonly templateNames?: ReadonlyMap<string, string> | undefined
  /** Names of MCP servers by id and by slug. */
  readonly serverNames?: ReadonlyMap<string, string> | undefined
}

export const ActionsContext = createContext<TranscriptActions>({ onOpenLink: () => undefined })

/** What the rows of this transcript can do. */
export function useActions(): TranscriptActions {
  return useContext(ActionsContext)
}
