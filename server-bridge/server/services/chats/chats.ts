import { type CreateChatRequest, maxDynamicTools } from '../../../contract/chats.ts'
import type {
  ChatMessagesResponse,
  CreateChatMessageRequest,
  EditChatMessageRequest,
} from '../../../contract/chats-messages.ts'
import type { Clock } from '../../../lib/clock.ts'
import { badRequest, forbidden, notFound } from '../../api-error.ts'
import type { Database } from '../../db/database.ts'
import { type Action, mayAct, requireMay } from '../authorization.ts'
import type { Organizations } from '../organizations.ts'
import type { Actor } from '../sessions.ts'
import { type ChatFiles, toFilePart } from './chat-files.ts'
import { checkLabels, type FindOwnFile, firstTitle, readInput, textOf } from './chat-input.ts'
import { awaitsOwner, type ChatRow, type MessageRow, partsOf, type QueuedRow, rootIdOf } from './chat-rows.ts'
import type { Applied, ChatStore } from './chat-store.ts'
import type { Approvals } from './approvals.ts'
import type { ChatShares } from './chat-shares.ts'
import type { ChatSwitches } from './chat-switches.ts'
import { toWireMessage, toWireQueued } from './chat-view.ts'
import { interruptChildren } from './chat-children.ts'
import { emptyChat } from './empty-chat.ts'
import type { ModelConfigs } from './model-configs.ts'
import type { ModelChoice } from './model-choice.ts'
import { firstInstructions } from './instructions.ts'
import { defaultPolicies } from './tool-policy.ts'
import { pendingCalls, type ToolCall } from './turn-decision.ts'
import type { UsageLimits } from './usage-limits.ts'

export interface MessagePage {
  readonly beforeId: number | undefined
  readonly afterId: number | undefined
  readonly limit: number
}

export interface Chats {
  /** A chat the caller may do this with. @throws {ApiError} 404 */
  find(id: string, actor: Actor, action?: Action): ChatRow
  /** Whether the caller reads it only because it is shared with them. */
  isViewer(chat: ChatRow, actor: Actor): boolean
  /** One the caller may read without its being shared: a share shows what was said and done, and no more. @throws {ApiError} 404 */
  findUnshared(id: string, actor: Actor): ChatRow
  /** One of the caller's own: what runs in it runs with its owner's rights. @throws {ApiError} 403, 404 */
  findOwn(id: string, actor: Actor): ChatRow
  /** @throws {ApiError} 400, 404, 409, 503 while chats are switched off */
  create(request: CreateChatRequest, actor: Actor): ChatRow
  /** @throws {ApiError} 400, 409, 429, 503 while chats are switched off */
  send(chat: ChatRow, request: CreateChatMessageRequest, actor: Actor): Applied
  /** @throws {ApiError} 400, 404, 409, 503 while chats are switched off */
  edit(
    chat: ChatRow,
    edited: { readonly id: number; readonly request: EditChatMessageRequest },
    actor: Actor,
  ): MessageRow
  /** @throws {ApiError} 409 */
  interrupt(chat: ChatRow): ChatRow
  /** @throws {ApiError} 404, 409 */
  deleteQueued(chat: ChatRow, id: number): void
  /** @throws {ApiError} 404, 409, 503 */
  promote(chat: ChatRow, id: number): MessageRow | undefined
  /** Takes the answers of the client to its calls. @throws {ApiError} 400, 409, 503 */
  submitResults(chat: ChatRow, results: readonly ClientResult[]): void
  /** @throws {ApiError} 400 */
  page(chat: ChatRow, page: MessagePage): ChatMessagesResponse
  /** What its owner wrote, newest first. */
  prompts(chat: ChatRow, limit: number): { id: number; text: string }[]
}

export interface ClientResult {
  readonly tool_call_id: string
  readonly output: unknown
  readonly is_error?: boolean | undefined
}

