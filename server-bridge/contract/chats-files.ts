/** Files that people attach to what they say in a chat, and that agents hand over (agents-api 8.1). */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, uuid } from './shape.ts'

/** What can be uploaded. `application/octet-stream` is looked into, and `text/plain` told apart by its name. */
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
export const maxFilesPerChat = 50

export const uploadChatFileResponseSchema = answer({ id: uuid })
export type UploadChatFileResponse = z.output<typeof uploadChatFileResponseSchema>

const files = '/api/experimental/chats/files'

export const chatFilesRoutes = {
  /** The body is the file itself, `Content-Type` its type, the name that of `Content-Disposition`. */
  upload: defineRoute({
    method: 'POST',
    path: files,
    auth: 'user',
    permission: { resource: 'chat', actions: ['create'] },
    rate: 'chat-files',
    query: z.object({ organization: uuid.optional() }),
    status: 201,
    answer: uploadChatFileResponseSchema,
    errors: [400, 401, 404, 413, 429],
  }),
  /** The bytes, which never change. */
  get: defineRoute({
    method: 'GET',
    path: `${files}/{file}`,
    auth: 'user',
    rate: 'chat-files',
    status: 200,
    errors: [400, 401, 404, 429],
  }),
} as const
