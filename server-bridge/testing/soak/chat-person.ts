/** Somebody who talks in a chat, and does not care how often the server goes away meanwhile. */
import { ConnectionError } from '../../client/errors.ts'
import type { CoderClient } from '../../client/coder-client.ts'
import { chatsRoutes } from '../../contract/chats.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { getChat } from '../chat-fixture.ts'
import { waitFor } from '../wait-for.ts'
import { type Prompt, type Turn, wordsOf } from './chat-script.ts'
import { readChat, textOf, type WholeChat } from './chat-transcript.ts'

export interface ChatPerson {
  readonly chatId: string
  /** Until the chat is at rest again. */
  take(turn: Turn): Promise<void>
}

/** Of a chat that does not go on for so long it is told where it stands. */
const SLOW_MS = 40_000
/**
 * Within this an answer comes, and a chat goes on: a call to the model, a run of tools and a start of the server may all
 * have to happen anew. How long all of it takes is for the machine to say: one that is slow is not stuck.
 */
const PATIENCE_MS = 120_000

interface PersonDeps {
  readonly client: CoderClient
  readonly chatId: string
  /** Whether the model is in the middle of its answer. */
  readonly isHeldAt: (prompt: Prompt) => boolean
  /** Where the chat stands, for whoever looks for the reason. */
  readonly describe: () => string
  readonly onSlow: (description: string) => void
}

export function createPerson({ client, chatId, ...deps }: PersonDeps): ChatPerson {
  const params = { chat: chatId }
  const body = (prompt: Prompt) => ({ content: [{ type: 'text' as const, text: wordsOf(prompt) }] })

  /** Asks until there is an answer. */
  const ask = async <T>(what: string, question: () => Promise<T | undefined>): Promise<T> =>
    waitFor(
      `${what} (${chatId})`,
      async () => {
        try {
          return await question()
        } catch (error) {
          if (error instanceof ConnectionError) return undefined
          throw error
        }
      },
      PATIENCE_MS,
    )
  const read = (): Promise<WholeChat> => ask('the chat can be read', () => readChat(client, chatId))
  const isThere = async (prompt: Prompt): Promise<boolean> => {
    const { messages, queue } = await read()
    return [...messages, ...queue].some((message) => textOf(message) === wordsOf(prompt))
  }
  /** Of an action without an answer nobody knows whether it was done: look first, then do it again. */
  const surely = async (act: () => Promise<unknown>, isDone: () => Promise<boolean>): Promise<void> => {
    for (;;) {
      try {
        await act()
        return
      } catch (error) {
        if (!(error instanceof ConnectionError)) throw error
        if (await isDone()) return
      }
    }
  }

  const say = (prompt: Prompt, busy_behavior: 'queue' | 'interrupt' = 'queue'): Promise<void> =>
    surely(
      () => client.call(chatMessagesRoutes.send, { params, body: { ...body(prompt), busy_behavior } }),
      () => isThere(prompt),
    )
  const edit = async (before: Prompt, next: Prompt): Promise<void> => {
    const { messages } = await read()
    const message = messages.findLast((one) => textOf(one) === wordsOf(before))
    await surely(
      () =>
        client.call(chatMessagesRoutes.edit, {
          params: { ...params, message: String(message?.id) },
          body: body(next),
        }),
      () => isThere(next),
    )
  }
  const interrupt = (): Promise<void> =>
    surely(
      () => client.call(chatsRoutes.interrupt, { params }),
      async () => (await ask('the chat', () => getChat(client, chatId))).status !== 'running',
    )
  const isHeld = (prompt: Prompt): Promise<true> =>
    ask(`the model holds ${wordsOf(prompt)}`, async () => (deps.isHeldAt(prompt) ? true : undefined))
  /** Until it rests, or something of it is another than that. */
  const goesOn = async (seen: string): Promise<{ readonly isAtRest: boolean; readonly seen: string }> => {
    const since = performance.now()
    let isSlow = false
    return ask('the chat goes on', async () => {
      if (!isSlow && performance.now() - since > SLOW_MS) {
        isSlow = true
        deps.onSlow(deps.describe())
      }
      const { status, updated_at: now, last_error } = await getChat(client, chatId)
      if (status === 'error') throw new Error(`The chat failed: ${JSON.stringify(last_error)}`)
      const isAtRest = status === 'waiting'
      return isAtRest || now !== seen ? { isAtRest, seen: now } : undefined
    })
  }
  const rests = async (): Promise<void> => {
    try {
      for (let last = await goesOn(''); !last.isAtRest; last = await goesOn(last.seen));
    } catch (error) {
      throw new Error(`${String(error)}\n${deps.describe()}`, { cause: error })
    }
  }

  return {
    chatId,
    async take(turn) {
      try {
        switch (turn.type) {
          case 'say':
            for (const prompt of turn.prompts) await say(prompt)
            break
          case 'interrupt':
            await say(turn.held)
            await isHeld(turn.held)
            await interrupt()
            break
          case 'overtake':
            await say(turn.held)
            await isHeld(turn.held)
            await say(turn.next, 'interrupt')
            break
          case 'edit':
            await say(turn.before)
            if (turn.before.isHeld) await isHeld(turn.before)
            else await rests()
            await edit(turn.before, turn.next)
        }
        await rests()
      } catch (error) {
        throw new Error(`${JSON.stringify(turn)}: ${String(error)}`, { cause: error })
      }
    },
  }
}
