/** The repositories of a chat's workspace, whole each time: the server tells what changed only. */
import { followChatGit } from '#bridge/client/follow-chat'
import type { GitRepository, GitServerMessage } from '#bridge/contract/chats-git'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { followSession } from '../workspaces/session-stream.ts'
import type { WatchTranscriptDeps } from './watch-transcript.ts'

export interface GitState {
  readonly scannedAt?: string
  readonly repositories: GitRepository[]
  readonly problem?: string
}

export async function* watchGit(
  deps: WatchTranscriptDeps,
  { connection, chatId }: { readonly connection: DeploymentConnection; readonly chatId: string },
  signal: AbortSignal,
): AsyncGenerator<GitState, void> {
  const known = new Map<string, GitRepository>()
  const messages = followSession<GitServerMessage>({
    connection,
    signal,
    keep: 'all',
    open: (session, sink) =>
      followChatGit({
        ...deps,
        client: session.client,
        chatId,
        onMessage: (message) => sink.push(message),
        onState: (state) => sink.onState(state),
      }),
    refine: (code, reason) =>
      code === 'refused'
        ? new ProcedureError('no_workspace', reason)
        : code === 'not_found'
          ? new ProcedureError('unsupported', 'This deployment does not tell what changed.')
          : undefined,
  })
  for await (const message of messages) yield stateAfter(known, message)
}

/** Folds one message into what is known. */
function stateAfter(known: Map<string, GitRepository>, message: GitServerMessage): GitState {
  for (const repository of message.repositories ?? []) {
    if (repository.removed === true) known.delete(repository.repo_root)
    else known.set(repository.repo_root, repository)
  }
  return {
    repositories: [...known.values()].sort((a, b) => (a.repo_root < b.repo_root ? -1 : 1)),
    ...(message.scanned_at === undefined ? {} : { scannedAt: message.scanned_at }),
    ...(message.type === 'error' ? { problem: message.message ?? 'The changes could not be read.' } : {}),
  }
}
