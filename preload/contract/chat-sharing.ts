/** Who else reads a chat. Shapes are Coder's own (snake_case) from the wire contract. */
import { z } from 'zod'
import { chatUserSchema } from '#bridge/contract/chats-sharing'
import { minimalUserSchema } from '#bridge/contract/users'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const groupSchema = z.object({ id: z.string(), name: z.string(), members: z.int() })
const chat = { deploymentId: deploymentIdSchema, chatId: z.uuid() }

export const chatSharing = {
  readers: defineProcedure({
    kind: 'query',
    input: z.strictObject(chat),
    output: z.object({
      users: z.array(chatUserSchema),
      groups: z.array(groupSchema),
    }),
    /** `forbidden`: sharing is switched off there, or the chat is not the user's to share. */
    errors: ['unsupported'],
  }),
  /** People to share with, by a part of their names. Null: the deployment does not let the user look for people. */
  people: defineProcedure({
    kind: 'query',
    input: z.strictObject({ ...chat, text: z.string().max(200) }),
    output: z.array(minimalUserSchema).nullable(),
    errors: [],
  }),
  /** Groups to share with. Null: the deployment has none, or does not show them to the user. */
  groups: defineProcedure({
    kind: 'query',
    input: z.strictObject(chat),
    output: z.array(groupSchema).nullable(),
    errors: [],
  }),
  /** Lets a user or a group read the chat, or takes that away. */
  change: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ ...chat, kind: z.enum(['user', 'group']), id: z.uuid(), reads: z.boolean() }),
    output: z.null(),
    errors: ['unsupported', 'refused'],
  }),
} as const
