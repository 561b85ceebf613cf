import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, count, datetime, flag, list, optionalTime, queryInteger, text, uuid } from './shape.ts'
import { loginTypeSchema, slimRoleSchema, userStatusSchema } from './users.ts'
import { updateRolesSchema } from './user-accounts.ts'

export const organizationMemberSchema = answer({
  user_id: uuid,
  organization_id: uuid,
  created_at: datetime,
  updated_at: optionalTime,
  roles: list(slimRoleSchema),
})
export type OrganizationMember = z.output<typeof organizationMemberSchema>

export const organizationMemberWithUserDataSchema = answer({
  username: z.string(),
  name: z.string().optional(),
  avatar_url: z.string().optional(),
  email: text,
  status: userStatusSchema,
  login_type: loginTypeSchema.default(''),
  last_seen_at: datetime.optional(),
  user_created_at: optionalTime,
  user_updated_at: optionalTime,
  is_service_account: z.boolean().optional(),
  global_roles: list(slimRoleSchema),
  has_ai_seat: flag,
  ...organizationMemberSchema.shape,
})
export type OrganizationMemberWithUserData = z.output<typeof organizationMemberWithUserDataSchema>

export const paginatedMembersResponseSchema = answer({
  members: list(organizationMemberWithUserDataSchema),
  count,
})
export type PaginatedMembersResponse = z.output<typeof paginatedMembersResponseSchema>

const member = '/api/v2/organizations/{organization}/members/{user}'

export const organizationMembersRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v2/organizations/{organization}/members',
    auth: 'user',
    query: z.object({ q: z.string().optional() }),
    status: 200,
    answer: list(organizationMemberWithUserDataSchema),
    errors: [400, 401, 403, 404],
  }),
  page: defineRoute({
    method: 'GET',
    path: '/api/v2/organizations/{organization}/paginated-members',
    auth: 'user',
    query: z.object({
      q: z.string().optional(),
      limit: queryInteger.optional(),
      offset: queryInteger.optional(),
    }),
    status: 200,
    answer: paginatedMembersResponseSchema,
    errors: [400, 401, 403, 404],
  }),
  get: defineRoute({
    method: 'GET',
    path: member,
    auth: 'user',
    status: 200,
    answer: organizationMemberWithUserDataSchema,
    errors: [401, 403, 404],
  }),
  add: defineRoute({
    method: 'POST',
    path: member,
    auth: 'user',
    status: 200,
    answer: organizationMemberSchema,
    errors: [401, 403, 404, 409],
  }),
  remove: defineRoute({
    method: 'DELETE',
    path: member,
    auth: 'user',
    status: 204,
    errors: [400, 401, 403, 404],
  }),
  updateRoles: defineRoute({
    method: 'PUT',
    path: `${member}/roles`,
    auth: 'user',
    body: updateRolesSchema,
    status: 200,
    answer: organizationMemberSchema,
    errors: [400, 401, 403, 404],
  }),
} as const