export interface ChatsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly store: ChatStore
  readonly modelConfigs: ModelConfigs
  readonly organizations: Organizations
  readonly files: Pick<ChatFiles, 'find' | 'link'>
  /** The model a new chat begins with. @throws {ApiError} 400 */
  readonly chooseModel: ModelChoice['forNew']
  /** What the model is told in every chat of the deployment. */
  readonly deploymentPrompts: () => readonly string[]
  readonly isMcpServer: (id: string) => boolean
  readonly usageLimits: Pick<UsageLimits, 'require'>
  readonly chatSwitches: Pick<ChatSwitches, 'requireOn'>
  readonly settle: Approvals['settle']
  readonly shares: Pick<ChatShares, 'isReader'>
}

const MAX_SYSTEM_PROMPT_CHARS = 10_000

export function createChats(deps: ChatsDeps): Chats {
  const { clock, store, modelConfigs, organizations, files, usageLimits, chatSwitches } = deps
  /** Only what they uploaded themselves: another's file would show its content. */
  const ownFiles =
    (actor: Actor): FindOwnFile =>
    (id) => {
      const row = files.find(id)
      return row?.owner_id === actor.user.id ? toFilePart(row) : undefined
    }
  const find: Chats['find'] = (id, actor, action = 'read') => {
    const row = store.find(id)
    if (!row) throw notFound()
    const resource = resourceOf(row)
    requireMay(actor, 'read', {
      ...resource,
      isSharedWithCaller: deps.shares.isReader(rootIdOf(row), actor.user.id),
    })
    // Also what may be read but not changed looks like missing (agents-api 1).
    if (action !== 'read' && !mayAct(actor, action, resource)) throw notFound()
    return row
  }
  const isViewer: Chats['isViewer'] = (chat, actor) => !mayAct(actor, 'read', resourceOf(chat))
  const chosenModel = (id: string | undefined): { readonly modelConfigId?: string } =>
    id === undefined ? {} : { modelConfigId: modelConfigs.choose(id).id }

  return {
    find,
    isViewer,
    findUnshared(id, actor) {
      const row = find(id, actor)
      if (isViewer(row, actor)) throw notFound()
      return row
    },
    findOwn(id, actor) {
      const row = find(id, actor, 'update')
      if (row.owner_id !== actor.user.id) throw forbidden('Only the owner of a chat can do this.')
      return row
    },
    create(request, actor) {
      chatSwitches.requireOn()
      const parts = readInput(request.content, ownFiles(actor))
      const organization = organizations.find(request.organization_id, actor)
      const model = deps.chooseModel(actor.user.id, request.model_config_id)
      const workspace = bindableWorkspace(deps.db, request.workspace_id, actor)
      const systemPrompt = request.system_prompt?.trim() ?? ''
      if (systemPrompt.length > MAX_SYSTEM_PROMPT_CHARS)
        throw badRequest(`system_prompt may have at most ${MAX_SYSTEM_PROMPT_CHARS} characters.`)
      checkLabels(request.labels ?? {})
      const row: ChatRow = {
        ...emptyChat(clock.now()),
        organization_id: organization.id,
        owner_id: actor.user.id,
        workspace_id: workspace?.id ?? null,
        last_model_config_id: model.id,
        title: firstTitle(parts),
        title_wanted: 1,
        plan_mode: request.plan_mode ?? '',
        client_type: request.client_type ?? 'api',
        mcp_server_ids: JSON.stringify(checkedServers(deps, request.mcp_server_ids ?? [])),
        labels: JSON.stringify(request.labels ?? {}),
        dynamic_tools: JSON.stringify(checkedTools(request.unsafe_dynamic_tools ?? [])),
      }
      usageLimits.require({ owner_id: actor.user.id })
      deps.db.transaction(() => {
        store.insert(row, [
          ...firstInstructions(systemPrompt, workspace?.name, deps.deploymentPrompts()),
          { role: 'user', parts, createdBy: actor.user.id, modelConfigId: model.id },
        ])
        files.link(row.id, parts)
      })
      return row
    },
    send(chat, request, actor) {
      chatSwitches.requireOn()
      if (chat.archived === 1) throw badRequest('The chat is archived. Take it out of the archive first.')
      const parts = readInput(request.content, ownFiles(actor))
      const message = {
        role: 'user',
        parts,
        createdBy: actor.user.id,
        ...chosenModel(request.model_config_id),
      } as const
      const servers = request.mcp_server_ids && checkedServers(deps, request.mcp_server_ids)
      usageLimits.require(chat)
      return deps.db.transaction(() => {
        const applied = store.apply(
          chat.id,
          { type: 'send', interrupts: request.busy_behavior === 'interrupt' },
          {
            message,
            before: () => {
              files.link(chat.id, parts)
              if (servers) store.update(chat.id, { mcp_server_ids: JSON.stringify(servers) })
              if (request.plan_mode !== undefined) store.update(chat.id, { plan_mode: request.plan_mode })
            },
          },
        )
        // A call that waits may have lost its tool.
        if (servers || request.plan_mode !== undefined) deps.settle(chat.owner_id)
        return applied
      })
    },
    edit(chat, { id, request }, actor) {
      chatSwitches.requireOn()
      const parts = readInput(request.content, ownFiles(actor))
      const old = store.messages(chat.id).find((row) => row.id === id && row.visibility === 'both')
      if (!old) throw notFound()
      if (old.role !== 'user') throw badRequest('Only messages of a user can be edited.')
      usageLimits.require(chat)
      const { message } = store.apply(
        chat.id,
        { type: 'edit' },
        {
          message: { role: 'user', parts, createdBy: actor.user.id, ...chosenModel(request.model_config_id) },
          before: () => {
            interruptChildren(deps.db, store, chat.id)
            files.link(chat.id, parts)
            store.deleteFrom(chat.id, id)
          },
        },
      )
      if (!message) throw new Error('An edit made no message.')
      return message
    },
    interrupt: (chat) =>
      deps.db.transaction(() => {
        const stopped = interruptChildren(deps.db, store, chat.id)
        // Sub-agents may be at work when their root is not.
        if (stopped > 0 && !['running', 'requires_action'].includes(chat.status)) return chat
        return store.apply(chat.id, { type: 'interrupt' }).chat
      }),
    deleteQueued(chat, id) {
      requireQueued(store, chat, id)
      store.apply(chat.id, { type: 'delete_queued' }, { queuedId: id })
    },
    promote(chat, id) {
      chatSwitches.requireOn()
      requireQueued(store, chat, id)
      return store.apply(chat.id, { type: 'promote' }, { queuedId: id }).message
    },
    submitResults(chat, results) {
      chatSwitches.requireOn()
      if (awaitsOwner(chat))
        throw badRequest(
          'The calls of this chat are for its owner to allow or deny, not for a client to run.',
        )
      store.apply(
        chat.id,
        { type: 'submit_results' },
        { before: () => answerCalls(store, chat.id, { results, now: clock.now() }) },
      )
    },
    page: (chat, page) => readPage(deps, chat, page),
    prompts: (chat, limit) =>
      store
        .messages(chat.id)
        .filter((row) => row.role === 'user' && row.visibility === 'both')
        .toReversed()
        .map((row) => ({ id: row.id, text: textOf(partsOf(row)) }))
        .filter(({ text }) => text !== '')
        .slice(0, limit),
  }
}

