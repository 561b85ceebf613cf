import { z } from 'zod'
import { nameRules, nameSchema } from './names.ts'
import { responseSchema } from './response.ts'
import { defineRoute } from './route.ts'
import {
  answer,
  count,
  failedRule,
  list,
  queryInteger,
  requestUuid,
  requiredText,
  text,
  uuid,
} from './shape.ts'
import { loginTypes, userSchema, userStatuses } from './users.ts'

const emailText = z.email({ error: failedRule('email') })

export const createUserRequestWithOrgsSchema = z
  .object({
    /** Only a service account goes without. */
    email: z.union([z.literal(''), emailText]).default(''),
    username: nameSchema(nameRules.username),
    name: nameSchema(nameRules.userRealName).default(''),
    password: z.string().default(''),
    /** Empty: `password`, or `none` for a service account. */
    login_type: z.enum(loginTypes).default(''),
    user_status: z.enum(userStatuses).nullish(),
    organization_ids: z
      .array(uuid)
      .nullish()
      .transform((ids) => ids ?? []),
    service_account: z.boolean().optional(),
    roles: z.array(z.string()).nullish(),
  })
  .superRefine((request, context) => {
    if (request.email !== '' || request.service_account === true) return
    context.addIssue({
      code: 'custom',
      path: ['email'],
      message: failedRule('required_unless')({ input: request.email }),
    })
  })
export type CreateUserRequestWithOrgs = z.output<typeof createUserRequestWithOrgsSchema>

export const getUsersResponseSchema = answer({ users: list(userSchema), count })
export type GetUsersResponse = z.output<typeof getUsersResponseSchema>

export const updateUserProfileRequestSchema = z.object({
  username: nameSchema(nameRules.username),
  name: nameSchema(nameRules.userRealName).default(''),
  /** Absent: the picture stays. */
  avatar_url: z.string().optional(),
})
export type UpdateUserProfileRequest = z.output<typeof updateUserProfileRequestSchema>

export const updateUserPasswordRequestSchema = z.object({
  /** Needed for one's own password only. */
  old_password: z.string().default(''),
  password: requiredText,
})
export type UpdateUserPasswordRequest = z.output<typeof updateUserPasswordRequestSchema>

export const updateRolesSchema = z.object({
  roles: z
    .array(z.string())
    .nullish()
    .transform((roles) => roles ?? []),
})

export const userRolesSchema = answer({
  roles: list(z.string()),
  organization_roles: z
    .record(z.string(), list(z.string()))
    .nullish()
    .transform((roles) => roles ?? {}),
})
export type UserRoles = z.output<typeof userRolesSchema>

export const userParameterSchema = answer({ name: text, value: text })
export type UserParameter = z.output<typeof userParameterSchema>

const path = '/api/v2/users/{user}'
const userAnswer = { auth: 'user', status: 200, answer: userSchema } as const

export const userAccountsRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v2/users',
    auth: 'user',
    query: z.object({
      q: z.string().optional(),
      limit: queryInteger.optional(),
      offset: queryInteger.optional(),
      after_id: requestUuid,
    }),
    status: 200,
    answer: getUsersResponseSchema,
    errors: [400, 401],
  }),
  create: defineRoute({
    method: 'POST',
    path: '/api/v2/users',
    auth: 'user',
    body: createUserRequestWithOrgsSchema,
    status: 201,
    answer: userSchema,
    errors: [400, 401, 403, 409],
  }),
  /** 417 while workspaces exist. */
  delete: defineRoute({
    method: 'DELETE',
    path,
    auth: 'user',
    status: 200,
    answer: responseSchema,
    errors: [401, 403, 404, 417],
  }),
  updateProfile: defineRoute({
    ...userAnswer,
    method: 'PUT',
    path: `${path}/profile`,
    body: updateUserProfileRequestSchema,
    errors: [400, 401, 403, 404, 409],
  }),
  /** Ends every session of the account. */
  updatePassword: defineRoute({
    method: 'PUT',
    path: `${path}/password`,
    auth: 'user',
    rate: 'login',
    body: updateUserPasswordRequestSchema,
    status: 204,
    errors: [400, 401, 403, 404],
  }),
  suspend: defineRoute({
    ...userAnswer,
    method: 'PUT',
    path: `${path}/status/suspend`,
    errors: [400, 401, 403, 404],
  }),
  activate: defineRoute({
    ...userAnswer,
    method: 'PUT',
    path: `${path}/status/activate`,
    errors: [401, 403, 404],
  }),
  roles: defineRoute({
    method: 'GET',
    path: `${path}/roles`,
    auth: 'user',
    status: 200,
    answer: userRolesSchema,
    errors: [401, 403, 404],
  }),
  updateRoles: defineRoute({
    ...userAnswer,
    method: 'PUT',
    path: `${path}/roles`,
    body: updateRolesSchema,
    errors: [400, 401, 403, 404],
  }),
  /** What the caller last gave for the parameters of a template. */
  autofillParameters: defineRoute({
    method: 'GET',
    path: `${path}/autofill-parameters`,
    auth: 'user',
    query: z.strictObject({ template_id: uuid }),
    status: 200,
    answer: list(userParameterSchema),
    errors: [400, 401, 403, 404],
  }),
} as const
