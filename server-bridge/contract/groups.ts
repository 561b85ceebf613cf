/** Groups of an organization. Licensed: a server without the licence answers 403, which the local deployment does, too. */
import { z } from 'zod'
import { reducedUserSchema } from './chats-sharing.ts'
import { defineRoute } from './route.ts'
import { answer, count, list, openEnum, text, uuid } from './shape.ts'

export const groupSchema = answer({
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
})
export type Group = z.output<typeof groupSchema>

export const groupsRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v2/organizations/{organization}/groups',
    auth: 'user',
    status: 200,
    answer: list(groupSchema),
    errors: [401, 403, 404],
  }),
} as const
