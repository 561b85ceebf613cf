/** What people taught the agents of their own chats (agents-api 9.2). */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, datetime, list, uuid } from './shape.ts'

export const maxSkillBytes = 64 * 1024
export const maxSkillsPerUser = 100

const metadata = {
  id: uuid,
  name: z.string(),
  description: z.string(),
  created_at: datetime,
  updated_at: datetime,
}
export const userSkillMetadataSchema = answer(metadata)
export type UserSkillMetadata = z.output<typeof userSkillMetadataSchema>
export const userSkillSchema = answer({ ...metadata, content: z.string() })
export type UserSkill = z.output<typeof userSkillSchema>

/** Markdown whose front matter has `name` and `description`. */
export const createUserSkillRequestSchema = z.object({ content: z.string() })
export const updateUserSkillRequestSchema = z.object({ content: z.string() })

const skills = '/api/experimental/users/{user}/skills'

export const userSkillsRoutes = {
  list: defineRoute({
    method: 'GET',
    path: skills,
    auth: 'user',
    status: 200,
    answer: list(userSkillMetadataSchema),
    errors: [401, 404],
  }),
  get: defineRoute({
    method: 'GET',
    path: `${skills}/{name}`,
    auth: 'user',
    status: 200,
    answer: userSkillSchema,
    errors: [401, 404],
  }),
  create: defineRoute({
    method: 'POST',
    path: skills,
    auth: 'user',
    body: createUserSkillRequestSchema,
    status: 201,
    answer: userSkillSchema,
    errors: [400, 401, 404, 409],
  }),
  update: defineRoute({
    method: 'PATCH',
    path: `${skills}/{name}`,
    auth: 'user',
    body: updateUserSkillRequestSchema,
    status: 200,
    answer: userSkillSchema,
    errors: [400, 401, 404, 409],
  }),
  delete: defineRoute({
    method: 'DELETE',
    path: `${skills}/{name}`,
    auth: 'user',
    status: 204,
    errors: [401, 404],
  }),
} as const
