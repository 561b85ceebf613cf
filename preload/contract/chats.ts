/** Chats with agents. Shapes are Coder's own (snake_case) from the wire contract. */
import { z } from 'zod'
import { approvalDecisionSchema } from '#bridge/contract/chats-approvals'
import { chatCostSchema, chatUsageLimitStatusSchema } from '#bridge/contract/chats-cost'
import {
  chatInputPartSchema,
  chatMessageSchema,
  chatPromptSchema,
  chatQueuedMessageSchema,
} from '#bridge/contract/chats-messages'
import { chatStreamEventSchema } from '#bridge/contract/chats-stream'
import { chatSchema } from '#bridge/contract/chats'
import { chatFiles } from './chat-files.ts'
import { chatGit } from './chat-git.ts'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const deploymentId = deploymentIdSchema
const chat = { deploymentId, chatId: z.uuid() }
const content = z.array(chatInputPartSchema.strict()).min(1).max(200)
const planMode = z.enum(['plan', ''])
const messageId = z.int().min(0)
/** One of the model's own `efforts`. */
const reasoningEffort = z.string().min(1).max(40)

/** What a chat can be made with, as its owner may choose it. */
export const chatModelChoiceSchema = z.object({
  configId: z.string(),
  provider: z.string(),
  providerType: z.string(),
  displayName: z.string(),
  model: z.string(),
  contextLimit: z.int(),
  isDefault: z.boolean(),
  /** How hard it can be asked to think, as its deployment names it. Absent: that cannot be chosen. */
  efforts: z.array(z.string()).optional(),
  /** How hard it thinks where nothing is asked for; absent: not told. */
  defaultEffort: z.string().optional(),
  /** Absent: usable. Else why not, in words. */
  unavailable: z.string().optional(),
})
export type ChatModelChoice = z.output<typeof chatModelChoiceSchema>

/** One piece of a chat's live transcript, in order. */
export const chatUpdateSchema = z.discriminatedUnion('kind', [
  /** The first word, and the first after everything known became void. Messages oldest first. */
  z.object({
    kind: z.literal('opened'),
    messages: z.array(chatMessageSchema),
    hasMore: z.boolean(),
    queue: z.array(chatQueuedMessageSchema),
  }),
  /** As the stream says them; events of unknown types are left out. After a loss, parts may come again. */
  z.object({ kind: z.literal('events'), events: z.array(chatStreamEventSchema) }),
  z.object({
    kind: z.literal('connection'),
    /** `waiting`: the stream is lost; what is shown may be old. */
    state: z.enum(['live', 'waiting']),
    reason: z.string().optional(),
    /** Milliseconds since 1970. */
    retryAt: z.number().optional(),
  }),
])
export type ChatUpdate = z.output<typeof chatUpdateSchema>

/** Where a chat can be made; its servers, workspace and files are of the same one. */
export const chatOrganizationSchema = z.object({
  id: z.guid(),
  /** In words. */
  name: z.string(),
  isDefault: z.boolean(),
})
export type ChatOrganization = z.output<typeof chatOrganizationSchema>

export const chatsListSchema = z.object({
  /** Pinned first, then the latest. Sub-agents ride in `children`. */
  chats: z.array(chatSchema),
  hasMore: z.boolean(),
})
export type ChatsList = z.output<typeof chatsListSchema>