const resourceOf = ({ id, owner_id: ownerId }: ChatRow) => ({ type: 'chat', ownerId, id }) as const

/**
 * The workspace a chat may work in: tools run there with all its owner may do, so it has to be the caller's own.
 *
 * @throws {ApiError} 400
 */
export function bindableWorkspace(
  db: Database,
  id: string | undefined,
  actor: Actor,
): { readonly id: string; readonly name: string } | undefined {
  if (id === undefined) return undefined
  const row = db.first(
    db.sql
      .selectFrom('workspaces')
      .select(['id', 'name', 'owner_id'])
      .where('id', '=', id.toLowerCase())
      .where('deleted', '=', 0),
  )
  const mayEnter =
    row?.owner_id === actor.user.id &&
    mayAct(actor, 'ssh', { type: 'workspace', ownerId: row.owner_id, id: row.id })
  if (!row || !mayEnter) throw badRequest('The workspace does not exist, or you may not open it by SSH.')
  return row
}

function checkedServers({ isMcpServer }: ChatsDeps, ids: readonly string[]): string[] {
  const unknown = ids.find((id) => !isMcpServer(id.toLowerCase()))
  if (unknown !== undefined) throw badRequest(`There is no MCP server ${unknown}.`)
  return [...new Set(ids.map((id) => id.toLowerCase()))]
}

