import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silentLogger } from '../../../lib/logger.ts'
import { createFakeClock } from '../../../testing/fake-clock.ts'
import type { Database } from '../../db/database.ts'
import { openDatabase } from '../../db/open-database.ts'
import { createChatConfig } from './chat-config.ts'
import { type ChatDebug, createChatDebug, type DebugCall } from './chat-debug.ts'
import { type ChatDebugStore, createChatDebugStore } from './chat-debug-store.ts'
import type { ChatRow } from './chat-rows.ts'
import { createChatStore } from './chat-store.ts'
import { createChatUserConfig } from './chat-user-config.ts'
import { createTopics } from '../topics.ts'
import { emptyChat } from './empty-chat.ts'

let folder: string
let db: Database
let store: ChatDebugStore
let chat: ChatRow
const clock = createFakeClock()
const ignore = (): void => undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-debug-'))
  db = openDatabase(folder)
  // A chat alone: of nobody, and in no organization.
  db.script('PRAGMA foreign_keys = OFF')
  chat = {
    ...emptyChat(clock.now()),
    ...{ organization_id: 'o', owner_id: 'u', last_model_config_id: 'm', title: 't' },
  }
  createChatStore({ db, clock, topic: createTopics().chat, onChange: ignore, onWork: ignore }).insert(
    chat,
    [],
  )
  db.script('PRAGMA foreign_keys = ON')
  store = createChatDebugStore(db)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

interface Scene {
  readonly isForced?: boolean
  readonly debugStore?: ChatDebugStore
  readonly onError?: (message: string) => void
}

function createDebug({ isForced = true, debugStore = store, onError = ignore }: Scene = {}): ChatDebug {
  return createChatDebug({
    ...{ clock, isForced, store: debugStore },
    logger: { ...silentLogger, error: onError },
    chatConfig: createChatConfig(db),
    chatUserConfig: createChatUserConfig(db),
    modelConfigs: { get: () => undefined },
    providers: { rows: () => [] },
    maskFor: () => (text) => text,
  })
}
const call =
  (more: Partial<DebugCall> = {}) =>
  (): DebugCall => ({
    ...{ kind: 'chat_turn', operation: 'stream', modelConfigId: undefined, triggerMessageId: 1 },
    ...more,
  })
const done = () => ({ number: 1, startedAt: clock.now(), status: 'completed' }) as const
const asked = (text: string) => ({
  instructions: [],
  history: [{ id: 1, role: 'user', parts: [{ type: 'text', text }] } as const],
  tools: [],
})

describe('debug logging', () => {
  it('that is off asks for nothing of a call', () => {
    const debug = createDebug({ isForced: false })
    const step = debug.begin(chat, () => {
      throw new Error('It was asked.')
    })
    expect(step).toBeUndefined()
    expect(store.list(chat.id)).toEqual([])
  })

  it('never fails a call, and says in the log that it failed itself', () => {
    const errors: string[] = []
    const full = (): never => {
      throw new Error('The disk is full.')
    }
    const debugStore = { ...store, insertStep: full }
    const debug = createDebug({ debugStore, onError: (message) => errors.push(message) })
    expect(debug.begin(chat, call())).toBeUndefined()
    const later = createDebug({
      debugStore: { ...store, updateStep: full },
      onError: (message) => errors.push(message),
    }).begin(chat, call())
    later?.asked(asked('hi'))
    later?.ended(done(), {})
    expect(errors).toEqual(Array.from({ length: 3 }, () => 'A debug run cannot be stored'))
  })
})

describe('the runs of a chat', () => {
  it('are a hundred at most, of which the oldest goes first', () => {
    const debug = createDebug()
    for (let number = 0; number < 105; number += 1) {
      clock.advance(1)
      debug.begin(chat, call({ kind: 'quickgen' }))?.ended(done(), {})
    }
    const runs = store.list(chat.id)
    expect(runs).toHaveLength(100)
    expect(runs.at(-1)?.started_at).toBe(new Date(clock.now() - 99).toISOString())
  })

  it('keep what their newest steps said, and of the older ones that there were some', () => {
    const debug = createDebug()
    for (let number = 0; number < 30; number += 1) {
      const step = debug.begin(chat, call())
      step?.asked({
        ...asked('x'),
        history: Array.from({ length: 12 }, () => asked('y'.repeat(9000)).history[0] as never),
      })
      step?.ended(done(), { answer: { parts: [], usage: {} } })
    }
    debug.turnEnded(chat.id)
    const [run] = store.list(chat.id)
    const steps = store.find(chat, run?.id ?? '')?.steps ?? []
    expect(steps).toHaveLength(30)
    expect(steps[0]?.normalized_request).toHaveProperty('removed')
    expect(steps.at(-1)?.normalized_request).toHaveProperty('messages')
    expect(JSON.stringify(steps).length).toBeLessThan(2.2 * 1024 * 1024)
  })

  it('are over with their turn, as it ended', () => {
    const debug = createDebug()
    const statusOf = () => store.list(chat.id)[0]?.status
    debug.begin(chat, call())?.ended({ ...done(), status: 'error' }, {})
    debug.begin(chat, call())?.ended(done(), {})
    expect(statusOf()).toBe('in_progress')
    debug.turnEnded(chat.id)
    expect(statusOf()).toBe('completed')
    clock.advance(1)
    debug.begin(chat, call({ triggerMessageId: 2 }))?.ended(done(), {})
    debug.turnEnded(chat.id, 'interrupted')
    expect(statusOf()).toBe('interrupted')
    clock.advance(1)
    // Whose end nobody told: the next turn says that it is over.
    debug.begin(chat, call({ triggerMessageId: 3 }))?.ended({ ...done(), status: 'error' }, {})
    clock.advance(1)
    debug.begin(chat, call({ triggerMessageId: 4 }))
    expect(store.list(chat.id).map(({ status }) => status)).toEqual([
      'in_progress',
      'error',
      'interrupted',
      'completed',
    ])
  })

  it('that a server left are interrupted when it starts again', () => {
    createDebug().begin(chat, call())?.asked(asked('hi'))
    createDebug().start()
    const [run] = store.list(chat.id)
    expect(run).toMatchObject({ status: 'interrupted', finished_at: run?.updated_at })
    expect(store.find(chat, run?.id ?? '')?.steps).toMatchObject([{ status: 'interrupted' }])
  })
})
