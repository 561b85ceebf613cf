/** Files people and tools give to chats (agents-api 8.1): the bytes themselves, no form. */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, uuid } from './shape.ts'

/** What a chat takes. SVG is no picture but a program, and is refused. */
export const chatFileTypes = [
  'application/json',
  'application/pdf',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
  'text/csv',
  'text/markdown',
  'text/plain',
] as const
export type ChatFileType = (typeof chatFileTypes)[number]
export const maxChatFileBytes = 10 * 1024 * 1024

export const uploadChatFileResponseSchema = answer({ id: uuid })

const files = '/api/experimental/chats/files'

export const chatFilesRoutes = {
  /** The type is the body's; the name is in `Content-Disposition`. */
  upload: defineRoute({
    method: 'POST',
    path: files,
    auth: 'user',
    query: z.object({ organization: uuid.optional() }),
    maxBodyBytes: maxChatFileBytes,
    status: 201,
    answer: uploadChatFileResponseSchema,
    errors: [400, 401, 413, 429],
  }),
  /** The bytes never change. */
  get: defineRoute({
    method: 'GET',
    path: `${files}/{file}`,
    auth: 'user',
    status: 200,
    errors: [400, 401, 404, 429],
  }),
} as const
