/** What a chat's work changed: in the workspace, live, and on the forge (agents-api 8.2 and 8.3). */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, datetime, list, openEnum, text, uuid } from './shape.ts'

export const chatDiffContentsSchema = answer({
  chat_id: uuid,
  provider: z.string().optional(),
  remote_origin: z.string().optional(),
  branch: z.string().optional(),
  pull_request_url: z.string().optional(),
  /** Unified. */
  diff: z.string().optional(),
})
export type ChatDiffContents = z.output<typeof chatDiffContentsSchema>

/** Ours: what can be staged, unstaged and discarded; see chats-git-actions.ts. */
export const gitFileSchema = answer({
  path: z.string(),
  staged: z.boolean(),
  unstaged: z.boolean(),
  untracked: z.boolean(),
})
export const gitFileActions = ['stage', 'unstage', 'discard'] as const

/** Replaces what was known of the repository; `removed`: it is gone. */
export const gitRepositorySchema = answer({
  repo_root: z.string(),
  branch: text,
  remote_origin: z.string().optional(),
  unified_diff: z.string().optional(),
  removed: z.boolean().optional(),
  files: list(gitFileSchema).optional(),
})
export type GitRepository = z.output<typeof gitRepositorySchema>

export const gitServerMessageSchema = answer({
  type: openEnum(['changes', 'error']),
  scanned_at: datetime.optional(),
  repositories: list(gitRepositorySchema).optional(),
  message: z.string().optional(),
})
export type GitServerMessage = z.output<typeof gitServerMessageSchema>

/** Asks for a scan now. */
export const gitClientMessageSchema = z.object({ type: z.literal('refresh') })

/** All diffs of one scan together. */
export const maxGitDiffBytes = 3 * 1024 * 1024

/**
 * The message of one frame.
 *
 * @throws {SyntaxError} when it is no JSON message.
 */
export function parseGitFrame(frame: string): GitServerMessage {
  const result = gitServerMessageSchema.safeParse(JSON.parse(frame))
  if (!result.success) throw new SyntaxError('A message about repositories has the wrong shape.')
  return result.data
}

const chat = '/api/experimental/chats/{chat}'

export const chatGitRoutes = {
  diff: defineRoute({
    method: 'GET',
    path: `${chat}/diff`,
    auth: 'user',
    status: 200,
    answer: chatDiffContentsSchema,
    errors: [400, 401, 404],
  }),
  /** 400 where there is no workspace to look into. */
  watch: defineRoute({
    method: 'GET',
    path: `${chat}/stream/git`,
    auth: 'user',
    query: z.object({}),
    status: 101,
    errors: [400, 401, 404, 426],
    stream: 'object',
  }),
} as const