/** A tool of ours, the search of a provider, or one of an MCP server: `slug__tool`. */
const isTakenName = (name: string): boolean =>
  Object.hasOwn(defaultPolicies, name) || name === 'web_search' || name.includes('__')

function checkedTools(tools: NonNullable<CreateChatRequest['unsafe_dynamic_tools']>) {
  if (tools.length > maxDynamicTools) throw badRequest(`A chat has at most ${maxDynamicTools} dynamic tools.`)
  const names = new Set(tools.map(({ name }) => name))
  if (names.size !== tools.length) throw badRequest('The names of dynamic tools have to differ.')
  return tools.map(({ name, description = '', input_schema }) => {
    if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name))
      throw badRequest(`${JSON.stringify(name)} is no name for a tool: 1 to 64 letters, digits, _ and - are.`)
    // The client would run calls in place of ours, or of a server's, and nobody would be asked about them.
    if (isTakenName(name))
      throw badRequest(
        `A dynamic tool cannot be called ${JSON.stringify(name)}: the deployment or its MCP servers have such tools.`,
      )
    if (typeof input_schema !== 'object' || input_schema === null)
      throw badRequest(`input_schema of the tool ${JSON.stringify(name)} has to be a JSON schema.`)
    return { name, description, input_schema }
  })
}

function requireQueued(store: ChatStore, chat: ChatRow, id: number): void {
  if (!store.queue(chat.id).some((row: QueuedRow) => row.id === id)) throw notFound()
}

function answerCalls(
  store: ChatStore,
  chatId: string,
  { results, now }: { readonly results: readonly ClientResult[]; readonly now: number },
): void {
  const calls = new Map(pendingCalls(store.history(chatId)).map((call) => [call.id, call]))
  const named = new Set(results.map((result) => result.tool_call_id))
  const isComplete = named.size === results.length && named.size === calls.size
  if (!isComplete || results.some((result) => !calls.has(result.tool_call_id)))
    throw badRequest('results has to answer every pending call exactly once.')
  store.append(
    chatId,
    results.map((result) => ({
      role: 'tool',
      parts: [
        {
          type: 'tool-result',
          tool_call_id: result.tool_call_id,
          tool_name: (calls.get(result.tool_call_id) as ToolCall).name,
          result: result.output ?? null,
          ...(result.is_error === true ? { is_error: true } : {}),
          created_at: new Date(now).toISOString(),
        },
      ],
    })),
  )
}

function readPage({ db, store }: ChatsDeps, chat: ChatRow, page: MessagePage): ChatMessagesResponse {
  const { beforeId, afterId, limit } = page
  if (limit < 1 || limit > 200) throw badRequest('limit has to be between 1 and 200.')
  if (beforeId !== undefined && afterId !== undefined && afterId >= beforeId)
    throw badRequest('after_id has to be less than before_id.')
  let rows = db.sql
    .selectFrom('chat_messages')
    .selectAll()
    .where('chat_id', '=', chat.id)
    .where('deleted', '=', 0)
    .where('visibility', '=', 'both')
  if (beforeId !== undefined) rows = rows.where('id', '<', beforeId)
  if (afterId !== undefined) rows = rows.where('id', '>', afterId)
  const isForward = afterId !== undefined && beforeId === undefined
  const found = db.all(rows.orderBy('id', isForward ? 'asc' : 'desc').limit(limit + 1))
  return {
    messages: found.slice(0, limit).map(toWireMessage),
    queued_messages:
      beforeId === undefined && afterId === undefined ? store.queue(chat.id).map(toWireQueued) : [],
    has_more: found.length > limit,
  }
}
