/**
 * Transfers between this computer and workspaces. A window says what to copy and watches; the bytes go from disk to SSH
 * inside of the bridge. Paths of this computer never come from a window: main gives them to the bridge as a `localId`,
 * which a window only names.
 */
import { z } from 'zod'
import { filesPlaceSchema, type FilesPlace } from './remote-files.ts'
import { remotePathSchema } from './remote-paths.ts'

/** More than anybody selects; a folder counts as one. */
export const transferMaxItems = 10_000

export const conflictChoices = ['replace', 'keep-both', 'skip'] as const
export type ConflictChoice = (typeof conflictChoices)[number]
export const conflictPolicySchema = z.enum(['ask', ...conflictChoices])
export type ConflictPolicy = z.infer<typeof conflictPolicySchema>

const transferId = z.uuid()

/** Window to bridge. Refusals are told by `transfers-refused`; everything else is seen in `transfers-changed`. */
export const windowToTransfersSchema = z.discriminatedUnion('type', [
  /** Sends all transfers now, and what changes from now on. */
  z.strictObject({ type: z.literal('transfers-watch') }),
  z.strictObject({ type: z.literal('transfers-unwatch') }),
  /** `localId`: what was chosen or dropped. One transfer for each of its items. */
  z.strictObject({
    type: z.literal('transfers-upload'),
    requestId: z.uuid(),
    localId: z.uuid(),
    place: filesPlaceSchema,
    folder: remotePathSchema,
    onConflict: conflictPolicySchema,
  }),
  /** `localId`: a folder that was chosen. One transfer for each path. */
  z.strictObject({
    type: z.literal('transfers-download'),
    requestId: z.uuid(),
    localId: z.uuid(),
    place: filesPlaceSchema,
    paths: z.array(remotePathSchema).min(1).max(transferMaxItems),
    onConflict: conflictPolicySchema,
  }),
  /** Without `transferId`: all that are not done. */
  z.strictObject({ type: z.literal('transfers-pause'), transferId: transferId.optional() }),
  /** Goes on, also after a failure: what is there already is checked and not sent again. */
  z.strictObject({ type: z.literal('transfers-resume'), transferId: transferId.optional() }),
  /** Ends it and removes the unfinished part. */
  z.strictObject({ type: z.literal('transfers-cancel'), transferId }),
  /** Takes finished, failed and cancelled ones off the list; one or all. */
  z.strictObject({ type: z.literal('transfers-forget'), transferId: transferId.optional() }),
  /** Answers the question of a transfer in state `conflict`. `forAll`: and the further ones of its batch. */
  z.strictObject({
    type: z.literal('transfers-resolve'),
    transferId,
    choice: z.enum(conflictChoices),
    forAll: z.boolean(),
  }),
])
export type WindowToTransfers = z.infer<typeof windowToTransfersSchema>

export type TransferState =
  | { readonly kind: 'queued' }
  /** Counts files and bytes. */
  | { readonly kind: 'preparing' }
  | { readonly kind: 'running' }
  /** Compares checksums of both sides. */
  | { readonly kind: 'verifying' }
  | { readonly kind: 'paused' }
  /** Goes on by itself once there is a way into the workspace. `reason` is a sentence. */
  | { readonly kind: 'waiting'; readonly reason: string }
  /** The other side has a file of that name: waits for `transfers-resolve`. Sizes in bytes, times in epoch seconds. */
  | {
      readonly kind: 'conflict'
      readonly name: string
      readonly source: { readonly size: number; readonly mtime: number }
      readonly target: { readonly size: number; readonly mtime: number; readonly isFolder: boolean }
    }
  /** `skipped`: files that were left out, by choice or since they are no files (sockets, devices). */
  | { readonly kind: 'done'; readonly verified: 'sha256' | 'size'; readonly skipped: number }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'cancelled' }

export interface Transfer {
  readonly transferId: string
  /** What was started together. */
  readonly batchId: string
  readonly direction: 'upload' | 'download'
  readonly place: FilesPlace
  /** Of what is copied; shown by `displayName`. */
  readonly name: string
  readonly isFolder: boolean
  /** On the workspace: the target of an upload, the source of a download. */
  readonly remotePath: string
  readonly state: TransferState
  /** Zero until counted. */
  readonly bytesTotal: number
  readonly bytesDone: number
  readonly filesTotal: number
  readonly filesDone: number
  /** Of the last seconds; zero unless running. */
  readonly bytesPerSecond: number
  /** The file that is being copied, relative; empty for a single file. */
  readonly currentName: string
}

/** Bridge to window. Changes come at most five times a second. */
export type TransfersToWindow =
  /** `isAll`: the list begins anew with these. `gone`: those that left it. */
  | {
      readonly type: 'transfers-changed'
      readonly isAll: boolean
      readonly transfers: readonly Transfer[]
      readonly gone: readonly string[]
    }
  /** An upload or download that was not begun. `reason` is a sentence. */
  | { readonly type: 'transfers-refused'; readonly requestId: string; readonly reason: string }
  /** One that was begun, with its transfers. */
  | {
      readonly type: 'transfers-begun'
      readonly requestId: string
      readonly transferIds: readonly string[]
    }

const localPath = z.string().min(1).max(32_767)

/** Main to bridge: paths the user chose in a dialog or dropped, and the name windows have for them. Used once. */
export const giveLocalSchema = z.strictObject({
  type: z.literal('give-local'),
  localId: z.uuid(),
  /** `sources` to upload, or the one `folder` to download into. */
  kind: z.enum(['sources', 'folder']),
  paths: z.array(localPath).min(1).max(transferMaxItems),
})
export type GiveLocal = z.infer<typeof giveLocalSchema>

/** A transfer as main keeps it over restarts. */
export const keptTransferSchema = z.strictObject({
  transferId,
  batchId: z.uuid(),
  direction: z.enum(['upload', 'download']),
  place: filesPlaceSchema,
  isFolder: z.boolean(),
  /** Source of an upload, target of a download. */
  localPath,
  remotePath: remotePathSchema,
  onConflict: conflictPolicySchema,
  /** What was chosen for single files, by relative path; with the name of the copy for `keep-both`. */
  decisions: z.record(
    z.string(),
    z.strictObject({ choice: z.enum(conflictChoices), name: z.string().optional() }),
  ),
  /** It ran before: what lies there may be its own. */
  hasRun: z.boolean(),
  state: z.enum(['open', 'paused', 'failed', 'done']),
  /** Of one that failed. */
  reason: z.string(),
  bytesTotal: z.int().min(0),
  filesTotal: z.int().min(0),
})
export type KeptTransfer = z.infer<typeof keptTransferSchema>

/** Main to bridge, after its start: what was kept. */
export const restoreTransfersSchema = z.strictObject({
  type: z.literal('restore-transfers'),
  transfers: z.array(keptTransferSchema).max(transferMaxItems),
})

/** Bridge to main: all that is to be kept from now on. Sent when something changed that counts, at most once a second. */
export const keepTransfersSchema = z.strictObject({
  type: z.literal('keep-transfers'),
  transfers: z.array(keptTransferSchema).max(transferMaxItems),
})
export type KeepTransfers = z.infer<typeof keepTransfersSchema>
