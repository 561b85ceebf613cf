/**
 * Whether a tool call of a chat runs: always, after its owner was asked, or never. Ours, not Coder's, which runs every
 * call: a server that has it lists the feature `chat-approvals`. A call that waits is told of by the chat's stream, in
 * `action_required`.
 */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, list, openEnum, uuid } from './shape.ts'

export const toolPolicies = ['always', 'ask', 'never'] as const
export type ToolPolicy = (typeof toolPolicies)[number]

/** How far a decision reaches: this call, this tool in this chat, or this tool in the chat's workspace. */
export const approvalScopes = ['once', 'chat', 'workspace'] as const
export type ApprovalScope = (typeof approvalScopes)[number]

/** `tool` is a name, `slug__*` for all tools of an MCP server, or `*`; the most precise rule decides. */
const toolName = z.string().min(1).max(128)
export const toolRuleSchema = answer({
  tool: toolName,
  policy: openEnum(toolPolicies),
  /** Absent: in every workspace. */
  workspace_id: uuid.optional(),
})
export type ToolRule = z.output<typeof toolRuleSchema>

export const toolPolicyResponseSchema = answer({
  rules: list(toolRuleSchema),
  /** What holds where no rule speaks, by tool; `*` is for all that are not named, tools of MCP servers among them. */
  defaults: list(toolRuleSchema),
})
export type ToolPolicyResponse = z.output<typeof toolPolicyResponseSchema>

export const updateToolPolicyRequestSchema = z.object({
  rules: z
    .array(z.object({ tool: toolName, policy: z.enum(toolPolicies), workspace_id: uuid.optional() }))
    .max(500),
})
export type UpdateToolPolicyRequest = z.output<typeof updateToolPolicyRequestSchema>

export const approvalDecisionSchema = z.object({
  tool_call_id: z.string().min(1).max(512),
  decision: z.enum(['allow', 'deny']),
  /** Absent: `once`. */
  scope: z.enum(approvalScopes).optional(),
  /** Told to the model with a refusal. */
  reason: z.string().max(2000).optional(),
})
export type ApprovalDecision = z.output<typeof approvalDecisionSchema>
export const decideApprovalsRequestSchema = z.object({
  decisions: z.array(approvalDecisionSchema).min(1).max(250),
})

const chats = '/api/experimental/chats'

export const chatApprovalsRoutes = {
  /** Some of the calls that wait, or all. 409: none waits. The turn goes on once every one is decided. */
  decide: defineRoute({
    method: 'POST',
    path: `${chats}/{chat}/approvals`,
    auth: 'user',
    body: decideApprovalsRequestSchema,
    status: 204,
    errors: [400, 401, 403, 404, 409, 503],
  }),
  /** The deployment's own rules: nobody's own rule is laxer. */
  policy: defineRoute({
    method: 'GET',
    path: `${chats}/config/tool-policy`,
    auth: 'user',
    status: 200,
    answer: toolPolicyResponseSchema,
    errors: [401],
  }),
  updatePolicy: defineRoute({
    method: 'PUT',
    path: `${chats}/config/tool-policy`,
    auth: 'user',
    permission: { resource: 'deployment_config', actions: ['update'] },
    body: updateToolPolicyRequestSchema,
    status: 204,
    errors: [400, 401, 403],
  }),
  /** The caller's own rules. */
  ownPolicy: defineRoute({
    method: 'GET',
    path: `${chats}/config/user-tool-policy`,
    auth: 'user',
    status: 200,
    answer: toolPolicyResponseSchema,
    errors: [401],
  }),
  updateOwnPolicy: defineRoute({
    method: 'PUT',
    path: `${chats}/config/user-tool-policy`,
    auth: 'user',
    body: updateToolPolicyRequestSchema,
    status: 204,
    errors: [400, 401],
  }),
} as const
