import { type Chat, type ChatContextResource, chatsRoutes } from '../../contract/chats.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { isUuid } from '../../contract/uuid.ts'
import { badRequest, notFound } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import type { AuditEntry } from '../services/audit.ts'
import type { Approvals } from '../services/chats/approvals.ts'
import type { ChatFiles } from '../services/chats/chat-files.ts'
import { listChats } from '../services/chats/chat-list.ts'
import { type ChatRow, partsOf } from '../services/chats/chat-rows.ts'
import { updateChat } from '../services/chats/chat-settings.ts'
import type { ChatShares } from '../services/chats/chat-shares.ts'
import type { ChatStore } from '../services/chats/chat-store.ts'
import { type ChatView, toWireMessage, toWireQueued } from '../services/chats/chat-view.ts'
import type { Chats } from '../services/chats/chats.ts'
import { sourceOf, type WorkspaceSkills } from '../services/chats/workspace-skills.ts'
import { bound } from './bind-routes.ts'
import type { Handlers } from './call.ts'

export interface ChatHandlerDeps {
  readonly db: Database
  readonly chats: Chats
  readonly chatStore: ChatStore
  readonly chatView: ChatView
  readonly chatFiles: ChatFiles
  readonly chatShares: Pick<ChatShares, 'isOn'>
  readonly workspaceSkills: Pick<WorkspaceSkills, 'known'>
  readonly approvals: Pick<Approvals, 'settle'>
}

const DEFAULT_PAGE = 50
const MAX_WORKSPACES = 25
const DEFAULT_PROMPTS = 500
const MAX_PROMPTS = 2000

const auditOf = (chat: ChatRow, action: AuditEntry['action']): AuditEntry => ({
  resourceType: 'chat',
  resourceId: chat.id,
  resourceTarget: chat.title,
  action,
})

/** Chats and their messages. */
export function chatHandlers(deps: ChatHandlerDeps) {
  return [...bound(chatsRoutes, chatRouteHandlers(deps)), ...bound(chatMessagesRoutes, messageHandlers(deps))]
}

function chatRouteHandlers({
  db,
  chats,
  chatStore,
  chatView,
  chatFiles,
  chatShares,
  workspaceSkills,
  approvals,
}: ChatHandlerDeps): Handlers<typeof chatsRoutes> {
  const show = (row: ChatRow) => {
    const [chat] = chatView.toWireTrees([row])
    if (!chat) throw notFound()
    return chat
  }
  return {
    list({ query, actor, request }) {
      const { rows, unread } = listChats(
        db,
        { userId: actor.user.id, isSharingOn: chatShares.isOn },
        {
          q: query.q ?? '',
          labels: new URL(request.url).searchParams.getAll('label'),
          limit: query.limit ?? DEFAULT_PAGE,
          offset: query.offset ?? 0,
          afterId: query.after_id,
        },
      )
      return chatView.toWireTrees(rows, unread)
    },
    create({ body, actor, audit }) {
      const chat = chats.create(body, actor)
      audit(auditOf(chat, 'create'))
      const [first] = chatStore.messages(chat.id).filter((row) => row.role === 'user')
      return { ...show(chat), ...warned(chatFiles, chat.id, first) }
    },
    byWorkspace({ query, actor }) {
      const ids = (query.workspace_ids ?? '').split(',').filter((id) => id !== '')
      if (ids.length > MAX_WORKSPACES || !ids.every(isUuid))
        throw badRequest(`workspace_ids has to name up to ${MAX_WORKSPACES} workspaces by their ids.`)
      return newestOf(db, actor.user.id, ids)
    },
    async get({ params, actor }) {
      const chat = chats.find(params.chat, actor)
      const files = chatFiles.listOf(chat.id)
      if (chats.isViewer(chat, actor)) {
        // What was taken back is shown to nobody else.
        const shown = files.length === 0 ? undefined : chatFiles.shownIn(chat.id)
        return { ...show(chat), files: files.filter(({ id }) => shown?.has(id)) }
      }
      const context = await contextOf(workspaceSkills, chat)
      // It may have been removed meanwhile.
      return { ...show(chats.find(params.chat, actor)), files, ...context }
    },
    update({ params, body, actor, audit }) {
      const chat = chats.find(params.chat, actor, 'update')
      updateChat({ db, store: chatStore, settle: approvals.settle }, chat, { request: body, actor })
      audit(auditOf(chat, 'write'))
      return undefined
    },
    interrupt: ({ params, actor }) => show(chats.interrupt(chats.find(params.chat, actor, 'update'))),
    toolResults({ params, body, actor }) {
      chats.submitResults(chats.findOwn(params.chat, actor), body.results)
      return undefined
    },
  }
}

