/**
 * What the local server and its parent (the app's main process) say to each other over the parent port. Ours, not
 * Coder's: it exists because a utility process cannot fork another one, and because the parent owns the machine's
 * keychain, so it signs the owner in without a password that somebody would have to keep.
 */
import { z } from 'zod'

/** First message to the server process. `dataDir` is absolute; port 0 asks for any free one. */
const startSchema = z.strictObject({
  type: z.literal('start'),
  dataDir: z.string().min(1),
  port: z.int().min(0).max(65_535),
  /** Human name for the deployment's owner, the OS user. Becomes the first user's username when usable. */
  ownerName: z.string(),
  /**
   * Keys of the stored secrets in base64 from the machine's keychain, oldest first; the last one seals. Empty: there is no
   * keychain to be used, and a key file in the data folder serves.
   */
  secretKeys: z.array(z.base64()),
})

export const parentToServerSchema = z.discriminatedUnion('type', [
  startSchema,
  /** Create the first user when there is none, and give a fresh session token of the owner. */
  z.strictObject({ type: z.literal('mint-owner-session'), requestId: z.string() }),
  z.strictObject({ type: z.literal('shutdown') }),
  /** Answers to the server's process requests. */
  z.strictObject({ type: z.literal('process-spawned'), processId: z.string(), pid: z.int() }),
  z.strictObject({ type: z.literal('process-message'), processId: z.string(), message: z.unknown() }),
  z.strictObject({ type: z.literal('process-exited'), processId: z.string(), exitCode: z.int().nullable() }),
])
export type ParentToServer = z.infer<typeof parentToServerSchema>

export const serverToParentSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), url: z.url(), pid: z.int() }),
  /** The server cannot run; `message` is a sentence for the user. The process ends after it. */
  z.strictObject({ type: z.literal('failed'), message: z.string(), detail: z.string() }),
  z.strictObject({ type: z.literal('owner-session'), requestId: z.string(), token: z.string() }),
  z.strictObject({ type: z.literal('owner-session-failed'), requestId: z.string(), message: z.string() }),
  /** Start one of our own entries. The parent knows where its file is; no path crosses. */
  z.strictObject({ type: z.literal('process-spawn'), processId: z.string(), entry: z.literal('agent') }),
  z.strictObject({ type: z.literal('process-post'), processId: z.string(), message: z.unknown() }),
  z.strictObject({ type: z.literal('process-kill'), processId: z.string() }),
])
export type ServerToParent = z.infer<typeof serverToParentSchema>
