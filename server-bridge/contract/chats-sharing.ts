/** Who else reads a chat (agents-api 8.5). Reading is all there is: only its owner writes, decides and changes it. */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, count, datetime, list, map, openEnum, optionalTime, text, uuid } from './shape.ts'
import { loginTypeSchema, minimalUserSchema, userStatusSchema } from './users.ts'

/** `""`, in a request, takes the role away. */
export const chatRoles = ['read', ''] as const
export const chatRoleSchema = openEnum(chatRoles)

export const chatUserSchema = answer({ ...minimalUserSchema.shape, role: chatRoleSchema })
export type ChatUser = z.output<typeof chatUserSchema>

export const reducedUserSchema = answer({
  ...minimalUserSchema.shape,
  email: text,
  created_at: datetime,
  updated_at: optionalTime,
  last_seen_at: datetime.optional(),
  status: userStatusSchema,
  login_type: loginTypeSchema.default(''),
  is_service_account: z.boolean().optional(),
  theme_preference: z.string().optional(),
})

export const chatGroupSchema = answer({
  id: uuid,
  name: z.string(),
  display_name: text,
  organization_id: uuid,
  members: list(reducedUserSchema),
  total_member_count: count,
  avatar_url: text,
  quota_allowance: count,
  source: openEnum(['user', 'oidc']).default('user'),
  organization_name: text,
  organization_display_name: text,
  role: chatRoleSchema,
})

export const chatAclSchema = answer({ users: list(chatUserSchema), groups: list(chatGroupSchema) })
export type ChatAcl = z.output<typeof chatAclSchema>

const rolesSchema = map(z.enum(chatRoles)).optional()
export const updateChatAclSchema = z.object({ user_roles: rolesSchema, group_roles: rolesSchema })
export type UpdateChatAcl = z.output<typeof updateChatAclSchema>

/** More people than one looks through are found by typing. */
export const maxFoundPeople = 50

const acl = '/api/experimental/chats/{chat}/acl'
const permission = { resource: 'chat', actions: ['share'] } as const

export const chatSharingRoutes = {
  /** Of roots only: sub-agents are read by who reads their root. 403 where sharing is switched off. */
  acl: defineRoute({
    method: 'GET',
    path: acl,
    auth: 'user',
    permission,
    status: 200,
    answer: chatAclSchema,
    errors: [400, 401, 403, 404],
  }),
  update: defineRoute({
    method: 'PATCH',
    path: acl,
    auth: 'user',
    permission,
    body: updateChatAclSchema,
    status: 204,
    errors: [400, 401, 403, 404],
  }),
  /**
   * People whom the chat can be shared with, by a part of their names. Ours, not Coder's: a server that has it lists the
   * feature `chat-sharing-people`.
   */
  people: defineRoute({
    method: 'GET',
    path: `${acl}/people`,
    auth: 'user',
    permission,
    query: z.object({ q: z.string().optional() }),
    status: 200,
    answer: list(minimalUserSchema),
    errors: [400, 401, 403, 404],
  }),
} as const