/** What the workspace teaches the model. Who asks for a chat does not wait for a workspace that says nothing. */
async function contextOf(
  skills: Pick<WorkspaceSkills, 'known'>,
  chat: ChatRow,
): Promise<Pick<Chat, 'context'>> {
  const found = await skills.known(chat)
  if (found.length === 0) return {}
  const resources = found.map((skill): ChatContextResource => ({
    source: sourceOf(skill),
    kind: 'skill',
    size_bytes: skill.size,
    skill_name: skill.name,
    skill_description: skill.description,
    status: 'ok',
  }))
  return { context: { dirty: false, resources } }
}

/** What to tell of files that were sent and did not fit. */
function warned(
  files: ChatFiles,
  chatId: string,
  sent: { readonly content: string } | undefined,
): { readonly warnings?: string[] } {
  const warnings = sent ? files.warnings(chatId, partsOf(sent)) : []
  return warnings.length === 0 ? {} : { warnings }
}

function newestOf(db: Database, ownerId: string, workspaceIds: readonly string[]): Record<string, string> {
  if (workspaceIds.length === 0) return {}
  const rows = db.all(
    db.sql
      .selectFrom('chats')
      .select(['id', 'workspace_id'])
      .where('owner_id', '=', ownerId)
      .where('parent_chat_id', 'is', null)
      .where('archived', '=', 0)
      .where(
        'workspace_id',
        'in',
        workspaceIds.map((id) => id.toLowerCase()),
      )
      .orderBy('created_at')
      .orderBy('id'),
  )
  return Object.fromEntries(rows.map((row) => [row.workspace_id ?? '', row.id]))
}

/** Ids of messages are numbers. @throws {ApiError} 400 */
function messageId(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`Invalid message id ${JSON.stringify(text)}.`)
  return Number(text)
}

function messageHandlers({ chats, chatFiles }: ChatHandlerDeps): Handlers<typeof chatMessagesRoutes> {
  return {
    list: ({ params, query, actor }) =>
      chats.page(chats.find(params.chat, actor), {
        beforeId: query.before_id,
        afterId: query.after_id,
        limit: query.limit ?? DEFAULT_PAGE,
      }),
    send({ params, body, actor }) {
      const { chat, message, queued } = chats.send(chats.findOwn(params.chat, actor), body, actor)
      return {
        // After a failure what waited comes first: the message that became history is another one then.
        ...(message && !queued ? { message: toWireMessage(message) } : {}),
        ...(queued ? { queued_message: toWireQueued(queued) } : {}),
        queued: queued !== undefined,
        ...warned(chatFiles, chat.id, queued ?? message),
      }
    },
    edit({ params, body, actor }) {
      const chat = chats.findOwn(params.chat, actor)
      const message = chats.edit(chat, { id: messageId(params.message), request: body }, actor)
      return { message: toWireMessage(message), ...warned(chatFiles, chat.id, message) }
    },
    prompts({ params, query, actor }) {
      const limit = query.limit ?? 0
      if (limit > MAX_PROMPTS) throw badRequest(`limit has to be at most ${MAX_PROMPTS}.`)
      return {
        prompts: chats.prompts(chats.findUnshared(params.chat, actor), limit === 0 ? DEFAULT_PROMPTS : limit),
      }
    },
    deleteQueued({ params, actor }) {
      chats.deleteQueued(chats.find(params.chat, actor, 'update'), messageId(params.queuedmessage))
      return undefined
    },
    promoteQueued({ params, actor }) {
      const message = chats.promote(chats.findOwn(params.chat, actor), messageId(params.queuedmessage))
      return message ? { message: toWireMessage(message) } : {}
    },
  }
}