export const chats = {
  /** Whether the deployment has chats, and what the user may do there. */
  support: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: z.object({
      /** `none`: the server knows no chats. */
      chats: z.enum(['ready', 'none', 'forbidden', 'gateway_off']),
      /** Tool calls can wait for the user. */
      approvals: z.boolean(),
      /** The desktops of workspaces can be seen, or it takes a look to know. */
      desktop: z.boolean(),
    }),
    errors: [],
  }),
  /**
   * The first `limit` roots that fit, live. `q` is Coder's own syntax (`archived:true`); `text` is looked for in titles, pull
   * requests and repositories, and in what was said where the deployment can.
   */
  watchList: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({
      deploymentId,
      q: z.string().max(1000),
      text: z.string().max(200).optional(),
      limit: z.int().min(1).max(10_000),
    }),
    output: chatsListSchema,
    errors: ['unsupported'],
  }),
  /** One chat's row with its files and children; title and state follow live. */
  watchChat: defineProcedure({
    kind: 'subscription',
    input: z.strictObject(chat),
    output: chatSchema,
    errors: ['unsupported'],
  }),
  /** What is said in one chat, live. */
  watchTranscript: defineProcedure({
    kind: 'subscription',
    input: z.strictObject(chat),
    output: chatUpdateSchema,
    errors: ['unsupported', 'gateway_off'],
  }),
  /** Messages before one, oldest first. */
  older: defineProcedure({
    kind: 'query',
    input: z.strictObject({ ...chat, beforeId: messageId, limit: z.int().min(1).max(200) }),
    output: z.object({ messages: z.array(chatMessageSchema), hasMore: z.boolean() }),
    errors: [],
  }),
  models: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: z.object({
      models: z.array(chatModelChoiceSchema),
      unsupportedProviders: z.array(z.string()),
    }),
    errors: ['unsupported'],
  }),
  /** The user's organizations; none where the deployment does not tell. */
  organizations: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: z.array(chatOrganizationSchema),
    errors: [],
  }),
  create: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      deploymentId,
      content,
      /** That of a workspace goes before it. Absent: the user's first. */
      organizationId: z.guid().optional(),
      workspaceId: z.uuid().optional(),
      modelConfigId: z.uuid().optional(),
      reasoningEffort: reasoningEffort.optional(),
      mcpServerIds: z.array(z.uuid()).max(100).optional(),
      planMode: planMode.optional(),
    }),
    output: chatSchema,
    /** `usage_limit`: `details` has `spent_micros`, `limit_micros`, `resets_at`. */
    errors: ['usage_limit'],
  }),
  send: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      ...chat,
      content,
      modelConfigId: z.uuid().optional(),
      reasoningEffort: reasoningEffort.optional(),
      mcpServerIds: z.array(z.uuid()).max(100).optional(),
      planMode: planMode.optional(),
      interrupts: z.boolean(),
    }),
    output: z.object({ queued: z.boolean(), warnings: z.array(z.string()) }),
    errors: ['usage_limit', 'queue_full', 'archived'],
  }),
  /** That message and all later ones go. */
  edit: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      ...chat,
      messageId,
      content,
      modelConfigId: z.uuid().optional(),
      reasoningEffort: reasoningEffort.optional(),
    }),
    /** `messageId`: of the message that takes its place. */
    output: z.object({ messageId: z.int(), warnings: z.array(z.string()) }),
    errors: ['usage_limit', 'archived'],
  }),
  /** Benign where nothing runs any more. */
  interrupt: defineProcedure({ kind: 'mutation', input: z.strictObject(chat), output: z.null(), errors: [] }),
  /** One field or more; `busy`: a chat at work cannot be archived. */
  update: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      ...chat,
      title: z.string().min(1).max(200).optional(),
      archived: z.boolean().optional(),
      /** Null unbinds. */
      workspaceId: z.uuid().nullable().optional(),
      pinOrder: z.int().min(0).optional(),
    }),
    output: z.null(),
    errors: ['busy'],
  }),
  deleteQueued: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ ...chat, queuedId: messageId }),
    output: z.null(),
    errors: [],
  }),
  /** Sends a queued message now: what runs is stopped for it. */
  promoteQueued: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ ...chat, queuedId: messageId }),
    output: z.null(),
    errors: [],
  }),
  /** What the owner wrote in this chat, newest first. */
  prompts: defineProcedure({
    kind: 'query',
    input: z.strictObject(chat),
    output: z.array(chatPromptSchema),
    errors: [],
  }),
  /** A title made by the model; nothing is stored. */
  proposeTitle: defineProcedure({
    kind: 'mutation',
    input: z.strictObject(chat),
    output: z.object({ title: z.string() }),
    errors: ['unsupported'],
  }),
  /** Has what was said summarised, so that the model has room again. `not_now`: it is at work, or too little was said. */
  compact: defineProcedure({
    kind: 'mutation',
    input: z.strictObject(chat),
    output: z.null(),
    errors: ['unsupported', 'not_now', 'usage_limit', 'archived'],
  }),
  /** Tells the chat what its workspace has now: instructions, skills and MCP servers. */
  refreshContext: defineProcedure({
    kind: 'mutation',
    input: z.strictObject(chat),
    output: z.null(),
    errors: ['unsupported', 'busy'],
  }),
  /** Allows or denies tool calls that wait. */
  decide: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ ...chat, decisions: z.array(approvalDecisionSchema.strict()).min(1).max(250) }),
    output: z.null(),
    errors: ['unsupported', 'already_decided'],
  }),
  ...chatFiles,
  ...chatGit,
  /** What the chat with its sub-agents cost. Null: this deployment does not tell. */
  cost: defineProcedure({
    kind: 'query',
    input: z.strictObject(chat),
    output: chatCostSchema.nullable(),
    errors: [],
  }),
  /** Null: this deployment counts no spending. */
  usage: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: chatUsageLimitStatusSchema.nullable(),
    errors: [],
  }),
} as const
