/** What a chat changes in its repositories. */
import { z } from 'zod'
import { chatGitActionRequestSchema } from '#bridge/contract/chats-git-actions'
import { chatDiffContentsSchema, gitRepositorySchema } from '#bridge/contract/chats-git'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const chat = { deploymentId: deploymentIdSchema, chatId: z.uuid() }

export const chatGit = {
  /** What the branch or pull request changes, by the forge or by its repository. Without `diff`: nobody could tell. */
  diff: defineProcedure({
    kind: 'query',
    input: z.strictObject(chat),
    output: chatDiffContentsSchema,
    errors: ['unsupported'],
  }),
  /** The repositories of the chat's workspace with their changes, live: all of them each time. */
  watchGit: defineProcedure({
    kind: 'subscription',
    input: z.strictObject(chat),
    output: z.object({
      scannedAt: z.string().optional(),
      repositories: z.array(gitRepositorySchema),
      /** The last scan failed; what is known stays. */
      problem: z.string().optional(),
    }),
    /** `no_workspace`: nothing to look into, `message` says what is missing. */
    errors: ['unsupported', 'no_workspace'],
  }),
  /** Stages, unstages or discards one changed file. */
  gitAction: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ ...chat, action: chatGitActionRequestSchema.strict() }),
    output: z.null(),
    errors: ['unsupported'],
  }),
} as const
