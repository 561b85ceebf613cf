import { z } from 'zod'
import { rbacActions, rbacResources } from './rbac.ts'
import { defineRoute } from './route.ts'
import { answer, flag, list, openEnum, text } from './shape.ts'

export const permissionSchema = answer({
  negate: flag,
  resource_type: openEnum(rbacResources),
  action: openEnum(rbacActions),
})
export type Permission = z.output<typeof permissionSchema>

export const assignableRolesSchema = answer({
  name: z.string(),
  organization_id: z.string().optional(),
  display_name: text,
  site_permissions: list(permissionSchema),
  user_permissions: list(permissionSchema),
  organization_permissions: list(permissionSchema),
  organization_member_permissions: list(permissionSchema),
  /** Whether the caller may give it to somebody. */
  assignable: flag,
  built_in: flag,
})
export type AssignableRoles = z.output<typeof assignableRolesSchema>

export const authorizationObjectSchema = z.object({
  resource_type: openEnum(rbacResources),
  /** A user's uuid or `me`. */
  owner_id: z.string().optional(),
  organization_id: z.string().optional(),
  resource_id: z.string().optional(),
  any_org: z.boolean().optional(),
})
export type AuthorizationObject = z.output<typeof authorizationObjectSchema>

export const authorizationCheckSchema = z.object({
  object: authorizationObjectSchema,
  action: openEnum(rbacActions),
})

export const authorizationRequestSchema = z.object({
  checks: z
    .record(z.string(), authorizationCheckSchema)
    .nullish()
    .transform((checks) => checks ?? {}),
})

export const authorizationRoutes = {
  /** What the caller may do, by the caller's own names for the questions. */
  check: defineRoute({
    method: 'POST',
    path: '/api/v2/authcheck',
    auth: 'user',
    body: authorizationRequestSchema,
    status: 200,
    answer: z.record(z.string(), z.boolean()),
    errors: [400, 401, 403],
  }),
  siteRoles: defineRoute({
    method: 'GET',
    path: '/api/v2/users/roles',
    auth: 'user',
    status: 200,
    answer: list(assignableRolesSchema),
    errors: [401, 403],
  }),
  organizationRoles: defineRoute({
    method: 'GET',
    path: '/api/v2/organizations/{organization}/members/roles',
    auth: 'user',
    status: 200,
    answer: list(assignableRolesSchema),
    errors: [401, 403, 404],
  }),
} as const
