import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../lib/logger.ts'
import { createFakeClock } from '../../../testing/fake-clock.ts'
import { waitFor } from '../../../testing/wait-for.ts'
import { openDatabase, type OpenedDatabase } from '../../db/open-database.ts'
import { createTopics } from '../topics.ts'
import { type ChatRow, type NewMessage, statusOf } from './chat-rows.ts'
import { createChatStore } from './chat-store.ts'
import { type ChatWorkerDeps, createChatWorker } from './chat-worker.ts'
import { emptyChat } from './empty-chat.ts'
import { createEpisodes } from './episodes.ts'
import { createFollowedHistories } from './followed-histories.ts'
import type { StoredPart } from './stored-parts.ts'
import { pendingCalls, type ToolCall } from './turn-decision.ts'

let folder: string
let db: OpenedDatabase
let parts: ReturnType<typeof open>
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-worker-'))
  db = openDatabase(folder)
  // A chat alone: of nobody, and in no organization.
  db.script('PRAGMA foreign_keys = OFF')
  parts = open()
})
afterEach(async () => {
  await parts.worker.close()
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const NOTHING_TO_DO: Pick<
  ChatWorkerDeps,
  'compaction' | 'usageLimits' | 'offReason' | 'watchers' | 'limits'
> = {
  compaction: { isDue: () => false, run: async () => undefined },
  usageLimits: { refusal: () => undefined },
  offReason: () => undefined,
  watchers: { tell: () => undefined, subscribe: () => () => undefined },
  limits: { steps: 100, ms: 1e9, tokens: 1e9, costMicros: 1e9 },
}

type TakeStep = (chat: ChatRow, signal: AbortSignal) => Promise<void> | void

/** A worker on a database of its own, whose model a test writes. */
function open() {
  const clock = createFakeClock()
  const waitsForOwner = new Set<string>()
  const model: { step: TakeStep } = { step: (chat) => says(chat, { type: 'text', text: 'done' }) }
  const store = createChatStore({
    ...{ db, clock, topic: createTopics().chat, onChange: () => undefined },
    onWork: (id) => worker.wake(id),
  })
  const says = (chat: ChatRow, ...said: StoredPart[]): void =>
    void store.append(chat.id, [{ role: 'assistant', parts: said }])
  const isUndecided = (_: ChatRow, { id }: ToolCall): boolean => waitsForOwner.has(id)
  const worker = createChatWorker({
    ...NOTHING_TO_DO,
    ...{ clock, logger: silentLogger, store },
    histories: createFollowedHistories(store.messages),
    episodes: createEpisodes(),
    steps: { take: async (chat, { signal }) => model.step(chat, signal) },
    tools: {
      offer: async () => ({ tools: [], instructions: [], serverOf: () => undefined }),
      accepts: () => true,
      run: async (_, calls) => calls.map(({ id, name }) => resultOf(id, name)),
    },
    approvals: {
      isUndecided,
      waiting: (chat) => pendingCalls(store.history(chat.id)).filter((one) => isUndecided(chat, one)),
    },
  })
  worker.start()
  const begin = (more: Partial<ChatRow> = {}): string => {
    const row = {
      ...emptyChat(clock.now()),
      ...{ organization_id: 'o', owner_id: 'u', last_model_config_id: 'm', title: 't' },
      ...more,
    }
    store.insert(row, [said('hi')])
    return row.id
  }
  const becomes = (id: string, status: string) =>
    waitFor(
      `the chat is ${status}`,
      () => {
        const row = store.find(id)
        return row && statusOf(row) === status ? row : undefined
      },
      5000,
    )
  return { clock, store, worker, model, says, waitsForOwner, begin, becomes }
}

const said = (text: string): NewMessage => ({ role: 'user', parts: [{ type: 'text', text }], createdBy: 'u' })
const resultOf = (tool_call_id: string, tool_name: string) =>
  ({
    type: 'tool-result',
    tool_call_id,
    tool_name,
    result: 'ran',
    created_at: new Date(0).toISOString(),
  }) as const
const call = (tool_call_id: string, tool_name = 'execute') =>
  ({ type: 'tool-call', tool_call_id, tool_name, args: {} }) as const
/** Calls this in its first step, and is done in the next. */
const callsOnce = (...calls: ReturnType<typeof call>[]): TakeStep => {
  let steps = 0
  return (chat) =>
    parts.says(chat, ...((steps += 1) === 1 ? calls : [{ type: 'text', text: 'done' } as const]))
}
const forbidWrites = (isForbidden: boolean): void => db.script(`PRAGMA query_only = ${Number(isForbidden)}`)
const aTimerRuns = () => waitFor('a timer runs', () => (parts.clock.pending > 0 ? true : undefined))
const rolesOf = (id: string) => parts.store.messages(id).map(({ role }) => role)

it('a turn goes step by step until the model calls nothing', async () => {
  parts.model.step = callsOnce(call('a'))
  const id = parts.begin()
  await parts.becomes(id, 'waiting')
  expect(rolesOf(id)).toEqual(['user', 'assistant', 'tool', 'assistant'])
})

describe('while nothing can be written', () => {
  afterEach(() => forbidWrites(false))

  it('a step that fails fails the turn once it can be, and is not taken again', async () => {
    let steps = 0
    parts.model.step = () => {
      steps += 1
      forbidWrites(true)
      throw new Error('broken')
    }
    const id = parts.begin()
    await aTimerRuns()
    parts.clock.advance(60_000)
    await aTimerRuns()
    forbidWrites(false)
    parts.clock.advance(60_000)
    await parts.becomes(id, 'error')
    expect(steps).toBe(1)
    parts.model.step = (chat) => parts.says(chat, { type: 'text', text: 'again' })
    parts.store.apply(id, { type: 'send', interrupts: false }, { message: said('go on') })
    await parts.becomes(id, 'waiting')
  })

  it('a stop ends once it can be', async () => {
    parts.model.step = (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          forbidWrites(true)
          resolve()
        })
      })
    const id = parts.begin()
    // The step is under way.
    await new Promise((resolve) => setImmediate(resolve))
    parts.store.apply(id, { type: 'interrupt' })
    await aTimerRuns()
    forbidWrites(false)
    parts.clock.advance(60_000)
    await parts.becomes(id, 'waiting')
  })

  it('calls that their client has not answered in time are given up once it can be', async () => {
    const tool = { name: 'theirs', description: '', input_schema: {} }
    parts.model.step = callsOnce(call('a', 'theirs'))
    const id = parts.begin({ dynamic_tools: JSON.stringify([tool]) })
    await parts.becomes(id, 'requires_action')
    await aTimerRuns()
    forbidWrites(true)
    parts.clock.advance(5 * 60_000)
    await aTimerRuns()
    forbidWrites(false)
    parts.clock.advance(60_000)
    await parts.becomes(id, 'waiting')
    expect(rolesOf(id)).toEqual(['user', 'assistant', 'tool', 'assistant'])
  })
})

describe('a chat that waits for its owner', () => {
  const waits = async (): Promise<string> => {
    parts.waitsForOwner.add('a')
    parts.model.step = callsOnce(call('a'))
    const id = parts.begin()
    await parts.becomes(id, 'requires_action')
    return id
  }

  it('goes on when something else has changed, and nothing is left to decide', async () => {
    const id = await waits()
    parts.waitsForOwner.clear()
    parts.store.apply(id, { type: 'send', interrupts: false }, { message: said('one more thing') })
    await parts.becomes(id, 'waiting')
    expect(rolesOf(id)).toEqual(['user', 'assistant', 'tool', 'assistant', 'user', 'assistant'])
  })

  it('goes on after a start that asks for less than the last one', async () => {
    const id = await waits()
    await parts.worker.close()
    parts.waitsForOwner.clear()
    parts.worker.start()
    await parts.becomes(id, 'waiting')
  })

  it('waits on while something is left to decide', async () => {
    const id = await waits()
    parts.store.apply(id, { type: 'send', interrupts: false }, { message: said('one more thing') })
    await new Promise((resolve) => setImmediate(resolve))
    expect(parts.store.find(id)?.status).toBe('requires_action')
  })
})
