import { afterEach, expect, it } from 'vitest'
import { createSeededRandom, type SeededRandom } from '../../../testing/seeded-random.ts'
import { call, openWorkerGround, resultOf, said, type WorkerGround } from '../../../testing/worker-ground.ts'
import { ApiError } from '../../api-error.ts'
import { awaitsOwner, type ChatRow } from './chat-rows.ts'
import type { ChatStore } from './chat-store.ts'
import { pendingCalls } from './turn-decision.ts'

const ROUNDS = 25
const ACTIONS = 10
const CHATS = 4
const THEIRS = JSON.stringify([{ name: 'theirs', description: '', input_schema: {} }])

let ground: WorkerGround
afterEach(() => ground.close())

class BrokenReader extends Error {}
const turnsOfTheLoop = async (count: number): Promise<void> => {
  for (let at = 0; at < count; at += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** A model and tools that answer, fail, call more or hang until they are stopped, and a reader that fails at times. */
function disturb({ acts, store, says }: WorkerGround, random: SeededRandom) {
  const held = new Set<() => void>()
  const life = { isWild: false }
  const isTime = (of: number): boolean => life.isWild && random.below(of) === 0
  const work = async (signal: AbortSignal): Promise<void> => {
    if (!isTime(6)) {
      await turnsOfTheLoop(random.below(5))
      return
    }
    await new Promise<void>((resolve) => {
      held.add(resolve)
      signal.addEventListener('abort', () => resolve())
      if (signal.aborted) resolve()
    })
  }
  acts.tools = async (signal) => {
    await work(signal)
    if (isTime(40)) throw new Error('a tool box that fails')
  }
  acts.step = async (chat, signal) => {
    await work(signal)
    if (isTime(30)) throw new Error('a step that fails')
    const now = store.find(chat.id)
    if (now?.history_version !== chat.history_version || !['running', 'interrupting'].includes(now.status))
      return
    const names = isTime(2) ? [random.pick(['execute', 'theirs', 'ask']), 'execute'] : []
    // Models use ids again.
    says(chat, ...names.map((name) => call(`c${random.below(4)}`, name)), { type: 'text', text: 'done' })
  }
  acts.onChange = () => {
    if (isTime(50)) throw new BrokenReader('a reader that fails')
  }
  return {
    begin: (): void => void (life.isWild = true),
    end(): void {
      life.isWild = false
      for (const resolve of held) resolve()
    },
  }
}

/** What people and clients do. */
function act(store: ChatStore, random: SeededRandom, chat: ChatRow): void {
  const { id } = chat
  const queued = store.queue(id)
  const queuedId = queued[random.below(Math.max(1, queued.length))]?.id ?? 0
  const message = said('more')
  switch (random.below(8)) {
    case 0:
      store.apply(id, { type: 'interrupt' })
      return
    case 1:
      store.apply(id, { type: 'send', interrupts: true }, { message })
      return
    case 2: {
      const old = random.pick(store.messages(id).filter(({ role }) => role === 'user'))
      store.apply(id, { type: 'edit' }, { message, before: () => store.deleteFrom(id, old.id) })
      return
    }
    case 3:
      if (queued.length > 0) store.apply(id, { type: 'promote' }, { queuedId })
      return
    case 4:
      if (queued.length > 0) store.apply(id, { type: 'delete_queued' }, { queuedId })
      return
    case 5:
      if (chat.status === 'requires_action' && !awaitsOwner(chat)) answer(store, id)
      return
    default:
      store.apply(id, { type: 'send', interrupts: false }, { message })
  }
}

function answer(store: ChatStore, id: string): void {
  const results = pendingCalls(store.history(id)).map(resultOf)
  const before = (): void =>
    void store.append(
      id,
      results.map((part) => ({ role: 'tool', parts: [part] })),
    )
  store.apply(id, { type: 'submit_results' }, { before })
}

/** What the state of the chat refuses, and a reader that failed, are nothing to the chat. */
function attempt(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof ApiError) && !(error instanceof BrokenReader)) throw error
  }
}

it.each([1, 2, 3])('chats come to rest, whatever is done to them (seed %i)', async (seed) => {
  ground = openWorkerGround()
  const { acts, store, worker, clock, begin, becomes } = ground
  const random = createSeededRandom(seed)
  // What is on disk after a power cut is not at stake.
  ground.db.script('PRAGMA synchronous = OFF')
  const ids = Array.from({ length: CHATS }, () => begin({ dynamic_tools: THEIRS }))
  const disturbance = disturb(ground, random)
  for (let round = 0; round < ROUNDS; round += 1) {
    acts.isUndecided = ({ name }) => name === 'ask'
    disturbance.begin()
    for (let at = 0; at < ACTIONS; at += 1) {
      const chat = store.find(random.pick(ids))
      if (chat) attempt(() => act(store, random, chat))
      if (random.below(40) === 0) {
        await worker.close()
        worker.start()
      }
      await turnsOfTheLoop(random.below(6))
    }
    acts.isUndecided = () => false
    disturbance.end()
    for (const id of ids) {
      const chat = store.find(id)
      // What is asked about no more ends when it is looked at.
      if (chat && awaitsOwner(chat)) worker.wake(id)
      await becomes(id, 'waiting', 'error', 'requires_action')
    }
    // Of clients that do not answer, and of what could not be written.
    clock.advance(5 * 60_000)
    for (const id of ids) {
      const { status } = await becomes(id, 'waiting', 'error')
      if (status === 'waiting') expect(store.queue(id)).toEqual([])
    }
  }
})
