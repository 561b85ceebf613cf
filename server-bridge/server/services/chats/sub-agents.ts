import type { Clock } from '../../../lib/clock.ts'
import type { Database } from '../../db/database.ts'
import type { Topic } from '../topics.ts'
import { firstTitle, textOf } from './chat-input.ts'
import { childrenOf } from './chat-children.ts'
import { type ChatRow, partsOf, statusOf } from './chat-rows.ts'
import type { ChatStore } from './chat-store.ts'
import { emptyChat } from './empty-chat.ts'
import { firstInstructions, subAgentInstructions } from './instructions.ts'
import type { SubAgentType } from './sub-agent-type.ts'
import type { ToolCall } from './turn-decision.ts'
import { waitForRest } from './wait-for-rest.ts'

/** Chats that the model of a root begins, and what it does with them. */
export interface SubAgents {
  /** A call that runs twice, since the server ended in between, begins one. @throws for the model */
  spawn(
    root: ChatRow,
    agent: { readonly type: SubAgentType; readonly prompt: string; readonly title: string },
    call: ToolCall,
  ): ChatRow
  /** One of the root's own. @throws for the model */
  find(root: ChatRow, id: string): ChatRow
  list(root: ChatRow): ChatRow[]
  send(child: ChatRow, message: string, interrupts: boolean): ChatRow
  /** Answers whether there was anything to stop. */
  interrupt(child: ChatRow): boolean
  /** Waits until it rests; the time in which its owner is asked something does not count. False: it took too long. */
  rests(child: ChatRow, ms: number, signal: AbortSignal): Promise<boolean>
  /** What it said last. */
  report(child: ChatRow): string
}

export interface SubAgentsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly store: ChatStore
  readonly topic: Topic
  /** Its id; `undefined`: that of the root. */
  readonly chooseModel: (root: ChatRow, type: SubAgentType) => string | undefined
  readonly deploymentPrompts: () => readonly string[]
}

/** Of one root; a model that goes in circles begins no more. */
const MAX_CHILDREN = 100
const MAX_TITLE_RUNES = 200

export function createSubAgents(deps: SubAgentsDeps): SubAgents {
  const { db, clock, store, topic } = deps
  const rowOf = (
    root: ChatRow,
    { type, prompt, title }: { readonly type: SubAgentType; readonly prompt: string; readonly title: string },
    spawnedBy: string,
  ): ChatRow => ({
    ...emptyChat(clock.now()),
    organization_id: root.organization_id,
    owner_id: root.owner_id,
    workspace_id: root.workspace_id,
    last_model_config_id: deps.chooseModel(root, type) ?? root.last_model_config_id,
    title:
      [...title.trim()].slice(0, MAX_TITLE_RUNES).join('') || firstTitle([{ type: 'text', text: prompt }]),
    plan_mode: root.plan_mode,
    client_type: root.client_type,
    // As they are now: whoever plans gets none (agents-api 13).
    mcp_server_ids: root.plan_mode === 'plan' ? '[]' : root.mcp_server_ids,
    parent_chat_id: root.id,
    agent_type: type,
    spawned_by: spawnedBy,
  })
  const workspaceName = (root: ChatRow): string | undefined =>
    root.workspace_id === null
      ? undefined
      : db.first(db.sql.selectFrom('workspaces').select('name').where('id', '=', root.workspace_id))?.name

  return {
    spawn(root, agent, call) {
      const spawnedBy = `${call.messageId}:${call.id}`
      const children = childrenOf(db, [root.id])
      const known = children.find((child) => child.spawned_by === spawnedBy)
      if (known) return known
      if (children.length >= MAX_CHILDREN)
        throw new Error(`A chat has at most ${MAX_CHILDREN} sub-agents. Use message_agent to go on with one.`)
      const row = rowOf(root, agent, spawnedBy)
      store.insert(row, [
        ...firstInstructions('', workspaceName(root), deps.deploymentPrompts()),
        subAgentInstructions(agent.type),
        {
          role: 'user',
          parts: [{ type: 'text', text: agent.prompt }],
          createdBy: root.owner_id,
          modelConfigId: row.last_model_config_id,
        },
      ])
      return row
    },
    find(root, id) {
      const child = store.find(id.toLowerCase())
      if (child?.parent_chat_id !== root.id) throw new Error(`There is no sub-agent ${JSON.stringify(id)}.`)
      return child
    },
    list: (root) => childrenOf(db, [root.id]),
    send: (child, message, interrupts) =>
      store.apply(
        child.id,
        { type: 'send', interrupts },
        { message: { role: 'user', parts: [{ type: 'text', text: message }], createdBy: child.owner_id } },
      ).chat,
    interrupt(child) {
      const isBusy = ['running', 'requires_action'].includes(statusOf(child))
      if (isBusy) store.apply(child.id, { type: 'interrupt' })
      return isBusy
    },
    rests: (child, ms, signal) => waitForRest({ clock, topic, find: store.find }, child.id, { ms, signal }),
    report(child) {
      // Files that were attached, and what is shown of a summary, are an assistant's too, but say nothing.
      const said = store.messages(child.id).filter((row) => row.role === 'assistant')
      return said.map((row) => textOf(partsOf(row))).findLast((text) => text !== '') ?? ''
    },
  }
}
