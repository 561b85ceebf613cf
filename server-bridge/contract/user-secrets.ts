/** Secrets a user keeps for their workspaces, and their git key. Values go in and never come out. */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, datetime, failedRule, flag, list, requiredText, text, uuid } from './shape.ts'

export const userSecretSchema = answer({
  id: uuid,
  name: z.string(),
  description: text,
  env_name: text,
  file_path: text,
  enabled: flag,
  created_at: datetime,
  updated_at: datetime,
})
export type UserSecret = z.output<typeof userSecretSchema>

/** What is wrong with these is told field by field, so the schema lets everything of the right type pass. */
export const createUserSecretRequestSchema = z.object({
  name: text,
  value: text,
  description: z.string().optional(),
  env_name: z.string().optional(),
  file_path: z.string().optional(),
  /** Absent: on where it has a place to go. */
  enabled: z.boolean().optional(),
})
export type CreateUserSecretRequest = z.output<typeof createUserSecretRequestSchema>

export const updateUserSecretRequestSchema = z.object({
  value: z.string().optional(),
  description: z.string().optional(),
  env_name: z.string().optional(),
  file_path: z.string().optional(),
  enabled: z.boolean().optional(),
})
export type UpdateUserSecretRequest = z.output<typeof updateUserSecretRequestSchema>

export const secretsFileFormats = ['env', 'json', 'yaml'] as const
export type SecretsFileFormat = (typeof secretsFileFormats)[number]
export const importUserSecretsRequestSchema = z.object({
  format: z.enum(secretsFileFormats, { error: failedRule('oneof=env json yaml') }),
  content: requiredText,
})

export const gitSshKeySchema = answer({
  user_id: uuid,
  created_at: datetime,
  updated_at: datetime,
  /** In OpenSSH's one-line form. */
  public_key: z.string(),
})
export type GitSSHKey = z.output<typeof gitSshKeySchema>

export const userSecretsRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v2/users/{user}/secrets',
    auth: 'user',
    status: 200,
    answer: list(userSecretSchema),
    errors: [401, 404],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v2/users/{user}/secrets/{name}',
    auth: 'user',
    status: 200,
    answer: userSecretSchema,
    errors: [401, 404],
  }),
  /** 400 for every limit, 409 where name, variable or file is taken. */
  create: defineRoute({
    method: 'POST',
    path: '/api/v2/users/{user}/secrets',
    auth: 'user',
    body: createUserSecretRequestSchema,
    status: 201,
    answer: userSecretSchema,
    errors: [400, 401, 404, 409],
  }),
  /** All or nothing. Up to 8 MiB of body, of which `content` may be 1 MiB. */
  import: defineRoute({
    method: 'POST',
    path: '/api/v2/users/{user}/secrets/batch',
    auth: 'user',
    body: importUserSecretsRequestSchema,
    maxBodyBytes: 8 * 1024 * 1024,
    status: 201,
    answer: list(userSecretSchema),
    errors: [400, 401, 404, 409, 413],
  }),
  update: defineRoute({
    method: 'PATCH',
    path: '/api/v2/users/{user}/secrets/{name}',
    auth: 'user',
    body: updateUserSecretRequestSchema,
    status: 200,
    answer: userSecretSchema,
    errors: [400, 401, 404, 409],
  }),
  delete: defineRoute({
    method: 'DELETE',
    path: '/api/v2/users/{user}/secrets/{name}',
    auth: 'user',
    status: 204,
    errors: [401, 404],
  }),
} as const

export const gitSshKeyRoutes = {
  get: defineRoute({
    method: 'GET',
    path: '/api/v2/users/{user}/gitsshkey',
    auth: 'user',
    status: 200,
    answer: gitSshKeySchema,
    errors: [401, 404],
  }),
  /** A new pair; the old one is gone. */
  renew: defineRoute({
    method: 'PUT',
    path: '/api/v2/users/{user}/gitsshkey',
    auth: 'user',
    status: 200,
    answer: gitSshKeySchema,
    errors: [401, 404],
  }),
} as const
