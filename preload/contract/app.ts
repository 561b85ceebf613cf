/** The shell around the pages: commands from menus and tray, external links, clipboard, the window's own log. */
import { z } from 'zod'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

/** A command from the menu, the tray or a deep link for the window to carry out. */
export const appCommandSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('open-workspace'), deploymentId: z.string(), workspaceId: z.string() }),
  z.object({ kind: z.literal('open-terminal'), deploymentId: z.string(), workspaceId: z.string() }),
  z.object({ kind: z.literal('open-chat'), deploymentId: z.string(), chatId: z.string() }),
  z.object({
    kind: z.literal('go'),
    page: z.enum(['workspaces', 'agents', 'templates', 'tunnels', 'settings']),
  }),
  z.object({ kind: z.literal('toggle-terminal') }),
  z.object({ kind: z.literal('command-palette') }),
  z.object({ kind: z.literal('add-deployment') }),
])
export type AppCommand = z.infer<typeof appCommandSchema>

export const app = {
  watchCommands: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({}),
    output: appCommandSchema,
    errors: [],
  }),
  /** Health of the helper processes, for the connection slot of the title bar. */
  watchProcesses: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({}),
    output: z.object({
      bridge: z.enum(['starting', 'running', 'restarting', 'failed']),
      localServer: z.enum(['starting', 'running', 'restarting', 'failed']),
    }),
    errors: [],
  }),
  /** Opens a link in the system browser through the one gate. `source` decides whether the user is asked first. */
  openExternal: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ url: z.string().max(8192), source: z.enum(['app', 'terminal', 'content']) }),
    output: z.object({ opened: z.boolean() }),
    errors: ['refused'],
  }),
  copyText: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ text: z.string().max(1_000_000) }),
    output: z.null(),
    errors: [],
  }),
  /** Reads the clipboard on an explicit paste action of the user. */
  readClipboardText: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({}),
    output: z.object({ text: z.string() }),
    errors: [],
  }),
  /** Reads a picture from the clipboard on an explicit paste action of the user. `png`: base64, `null` where there is none. */
  readClipboardImage: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({}),
    output: z.object({ png: z.base64().nullable() }),
    errors: ['too_large'],
  }),
  /** Saves text where the user says, by the system's dialog. `suggestedName` is a bare file name. */
  saveText: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      // No mark that could lead to another folder.
      suggestedName: z.string().regex(/^[\p{L}\p{N}_][\p{L}\p{N} _.-]{0,99}$/u),
      text: z.string().max(900_000),
    }),
    output: z.object({ saved: z.boolean() }),
    errors: ['not_saved'],
  }),
  /** A long command ended while nobody looked. The words are main's: nothing a program printed is in them. */
  notifyCommandEnd: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      deploymentId: deploymentIdSchema,
      workspaceId: z.uuid(),
      workspaceName: z.string().max(64),
      seconds: z.int().min(0),
      /** `null`: the shell did not say. */
      exitCode: z.int().min(0).max(999).nullable(),
    }),
    output: z.null(),
    errors: [],
  }),
  /** The bell of a terminal: has the dock or the task bar point at the window until it is looked at. */
  askAttention: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({}),
    output: z.null(),
    errors: [],
  }),
  reportError: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      message: z.string().max(4000),
      stack: z.string().max(16_000),
      where: z.string().max(200),
    }),
    output: z.null(),
    errors: [],
  }),
  about: defineProcedure({
    kind: 'query',
    input: z.strictObject({}),
    output: z.object({
      version: z.string(),
      electron: z.string(),
      chrome: z.string(),
      node: z.string(),
      logFolder: z.string(),
    }),
    errors: [],
  }),
  openLogFolder: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({}),
    output: z.null(),
    errors: [],
  }),
} as const
