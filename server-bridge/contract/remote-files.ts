/**
 * Files of a workspace, asked for by a window over its byte port to the bridge. A request is answered once, by
 * `files-answer`; before that, some send events. Cancelling one answers it with `cancelled`. Requests of the same place
 * share one SSH connection, which heals: while it is away they wait for it up to `filesWaitMs`, then fail `disconnected`.
 */
import { z } from 'zod'
import { remotePathSchema, remoteNameSchema } from './remote-paths.ts'

/** How long a request waits for a way into the workspace. */
export const filesWaitMs = 20_000
/** The largest file that is read or saved as text. */
export const textMaxBytes = 64 * 1024 * 1024
/** Entries, paths or matches of one event. */
export const filesPageSize = 500
/** More is cut off, and the answer says so. */
export const listMaxEntries = 200_000
export const quickOpenMaxPaths = 200_000
export const searchMaxMatches = 10_000

/** Whose files. Without `agentName`: the first agent. */
export const filesPlaceSchema = z.strictObject({
  deploymentId: z.string().min(1).max(200),
  workspaceId: z.uuid(),
  agentName: z.string().min(1).max(200).optional(),
})
export type FilesPlace = z.infer<typeof filesPlaceSchema>

/**
 * What a file was when it was read. `mtime` is in whole seconds of the epoch, since SFTP has no finer time: that is why
 * the hash decides.
 */
