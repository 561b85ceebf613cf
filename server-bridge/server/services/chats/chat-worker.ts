import type { ChatError } from '../../../contract/chats.ts'
import type { Logger } from '../../../lib/logger.ts'
import { storageFailureOf } from '../../db/storage-failure.ts'
import type { ChatRow } from './chat-rows.ts'
import { internalFailure } from './model-errors.ts'
import { createSubAgentSlots } from './sub-agent-slots.ts'
import { endInterrupt, endWait, failTurn, takeStep, type TurnDeps } from './turn-steps.ts'

export interface ChatWorker {
  /** Goes on with what was under way when the server ended. */
  start(): void
  /** Something about the chat changed: begins its turn, or stops what does not fit any more. */
  wake(chatId: string): void
  /** Ends what runs; the next start goes on from the last step that was stored. */
  close(): Promise<void>
}

export interface ChatWorkerDeps extends TurnDeps {
  readonly logger: Logger
}

/** After a change that the disk refused. */
const RETRY_MS = 5_000

/** Of one owner; as many as Coder allows. */
const MAX_SUB_AGENTS_AT_WORK = 10

interface FailedStep {
  /** The history that it went by. */
  readonly version: number
  readonly error: ChatError
}

interface Run {
  /** The history that the step under way goes by. */
  version: number
  readonly stop: AbortController
}

/**
 * Drives the turns of chats, one step after the other; each is stored before the next one begins. All it knows about a
 * chat between two steps is in the database.
 */
export function createChatWorker(deps: ChatWorkerDeps): ChatWorker {
  const { clock, logger, store } = deps
  const runs = new Map<string, Run>()
  const loops = new Map<string, Promise<void>>()
  /** What looks at a chat again later, by chats. */
  const timers = new Map<string, () => void>()
  /** Steps that failed, until that is written down: what may have done something is not done again. */
  const failed = new Map<string, FailedStep>()
  const slots = createSubAgentSlots(MAX_SUB_AGENTS_AT_WORK)
  let isOpen = false
  const isServing = (): boolean => isOpen

  const leave = (chatId: string): void => {
    loops.delete(chatId)
    slots.free(chatId)
    deps.histories.forget(chatId)
  }

  /** Looks at the chat once more after that time, whatever happens until then. */
  const lookAgain = (chatId: string, delayMs: number): void => {
    timers.get(chatId)?.()
    const look = (): void => {
      timers.delete(chatId)
      if (isServing() && !loops.has(chatId)) begin(chatId)
    }
    timers.set(chatId, clock.after(Math.max(0, delayMs), look))
  }

  /** Of the turn; one that waits for somebody goes on later. */
  const tellEnd = ({ id, status }: ChatRow): void => {
    if (status === 'waiting') deps.debug.turnEnded(id)
    if (status === 'error') deps.debug.turnEnded(id, 'error')
  }

  /** Does what needs no step, and says what comes after that. */
  const prepare = (chat: ChatRow): 'step' | 'look' | 'rest' => {
    if (chat.status === 'requires_action') return endWait(deps, chat) ? 'look' : 'rest'
    if (chat.status === 'interrupting') {
      endInterrupt(store, chat, clock.now())
      deps.debug.turnEnded(chat.id, 'interrupted')
      return 'look'
    }
    if (chat.status !== 'running') return 'rest'
    const failure = failed.get(chat.id)
    // One of an earlier history is nobody's matter any more.
    if (failure?.version !== chat.history_version) return 'step'
    failTurn(store, chat.id, failure.error, clock.now())
    return 'look'
  }

  const takeNext = async (chat: ChatRow): Promise<void> => {
    const { id: chatId, history_version: version } = chat
    failed.delete(chatId)
    const run: Run = { version, stop: new AbortController() }
    runs.set(chatId, run)
    logger.debug('A step of a chat begins', { chatId, version })
    try {
      if (!(await slots.hold(chat, run.stop.signal))) return
      await takeStep(deps, chat, { signal: run.stop.signal, isOpen: isServing })
    } catch (error) {
      if (!isServing()) return
      logger.error('A step of a chat failed', { chatId, error: String(error) })
      failed.set(chatId, { version, error: internalFailure(error) })
    } finally {
      runs.delete(chatId)
      deps.episodes.end(chatId)
      logger.debug('A step of a chat has ended', { chatId, isStopped: run.stop.signal.aborted })
    }
  }

  const loop = async (chatId: string): Promise<void> => {
    for (;;) {
      const chat = store.find(chatId)
      const next = chat && isServing() ? prepare(chat) : 'rest'
      if (chat && next === 'step') await takeNext(chat)
      if (next !== 'rest') continue
      // In this very moment: whoever wakes the chat next has to find no loop that is about to end.
      leave(chatId)
      failed.delete(chatId)
      if (chat) tellEnd(chat)
      const deadline = chat?.status === 'requires_action' ? chat.action_deadline : null
      if (deadline !== null && isServing()) lookAgain(chatId, deadline - clock.now())
      return
    }
  }

  /** A disk that is full stops the turn where it is, and it goes on once there is room. */
  const begin = (chatId: string): void => {
    const run = async (): Promise<void> => {
      // Not before it is in the list.
      await Promise.resolve()
      try {
        await loop(chatId)
      } catch (error) {
        leave(chatId)
        const message = storageFailureOf(error) === undefined ? 'A chat stopped' : 'A chat cannot be stored'
        logger.error(message, { chatId, error: String(error) })
        if (isServing()) lookAgain(chatId, RETRY_MS)
      }
    }
    loops.set(chatId, run())
  }

  const wake = (chatId: string): void => {
    if (!isOpen) return
    if (!loops.has(chatId)) {
      begin(chatId)
      return
    }
    const run = runs.get(chatId)
    const chat = store.find(chatId)
    if (run && (chat?.status !== 'running' || chat.history_version !== run.version)) run.stop.abort()
  }

  return {
    start() {
      isOpen = true
      for (const chat of store.atWork()) wake(chat.id)
    },
    wake,
    async close() {
      isOpen = false
      for (const cancel of timers.values()) cancel()
      timers.clear()
      for (const run of runs.values()) run.stop.abort()
      await Promise.all(loops.values())
    },
  }
}
