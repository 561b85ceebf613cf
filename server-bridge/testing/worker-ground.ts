/** The worker of chats on a database of its own, whose model and tools a test writes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger } from '../lib/logger.ts'
import { openDatabase } from '../server/db/open-database.ts'
import { type ChatRow, type NewMessage, statusOf } from '../server/services/chats/chat-rows.ts'
import { createChatStore } from '../server/services/chats/chat-store.ts'
import { createChatWorker } from '../server/services/chats/chat-worker.ts'
import { emptyChat } from '../server/services/chats/empty-chat.ts'
import { createEpisodes } from '../server/services/chats/episodes.ts'
import { createFollowedHistories } from '../server/services/chats/followed-histories.ts'
import type { StoredPart } from '../server/services/chats/stored-parts.ts'
import type { ToolResultPart } from '../server/services/chats/tool-box.ts'
import { pendingCalls, type ToolCall } from '../server/services/chats/turn-decision.ts'
import { createTopics } from '../server/services/topics.ts'
import { createFakeClock } from './fake-clock.ts'
import { waitFor } from './wait-for.ts'

export type TakeStep = (chat: ChatRow, signal: AbortSignal) => Promise<void> | void
export type WorkerGround = ReturnType<typeof openWorkerGround>

const REST_MS = 5000

export const said = (text: string): NewMessage => ({
  role: 'user',
  parts: [{ type: 'text', text }],
  createdBy: 'u',
})
export const call = (tool_call_id: string, tool_name = 'execute') =>
  ({ type: 'tool-call', tool_call_id, tool_name, args: {} }) as const
export const resultOf = ({ id, name }: Pick<ToolCall, 'id' | 'name'>): ToolResultPart => ({
  type: 'tool-result',
  tool_call_id: id,
  tool_name: name,
  result: 'ran',
  created_at: new Date(0).toISOString(),
})

/** Nothing stands in the way of a turn. */
const FREE = {
  compaction: { isDue: () => false, run: async () => undefined },
  usageLimits: { refusal: () => undefined },
  offReason: () => undefined,
  debug: { turnEnded: () => undefined },
  watchers: { tell: () => undefined, subscribe: () => () => undefined },
  limits: { steps: 1000, ms: 1e9, tokens: 1e9, costMicros: 1e9 },
}

export function openWorkerGround() {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-worker-'))
  const db = openDatabase(folder)
  // Chats alone: of nobody, and in no organization.
  db.script('PRAGMA foreign_keys = OFF')
  const clock = createFakeClock()
  const says = (chat: ChatRow, ...parts: StoredPart[]): void =>
    void store.append(chat.id, [{ role: 'assistant', parts }])
  /** What a test changes. */
  const acts = {
    step: ((chat) => says(chat, { type: 'text', text: 'done' })) as TakeStep,
    /** Before the tools of a step have run. */
    tools: async (_signal: AbortSignal): Promise<void> => undefined,
    isUndecided: (_: ToolCall): boolean => false,
    onChange: (): void => undefined,
  }
  const store = createChatStore({
    ...{ db, clock, topic: createTopics().chat, onChange: () => acts.onChange() },
    onWork: (id) => worker.wake(id),
  })
  const worker = createChatWorker({
    ...FREE,
    ...{ clock, logger: silentLogger, store },
    histories: createFollowedHistories(store.messages),
    episodes: createEpisodes(),
    steps: { take: async (chat, { signal }) => acts.step(chat, signal) },
    tools: {
      offer: async () => ({ tools: [], instructions: [], serverOf: () => undefined }),
      accepts: () => true,
      refusesTogether: () => false,
      async run(_, calls, { signal }) {
        await acts.tools(signal)
        return calls.map(resultOf)
      },
    },
    approvals: {
      isUndecided: (_, one) => acts.isUndecided(one),
      waiting: (chat) => pendingCalls(store.history(chat.id)).filter(acts.isUndecided),
    },
  })
  worker.start()
  return {
    ...{ db, clock, store, worker, acts, says },
    /** A chat with its first message. */
    begin(more: Partial<ChatRow> = {}): string {
      const row = {
        ...emptyChat(clock.now()),
        ...{ organization_id: 'o', owner_id: 'u', last_model_config_id: 'm', title: 't' },
        ...more,
      }
      store.insert(row, [said('hi')])
      return row.id
    },
    becomes: (id: string, ...statuses: readonly string[]) =>
      waitFor(
        `the chat is ${statuses.join(' or ')}`,
        () => {
          const row = store.find(id)
          return row && statuses.includes(statusOf(row)) ? row : undefined
        },
        REST_MS,
      ),
    async close(): Promise<void> {
      await worker.close()
      db.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