export const fileVersionSchema = z.strictObject({
  mtime: z.int(),
  size: z.int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
export type FileVersion = z.infer<typeof fileVersionSchema>

const path = remotePathSchema
const bytes = z
  .instanceof(Uint8Array)
  .refine(({ byteLength }) => byteLength <= textMaxBytes, 'The file is too large.')
const saving = {
  path,
  bytes,
  /** What the change is based on; `null`: there was no such file. */
  base: fileVersionSchema.nullable(),
  /** Writes over whatever is there now. */
  force: z.boolean(),
}

export const filesRequestSchema = z.discriminatedUnion('op', [
  /** The folder in which a shell starts. Answer: `{ path }`. */
  z.strictObject({ op: z.literal('home') }),
  /** Without links, `.` and `..`. Answer: `{ path }`. */
  z.strictObject({ op: z.literal('realpath'), path }),
  /** Events `entries`, in the server's order. Answer: `{ count, isTruncated }`. */
  z.strictObject({ op: z.literal('list'), path }),
  /** The entry itself, a link not followed. Answer: `{ entry }`. */
  z.strictObject({ op: z.literal('stat'), path }),
  /** Fails `exists`. Answer: `null`. */
  z.strictObject({ op: z.literal('make-folder'), path }),
  /** An empty file; fails `exists`. Answer: `null`. */
  z.strictObject({ op: z.literal('make-file'), path }),
  /** Also moves. Fails `exists` where `to` is there, unless `replace`. Answer: `null`. */
  z.strictObject({ op: z.literal('rename'), from: path, to: path, replace: z.boolean() }),
  /** The permission bits, setuid, setgid and sticky among them. Of a link: its target's. Answer: `null`. */
  z.strictObject({ op: z.literal('chmod'), path, mode: z.int().min(0).max(0o7777) }),
  /**
   * Moves into the workspace's trash (`~/.local/share/Trash`, XDG trash specification 1.0). Fails `other_file_system`
   * where the trash is on another one: nothing is copied. Answer: `{ item: TrashItem }`.
   */
  z.strictObject({ op: z.literal('trash'), path }),
  /** Back to where it was: undo. Fails `exists` where something is there now. Answer: `{ path }`. */
  z.strictObject({ op: z.literal('restore'), name: remoteNameSchema }),
  /** Events `trash`. Answer: `{ count, isTruncated }`. */
  z.strictObject({ op: z.literal('list-trash') }),
  /** Deletes one item of the trash for good. Event `removed`. Answer: `null`. */
  z.strictObject({ op: z.literal('purge'), name: remoteNameSchema }),
  /** For good, folders with all that is in them; links are not followed. Events `removed`. Answer: `null`. */
  z.strictObject({ op: z.literal('delete'), path }),
  /** At most `maxBytes` of a file. Answer: `ReadText`. */
  z.strictObject({ op: z.literal('read'), path, maxBytes: z.int().min(1).max(textMaxBytes) }),
  /**
   * Puts the bytes in the file's place at once. Links are followed, mode and (where allowed) owner are kept. Right before
   * the new file takes the old one's place, what is there is compared with `base`; where it differs, fails `conflict`
   * with `current`. Answer: `{ version, path }`, `path` the real one.
   */
  z.strictObject({ op: z.literal('save'), ...saving }),
  /**
   * The same by `sudo` on the workspace. `password` is used for this one call; with `null` it is tried without one. Fails
   * `password_needed`, `wrong_password`, `no_sudo`, `not_allowed` (the user is no sudoer, or sudo wants a terminal).
   */
  z.strictObject({
    op: z.literal('save-as-root'),
    ...saving,
    password: z
      .string()
      .min(1)
      .max(1024)
      .regex(/^[^\0\r\n]*$/)
      .nullable(),
  }),
  /**
   * The files below a folder for quick open, without ignored ones where git or ripgrep is there. Events `paths`, relative
   * to the folder. Answer: `{ count, isTruncated, source }`.
   */
  z.strictObject({ op: z.literal('find-files'), folder: path }),
  /** Searches contents below a folder. Events `matches`. Answer: `{ count, isTruncated, source }`. */
  z.strictObject({
    op: z.literal('search'),
    folder: path,
    query: z
      .string()
      .min(1)
      .max(1024)
      .regex(/^[^\0\r\n]*$/),
    isRegex: z.boolean(),
    isCaseSensitive: z.boolean(),
    isWholeWord: z.boolean(),
    maxMatches: z.int().min(1).max(searchMaxMatches),
  }),
])
export type FilesRequest = z.infer<typeof filesRequestSchema>
export type FilesOp = FilesRequest['op']

export type EntryKind = 'file' | 'folder' | 'link' | 'other'

/** Text fields may hold lone surrogates (`remote-paths.ts`); `longTarget` and names are shown by `displayName`. */
export interface RemoteEntry {
  readonly name: string
  readonly kind: EntryKind
  /** Of a link: where it leads, `null` where it leads nowhere; its text, which may be relative. */
  readonly target: { readonly kind: Exclude<EntryKind, 'link'> | null; readonly text: string } | null
  /** Type and permission bits as in `st_mode`. */
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly size: number
  /** Seconds of the epoch. */
  readonly mtime: number
}

export interface TrashItem {
  /** Its name in the trash, for `restore` and `purge`. */
  readonly name: string
  /** Where it was. */
  readonly path: string
  /** Local time of the computer that deleted it, `YYYY-MM-DDThh:mm:ss`, as the trash keeps it. */
  readonly deletedAt: string
}

/** The encodings that are told apart; a byte-order mark is told apart from the encoding. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

export interface ReadText {
  /** The real file. */
  readonly path: string
  readonly bytes: Uint8Array
  /** Of the whole file. */
  readonly size: number
  /** The file is larger than `maxBytes`: show it read-only. */
  readonly isTruncated: boolean
  /** What to save on. `null` where the file was cut. */
  readonly version: FileVersion | null
  readonly isBinary: boolean
  readonly encoding: TextEncoding
  readonly hasBom: boolean
  /** Of most lines; `null` where there is one line. */
  readonly eol: 'lf' | 'crlf' | 'cr' | null
  readonly hasMixedEol: boolean
  readonly mode: number
  readonly uid: number
  readonly gid: number
}

export interface SearchMatch {
  /** Relative to the folder. */
  readonly path: string
  /** From 1. */
  readonly line: number
  /** From 0, in UTF-16 units of `text`; `null` where the program does not tell. */
  readonly column: number | null
  readonly length: number | null
  /** The line, cut to 400 characters around the match. */
  readonly text: string
}

export type FilesEvent =
  | { readonly kind: 'entries'; readonly entries: readonly RemoteEntry[] }
  | { readonly kind: 'trash'; readonly items: readonly TrashItem[] }
  | { readonly kind: 'removed'; readonly count: number }
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | { readonly kind: 'matches'; readonly matches: readonly SearchMatch[] }

interface Listed {
  readonly count: number
  readonly isTruncated: boolean
}
interface Saved {
  readonly version: FileVersion
  readonly path: string
}

/** What answers each request. */
export interface FilesAnswers {
  readonly home: { readonly path: string }
  readonly realpath: { readonly path: string }
  readonly list: Listed
  readonly stat: { readonly entry: RemoteEntry }
  readonly 'make-folder': null
  readonly 'make-file': null
  readonly rename: null
  readonly chmod: null
  readonly trash: { readonly item: TrashItem }
  readonly restore: { readonly path: string }
  readonly 'list-trash': Listed
  readonly purge: null
  readonly delete: null
  readonly read: ReadText
  readonly save: Saved
  readonly 'save-as-root': Saved
  readonly 'find-files': Listed & { readonly source: 'git' | 'rg' | 'find' | 'sftp' }
  readonly search: Listed & { readonly source: 'rg' | 'grep' }
}

export type FilesErrorCode =
  | 'cancelled'
  /** No way into the workspace at the moment; it is being tried again. */
  | 'disconnected'
  /** No way in until the user does something: signed out, gone, no agent. */
  | 'no_way_in'
  | 'not_found'
  | 'permission_denied'
  | 'exists'
  | 'is_folder'
  | 'not_a_folder'
  | 'not_a_file'
  | 'disk_full'
  | 'read_only_file_system'
  | 'other_file_system'
  | 'too_large'
  | 'conflict'
  | 'password_needed'
  | 'wrong_password'
  | 'no_sudo'
  | 'not_allowed'
  /** The workspace lacks the programs, or a shell that can run them. */
  | 'not_available'
  | 'bad_query'
  | 'name_not_usable'
  | 'too_many_requests'
  /** Anything else the workspace said; the message has its words. */
  | 'failed'

/** `message` is a sentence that may be shown as it is. */
export interface FilesError {
  readonly code: FilesErrorCode
  readonly message: string
  /** With `conflict`: what is there now; `null`: the file is gone. */
  readonly current?: FileVersion | null
}

/** Window to bridge. */
export const windowToFilesSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('files-request'),
    requestId: z.uuid(),
    place: filesPlaceSchema,
    request: filesRequestSchema,
  }),
  z.strictObject({ type: z.literal('files-cancel'), requestId: z.uuid() }),
  /**
   * Events of a request beyond the first `filesEventCredit` are sent as they are acknowledged, so that a slow window holds
   * the workspace back and not memory in between.
   */
  z.strictObject({ type: z.literal('files-ack'), requestId: z.uuid(), events: z.int().min(1) }),
  /** Connects again now instead of after the wait. */
  z.strictObject({ type: z.literal('files-retry-now'), place: filesPlaceSchema }),
])
export type WindowToFiles = z.infer<typeof windowToFilesSchema>

/** Events of one request that may be unacknowledged. */
export const filesEventCredit = 16

/** Bridge to window. `bytes` of `read` travel as transferred. */
export type FilesToWindow =
  | { readonly type: 'files-event'; readonly requestId: string; readonly event: FilesEvent }
  | {
      readonly type: 'files-answer'
      readonly requestId: string
      readonly result:
        | { readonly ok: true; readonly value: FilesAnswers[FilesOp] }
        | { readonly ok: false; readonly error: FilesError }
    }
  /** How the way into a place is, whenever it changes and after the first request. `reason` is a sentence. */
  | { readonly type: 'files-place'; readonly place: FilesPlace; readonly state: FilesPlaceState }

export type FilesPlaceState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open' }
  /** `retryAt` is epoch milliseconds. */
  | { readonly kind: 'waiting'; readonly reason: string; readonly retryAt: number }
  | { readonly kind: 'failed'; readonly reason: string }
  /** Closed after some minutes without use; the next request opens it again. */
  | { readonly kind: 'idle' }
