/** Windows that show the desktop of one chat and nothing else. Such a window may call the last three alone. */
import { z } from 'zod'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const chat = { deploymentId: deploymentIdSchema, chatId: z.uuid() }

/** Windows that may be open at once. */
export const maxDesktopWindows = 8

export const desktopWindows = {
  /** The chats whose desktops have windows of their own. */
  watch: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({}),
    output: z.object({ open: z.array(z.object(chat)) }),
    errors: [],
  }),
  /** Opens the window of a chat's desktop, or brings it forward. */
  show: defineProcedure({
    kind: 'mutation',
    input: z.strictObject(chat),
    output: z.null(),
    errors: ['too_many'],
  }),
  /** Benign where there is none. */
  close: defineProcedure({ kind: 'mutation', input: z.strictObject(chat), output: z.null(), errors: [] }),
  /** Where the chat is and who looks, live. Null: nobody is signed in yet. */
  watchPlace: defineProcedure({
    kind: 'subscription',
    input: z.strictObject(chat),
    output: z.object({ deploymentName: z.string(), userId: z.string().nullable() }),
    errors: [],
  }),
  /** Starts the workspace of the chat. */
  startWorkspace: defineProcedure({
    kind: 'mutation',
    input: z.strictObject(chat),
    output: z.null(),
    errors: ['no_workspace'],
  }),
  /** Brings the app's window to the chat. */
  showChat: defineProcedure({ kind: 'mutation', input: z.strictObject(chat), output: z.null(), errors: [] }),
} as const
