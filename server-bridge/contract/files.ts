import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, uuid } from './shape.ts'

/** `hash` is the uuid of the file. */
export const uploadResponseSchema = answer({ hash: uuid })
export type UploadResponse = z.output<typeof uploadResponseSchema>

/** The only content types an upload may have, without parameters. */
export const uploadContentTypes = [
  'application/x-tar',
  'application/zip',
  'application/x-zip-compressed',
] as const
export type UploadContentType = (typeof uploadContentTypes)[number]
export const uploadMaxBytes = 100 * 1024 * 1024

export const filesRoutes = {
  /** The body is the archive itself. 201 when new; 200 when the same user already uploaded the same bytes. */
  upload: defineRoute({
    method: 'POST',
    path: '/api/v2/files',
    auth: 'user',
    rate: 'files',
    status: 201,
    answer: uploadResponseSchema,
    errors: [400, 401, 413, 429],
  }),
  /** Answers the stored tar, or with `format=zip` a zip of the same files. */
  download: defineRoute({
    method: 'GET',
    path: '/api/v2/files/{file}',
    auth: 'user',
    rate: 'files',
    query: z.object({ format: z.string().optional() }),
    status: 200,
    errors: [400, 401, 404, 429],
  }),
} as const
