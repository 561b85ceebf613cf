/**
 * What main does for remote files: dialogs, dropped files, recovery copies of unsaved text, other editors. Bytes and
 * requests to workspaces go past main: `server-bridge/contract/remote-files.ts` and `file-transfers.ts`.
 */
import { z } from 'zod'
import { remotePathSchema } from '#bridge/contract/remote-paths'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

/** A call holds so much of a text; a longer one is kept in several. */
export const recoveryPartMaxChars = 256 * 1024
export const recoveryMaxParts = 256

const remoteFile = {
  deploymentId: deploymentIdSchema,
  workspaceId: z.uuid(),
  agentName: z.string().max(200),
  /** The path on the workspace. */
  location: remotePathSchema,
}

/** What stands for paths of this computer in messages to the bridge. Used once. */
const chosen = z.object({
  localId: z.uuid(),
  items: z.array(z.object({ name: z.string(), isFolder: z.boolean(), size: z.number() })),
})

export const recoverySchema = z.object({
  recoveryId: z.uuid(),
  ...remoteFile,
  /** Epoch milliseconds of the last change. */
  savedAt: z.number(),
  /** What the text is based on; `null`: a new file. */
  baseSha256: z.string().nullable(),
  chars: z.int(),
})
export type Recovery = z.infer<typeof recoverySchema>

export const editors = [
  'vscode',
  'vscode-insiders',
  'cursor',
  'windsurf',
  'zed',
  'jetbrains',
  'jetbrains-gateway',
] as const
export type Editor = (typeof editors)[number]

export const files = {
  /** Asks with the system's dialog. `null`: the user chose nothing. On Linux and Windows a dialog has one of both kinds. */
  chooseUpload: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ kind: z.enum(['files', 'folders']) }),
    output: chosen.nullable(),
    errors: ['bridge_down'],
  }),
  /** A folder to download into. */
  chooseDownloadFolder: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({}),
    output: chosen.nullable(),
    errors: ['bridge_down'],
  }),
  /** Files the user dropped into the window: `dropId` is what `window.bridge.dropFiles` answered. */
  takeDropped: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ dropId: z.uuid() }),
    output: chosen,
    errors: ['bridge_down', 'nothing_dropped'],
  }),
  /** Shows what a finished download made in the system's file manager. */
  reveal: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ transferId: z.uuid() }),
    output: z.null(),
    errors: ['not_found'],
  }),
  /** Lets the user drag what a finished download made out of the window. To be called in `dragstart`, prevented. */
  startDrag: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ transferIds: z.array(z.uuid()).min(1).max(100) }),
    output: z.null(),
    errors: ['not_found'],
  }),
  /** A private folder of the app to download into what is about to be dragged out; emptied when the app starts. */
  makeDragFolder: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({}),
    output: chosen,
    errors: ['bridge_down', 'not_saved'],
  }),
  /**
   * Keeps text that is not saved yet. One for each file of a workspace; readable by the OS user only. A long text comes in
   * several calls, `part` 0 to `parts` - 1 in order; the last one takes the place of what was kept. A part out of order
   * fails `not_saved`: begin again.
   */
  keepRecovery: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      ...remoteFile,
      baseSha256: z.string().max(64).nullable(),
      text: z.string().max(recoveryPartMaxChars),
      part: z
        .int()
        .min(0)
        .max(recoveryMaxParts - 1),
      parts: z.int().min(1).max(recoveryMaxParts),
    }),
    output: z.object({ recoveryId: z.uuid() }),
    errors: ['not_saved'],
  }),
  /** Newest first. */
  listRecoveries: defineProcedure({
    kind: 'query',
    input: z.strictObject({}),
    output: z.object({ recoveries: z.array(recoverySchema) }),
    errors: [],
  }),
  readRecovery: defineProcedure({
    kind: 'query',
    input: z.strictObject({ recoveryId: z.uuid() }),
    output: z.object({ text: z.string() }),
    errors: ['not_found'],
  }),
  /** After a save, or when the user throws it away. None of that id is no error. */
  removeRecovery: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ recoveryId: z.uuid() }),
    output: z.null(),
    errors: ['not_saved'],
  }),
  /**
   * Opens a folder of a workspace in another editor, after asking, since a link starts that program. `location: null`: what
   * the editor opens by itself.
   */
  openInEditor: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      editor: z.enum(editors),
      deploymentId: deploymentIdSchema,
      ownerName: z.string().min(1).max(200),
      workspaceName: z.string().min(1).max(200),
      agentName: z.string().min(1).max(200),
      location: remotePathSchema.nullable(),
    }),
    output: z.null(),
    errors: ['refused', 'not_found'],
  }),
} as const
