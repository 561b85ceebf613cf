import { ApiError, badRequest } from '../../api-error.ts'
import type { Logger } from '../../../lib/logger.ts'
import { toError } from '../../../lib/to-error.ts'
import type { Database } from '../../db/database.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ChatStore } from './chat-store.ts'
import type { ChatSwitches } from './chat-switches.ts'
import {
  LABEL_INSTRUCTIONS,
  TITLE_INSTRUCTIONS,
  titleSubject,
  toLabel,
  toTitle,
  turnSubject,
} from './chat-words.ts'
import { SideCallError, type SideCalls } from './side-calls.ts'

/** Titles of chats, and a few words about their last turns, made by a model beside what the chats do. */
export interface ChatLabels {
  /** Goes on with what was not made when the server ended. */
  start(): void
  /** Something about the chat changed: makes what is wanted. Nobody waits for it. */
  wake(chatId: string): void
  /** A title for what was said so far. @throws {ApiError} 400, 502, 503 */
  propose(chat: ChatRow): Promise<string>
  /** The same, and keeps it. */
  regenerate(chat: ChatRow): Promise<ChatRow>
  close(): Promise<void>
}

export interface ChatLabelsDeps {
  readonly db: Database
  readonly logger: Logger
  readonly store: ChatStore
  readonly sideCalls: SideCalls
  readonly chatSwitches: Pick<ChatSwitches, 'requireOn'>
  /** The model an administrator set for titles. */
  readonly titleModel: () => string | undefined
}

export function createChatLabels(deps: ChatLabelsDeps): ChatLabels {
  const { db, logger, store, sideCalls } = deps
  const jobs = new Map<string, Promise<void>>()
  const ending = new AbortController()
  let isOpen = false

  const askTitle = async (chat: ChatRow): Promise<string> => {
    const text = titleSubject(store.messages(chat.id))
    if (text === '') return ''
    const question = {
      ...{ kind: 'title_generation' as const, instructions: TITLE_INSTRUCTIONS, text },
      modelConfigId: deps.titleModel(),
    }
    return toTitle(await sideCalls.ask(chat, question, ending.signal))
  }

  const makeTitle = async (chat: ChatRow): Promise<void> => {
    const title = await askTitle(chat)
    db.transaction(() => {
      // Whoever renamed it meanwhile has the last word.
      if (store.find(chat.id)?.title_wanted !== 1) return
      if (title === '') store.update(chat.id, { title_wanted: 0 })
      else store.update(chat.id, { title, title_wanted: 0 }, 'title_change')
    })
  }

  const makeSummary = async (chat: ChatRow): Promise<void> => {
    const rows = store.messages(chat.id)
    const text = turnSubject(rows)
    const question = {
      ...{ kind: 'quickgen' as const, instructions: LABEL_INSTRUCTIONS, text },
      modelConfigId: deps.titleModel(),
    }
    const label = text === '' ? '' : toLabel(await sideCalls.ask(chat, question, ending.signal))
    db.transaction(() => {
      const now = store.find(chat.id)
      // A turn that ended meanwhile has its own, next; one that is under way will.
      const isLast = store.messages(chat.id).at(-1)?.id === rows.at(-1)?.id || now?.status !== 'waiting'
      const done = isLast ? { summary_wanted: 0 } : {}
      if (label === '') store.update(chat.id, done)
      else store.update(chat.id, { last_turn_summary: label, ...done }, 'summary_change')
    })
  }

  /** One thing after the other, so that a chat asks once at a time. */
  const work = async (chatId: string): Promise<void> => {
    for (;;) {
      const chat = store.find(chatId)
      if (!chat || !isOpen) return
      const isTitle = chat.title_wanted === 1
      if (!isTitle && chat.summary_wanted !== 1) return
      try {
        await (isTitle ? makeTitle(chat) : makeSummary(chat))
      } catch (error) {
        // What was asked when the server ended is asked again at its next start.
        if (ending.signal.aborted) return
        logger.debug('A chat goes without a label', { chatId, error: toError(error).message })
        store.update(chatId, isTitle ? { title_wanted: 0 } : { summary_wanted: 0 })
      }
    }
  }

  const begin = (chatId: string): void => {
    const job = work(chatId)
      .catch((error: unknown) =>
        logger.error('A label cannot be stored', { chatId, error: toError(error).message }),
      )
      .finally(() => {
        jobs.delete(chatId)
      })
    jobs.set(chatId, job)
  }
  const wake = (chatId: string): void => {
    if (isOpen && !jobs.has(chatId)) begin(chatId)
  }

  const propose = async (chat: ChatRow): Promise<string> => {
    deps.chatSwitches.requireOn()
    try {
      const title = await askTitle(chat)
      if (title !== '') return title
    } catch (error) {
      if (!(error instanceof SideCallError)) throw error
      throw new ApiError(502, { message: `No title could be made. ${error.message}` })
    }
    if (titleSubject(store.messages(chat.id)) === '')
      throw badRequest('Nothing was said in this chat that a title could be made of.')
    throw new ApiError(502, { message: 'No title could be made: the model gave none.' })
  }

  return {
    wake,
    propose,
    start() {
      isOpen = true
      for (const chat of store.labelsWanted()) wake(chat.id)
    },
    async regenerate(chat) {
      const title = await propose(chat)
      store.update(chat.id, { title, title_wanted: 0 }, 'title_change')
      return store.find(chat.id) ?? chat
    },
    async close() {
      isOpen = false
      ending.abort()
      await Promise.all(jobs.values())
    },
  }
}
