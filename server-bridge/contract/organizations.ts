import { z } from 'zod'
import { responseSchema } from './response.ts'
import { defineRoute } from './route.ts'
import { answer, datetime, flag, list, text, uuid } from './shape.ts'

export const organizationSchema = answer({
  id: uuid,
  name: z.string(),
  display_name: text,
  icon: text,
  description: text,
  created_at: datetime,
  updated_at: datetime,
  is_default: flag,
  default_org_member_roles: list(z.string()),
})
export type Organization = z.output<typeof organizationSchema>

const organization = '/api/v2/organizations/{organization}'
/** More than one organization, and groups, are licensed features: 403 without a licence. */
const licensed = { auth: 'user', answer: organizationSchema, errors: [401, 403] } as const

export const organizationsRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v2/organizations',
    auth: 'user',
    status: 200,
    answer: list(organizationSchema),
    errors: [401],
  }),
  /** `organization` is a uuid, a name, the word `default` or the zero uuid. */
  get: defineRoute({
    method: 'GET',
    path: '/api/v2/organizations/{organization}',
    auth: 'user',
    status: 200,
    answer: organizationSchema,
    errors: [401, 404],
  }),
  create: defineRoute({ ...licensed, method: 'POST', path: '/api/v2/organizations', status: 201 }),
  update: defineRoute({ ...licensed, method: 'PATCH', path: organization, status: 200 }),
  delete: defineRoute({
    method: 'DELETE',
    path: organization,
    auth: 'user',
    status: 200,
    answer: responseSchema,
    errors: [401, 403],
  }),
  groups: defineRoute({
    method: 'GET',
    path: `${organization}/groups`,
    auth: 'user',
    status: 200,
    answer: list(z.unknown()),
    errors: [401, 403],
  }),
  ofUser: defineRoute({
    method: 'GET',
    path: '/api/v2/users/{user}/organizations/{organizationname}',
    auth: 'user',
    status: 200,
    answer: organizationSchema,
    errors: [401, 404],
  }),
  listOfUser: defineRoute({
    method: 'GET',
    path: '/api/v2/users/{user}/organizations',
    auth: 'user',
    status: 200,
    answer: list(organizationSchema),
    errors: [401, 404],
  }),
} as const
