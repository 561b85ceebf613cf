import { chatFilesRoutes, maxChatFileBytes } from '../../contract/chats-files.ts'
import { badRequest, notFound } from '../api-error.ts'
import { mayAct } from '../services/authorization.ts'
import type { ChatFileRow, ChatFiles } from '../services/chats/chat-files.ts'
import type { ChatShares } from '../services/chats/chat-shares.ts'
import { contentDisposition, dispositionName } from '../services/chats/file-name.ts'
import { isImage, isTextType, UNKNOWN_TYPE, uploadedType } from '../services/chats/file-type.ts'
import type { Organizations } from '../services/organizations.ts'
import type { Actor } from '../services/sessions.ts'
import { bound } from './bind-routes.ts'
import { readBody } from './body.ts'

export interface ChatFileHandlerDeps {
  readonly chatFiles: ChatFiles
  readonly chatShares: Pick<ChatShares, 'isReader'>
  readonly organizations: Organizations
}

/** Whatever a file holds, a browser that opens it runs nothing of it. */
const GUARDS = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
}

/** What people attach to their messages, and what agents hand over. */
export function chatFileHandlers({ chatFiles, chatShares, organizations }: ChatFileHandlerDeps) {
  /** Its owner, and who reads a chat that it is part of. */
  const mayRead = (actor: Actor, file: ChatFileRow): boolean =>
    (file.owner_id === actor.user.id && mayAct(actor, 'read', { type: 'chat', ownerId: file.owner_id })) ||
    chatFiles.chatsOf(file.id).some(({ id, ownerId, rootId }) => {
      // Of a shared chat, what its messages show: not what its owner took back.
      const isSharedWithCaller =
        chatShares.isReader(rootId, actor.user.id) && chatFiles.shownIn(id).has(file.id)
      return mayAct(actor, 'read', { type: 'chat', ownerId, id, isSharedWithCaller })
    })

  return bound(chatFilesRoutes, {
    async upload({ request, query, actor }) {
      if (query.organization === undefined) throw badRequest('The query needs organization.')
      const organization = organizations.find(query.organization, actor)
      const bytes = await readBody(request, maxChatFileBytes)
      if (bytes.byteLength === 0) throw badRequest('The file is empty.')
      const name = dispositionName(request.headers.get('content-disposition'))
      const verdict = uploadedType(request.headers.get('content-type') ?? '', bytes, name)
      if ('refused' in verdict) throw badRequest(verdict.refused)
      const { id } = chatFiles.upload({
        ownerId: actor.user.id,
        organizationId: organization.id,
        name,
        mediaType: verdict.type,
        bytes,
      })
      return { id }
    },
    get({ params, actor }) {
      const file = chatFiles.find(params.file)
      const bytes = file && mayRead(actor, file) ? chatFiles.bytes(file.id) : undefined
      if (!file || !bytes) throw notFound()
      return fileAnswer(file, bytes)
    },
  })
}

/** Whoever plays it has to know what it is; a browser saves it. */
const isFilm = (type: string): boolean => type === 'video/mp4' || type === 'video/webm'

function fileAnswer({ name, media_type: type }: ChatFileRow, bytes: Uint8Array): Response {
  const isText = isTextType(type)
  const isShown = isText || isImage(type)
  return new Response(Uint8Array.from(bytes), {
    headers: {
      ...GUARDS,
      'content-type': isText
        ? `${type}; charset=utf-8`
        : isShown || type === 'application/pdf' || isFilm(type)
          ? type
          : UNKNOWN_TYPE,
      'content-disposition': contentDisposition(isShown ? 'inline' : 'attachment', name),
      // Of one person: no cache between them and the server may keep it.
      'cache-control': 'private, max-age=31536000, immutable',
    },
  })
}
