import { randomUUID } from 'node:crypto'
import { type Selectable, sql } from 'kysely'
import { maxFilesPerChat } from '../../../contract/chats-files.ts'
import type { Chat } from '../../../contract/chats.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Database } from '../../db/database.ts'
import type { ChatFilesTable } from '../../db/tables/chat-files.ts'
import { toWireTime } from '../wire-time.ts'
import { cleanFileName } from './file-name.ts'
import type { StoredPart } from './stored-parts.ts'

export type ChatFileRow = Omit<Selectable<ChatFilesTable>, 'data'>
export type FilePart = Extract<StoredPart, { type: 'file' }>

export interface NewChatFile {
  readonly ownerId: string
  readonly organizationId: string
  readonly name: string
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** Files of chats. What is in one never changes. */
export interface ChatFiles {
  /** Keeps a file that no chat uses yet. */
  upload(file: NewChatFile): ChatFileRow
  /** Keeps a file that an agent made as part of its chat, also beyond the files of people that a chat takes. */
  storeFile(file: NewChatFile & { readonly chatId: string }): { readonly id: string }
  find(id: string): ChatFileRow | undefined
  /** All of it, or no more than so many from its beginning. */
  bytes(id: string, limit?: number): Uint8Array | undefined
  /** In bytes; 0 for one that is not there. */
  sizeOf(id: string): number
  /** The chats it is part of. */
  chatsOf(id: string): { readonly id: string; readonly ownerId: string; readonly rootId: string }[]
  /** The files of messages of the chat that readers see, and of those that wait. */
  shownIn(chatId: string): ReadonlySet<string>
  /** Makes the files of these parts part of a chat, as far as it holds them. */
  link(chatId: string, parts: readonly StoredPart[]): void
  /** What to tell about files of these parts that did not become part of the chat. */
  warnings(chatId: string, parts: readonly StoredPart[]): string[]
  listOf(chatId: string): NonNullable<Chat['files']>
}

export const toFilePart = (row: Pick<ChatFileRow, 'id' | 'name' | 'media_type'>): FilePart => ({
  type: 'file',
  file_id: row.id,
  media_type: row.media_type,
  ...(row.name === '' ? {} : { name: row.name }),
})

export function createChatFiles(db: Database, clock: Clock): ChatFiles {
  const columns = ['id', 'owner_id', 'organization_id', 'name', 'media_type', 'created_at'] as const
  const find = (id: string): ChatFileRow | undefined =>
    db.first(db.sql.selectFrom('chat_files').select(columns).where('id', '=', id.toLowerCase()))
  const linked = (chatId: string): Set<string> =>
    new Set(
      db
        .all(db.sql.selectFrom('chat_file_links').select('file_id').where('chat_id', '=', chatId))
        .map((row) => row.file_id),
    )
  const linkOne = (chatId: string, id: string): void =>
    void db.run(
      db.sql.insertInto('chat_file_links').values({ chat_id: chatId, file_id: id, created_at: clock.now() }),
    )
  const linkIds = (chatId: string, ids: readonly string[]): void => {
    const known = linked(chatId)
    // What agents made may have taken more than all of the room.
    const room = Math.max(0, maxFilesPerChat - known.size)
    const added = [...new Set(ids)].filter((id) => !known.has(id)).slice(0, room)
    for (const id of added) linkOne(chatId, id)
  }
  const upload = ({ ownerId, organizationId, name, mediaType, bytes }: NewChatFile): ChatFileRow => {
    const row: ChatFileRow = {
      id: randomUUID(),
      owner_id: ownerId,
      organization_id: organizationId,
      name: cleanFileName(name),
      media_type: mediaType,
      created_at: clock.now(),
    }
    db.run(db.sql.insertInto('chat_files').values({ ...row, data: bytes }))
    return row
  }

  return {
    upload,
    find,
    storeFile: ({ chatId, ...file }) =>
      db.transaction(() => {
        const { id } = upload(file)
        // A message will show it, and a file without a chat is removed in the end.
        linkOne(chatId, id)
        return { id }
      }),
    bytes(id, limit) {
      const data = limit === undefined ? sql<ArrayBuffer>`data` : sql<ArrayBuffer>`substr(data, 1, ${limit})`
      const row = db.first<{ data: ArrayBuffer }>(
        db.sql.selectFrom('chat_files').select(data.as('data')).where('id', '=', id),
      )
      return row && new Uint8Array(row.data)
    },
    sizeOf: (id) =>
      db.first<{ size: number }>(
        db.sql
          .selectFrom('chat_files')
          .select(sql<number>`length(data)`.as('size'))
          .where('id', '=', id),
      )?.size ?? 0,
    chatsOf: (id) =>
      db.all(
        db.sql
          .selectFrom('chat_file_links')
          .innerJoin('chats', 'chats.id', 'chat_file_links.chat_id')
          .select((select) => [
            'chats.id',
            'chats.owner_id as ownerId',
            select.fn.coalesce('chats.parent_chat_id', 'chats.id').as('rootId'),
          ])
          .where('file_id', '=', id),
      ),
    shownIn(chatId) {
      // All of them at once: looking through what was said costs more the longer a chat is.
      const said = db.all(
        db.sql
          .selectFrom('chat_messages')
          .select('content')
          .where('chat_id', '=', chatId)
          .where('deleted', '=', 0)
          .where('visibility', '=', 'both')
          .where(namesFile),
      )
      const waiting = db.all(
        db.sql
          .selectFrom('chat_queued_messages')
          .select('content')
          .where('chat_id', '=', chatId)
          .where(namesFile),
      )
      return new Set([...said, ...waiting].flatMap(({ content }) => namedIds(content)))
    },
    link: (chatId, parts) => linkIds(chatId, fileIds(parts)),
    warnings(chatId, parts) {
      const known = linked(chatId)
      return fileParts(parts)
        .filter((part) => !known.has(part.file_id))
        .map(
          ({ name, file_id: id }) =>
            `${name ?? id} was not kept with the chat: a chat holds ${maxFilesPerChat} files.`,
        )
    },
    listOf: (chatId) =>
      db
        .all(
          db.sql
            .selectFrom('chat_file_links')
            .innerJoin('chat_files', 'chat_files.id', 'chat_file_links.file_id')
            .select(columns.map((column) => `chat_files.${column}` as const))
            .where('chat_id', '=', chatId)
            .orderBy('chat_files.created_at')
            .orderBy('chat_files.id'),
        )
        .map(({ media_type, created_at, ...row }) => ({
          ...row,
          mime_type: media_type,
          created_at: toWireTime(created_at),
        })),
  }
}

const fileParts = (parts: readonly StoredPart[]): FilePart[] => parts.filter((part) => part.type === 'file')
const fileIds = (parts: readonly StoredPart[]): string[] => fileParts(parts).map((part) => part.file_id)

/** A part that is a file, or what a tool answered of one; a text that quotes it has other quotes. */
const namesFile = sql<boolean>`instr(content, 'file_id":"') > 0`
const namedIds = (content: string): string[] =>
  [...content.matchAll(/"(?:recording_|thumbnail_)?file_id":"([0-9a-f-]{36})"/g)].flatMap(
    ([, id]) => id ?? [],
  )
