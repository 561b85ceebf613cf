/**
 * What a person does with a file that a chat's work has changed. Ours, not Coder's: a server that has it lists the feature
 * `chat-git-actions`.
 */
import { z } from 'zod'
import { gitFileActions } from './chats-git.ts'
import { defineRoute } from './route.ts'

export const chatGitActionRequestSchema = z.object({
  /** As the git socket of the chat tells it. */
  repo_root: z.string().min(1).max(4096),
  /** Of one file, from there. */
  path: z.string().min(1).max(4096),
  /** `discard` goes back to the last commit; a file that is not in it is removed. */
  action: z.enum(gitFileActions),
})
export type ChatGitActionRequest = z.output<typeof chatGitActionRequestSchema>

export const chatGitActionsRoutes = {
  /** 400 for what is no changed file of a repository in the workspace, and where no workspace runs. */
  act: defineRoute({
    method: 'POST',
    path: '/api/experimental/chats/{chat}/git/actions',
    auth: 'user',
    body: chatGitActionRequestSchema,
    status: 204,
    errors: [400, 401, 403, 404],
  }),
} as const
