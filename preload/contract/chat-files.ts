/** Files of chats, which also their recordings are. */
import { z } from 'zod'
import { readRecording } from './chat-recordings.ts'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const deploymentId = deploymentIdSchema

export const chatFiles = {
  /** A file to attach, base64 in pieces of at most 512 KiB; the last piece answers with the file's id. */
  uploadFile: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      deploymentId,
      /** Of the chat it is for. Absent: the user's first. */
      organizationId: z.guid().optional(),
      uploadId: z.uuid(),
      name: z.string().min(1).max(255),
      mediaType: z.string().max(127),
      /** Of the whole, in bytes: where the piece begins. */
      at: z.int().min(0),
      piece: z.string().max(720_000),
      isLast: z.boolean(),
    }),
    output: z.object({ fileId: z.string().optional() }),
    errors: ['unsupported', 'too_large', 'type_refused', 'rate_limited', 'piece_missing'],
  }),
  /** A file of a chat, base64. Main keeps what it has read: servers allow few reads a minute. */
  readFile: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId, fileId: z.uuid() }),
    output: z.object({ mediaType: z.string(), data: z.string() }),
    errors: ['unsupported', 'rate_limited', 'too_large'],
  }),
  readRecording,
  /** Saves a file of a chat where the user says. */
  saveFile: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, fileId: z.uuid(), name: z.string().min(1).max(255) }),
    output: z.object({ saved: z.boolean() }),
    errors: ['unsupported', 'rate_limited', 'too_large', 'not_saved'],
  }),
} as const
