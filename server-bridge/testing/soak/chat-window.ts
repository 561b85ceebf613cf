/** A window of the app that shows chats, without its pixels: main's connection and stream, and the page's own rules. */
import { setTimeout as pause } from 'node:timers/promises'
import { DeploymentConnection } from '../../../main/features/deployments/connection.ts'
import { readPage, watchTranscript } from '../../../main/features/chats/watch-transcript.ts'
import { followSession } from '../../../main/features/workspaces/session-stream.ts'
import { createLiveValue } from '../../../main/lib/live-value.ts'
import {
  addOlder,
  applyUpdate,
  emptyTranscript,
  settleHistory,
  type TranscriptState,
} from '../../../renderer/features/chats/transcript/transcript-state.ts'
import { systemClock } from '../../lib/clock.ts'
import { silentLogger } from '../../lib/logger.ts'
import { isBeginning } from './chat-script.ts'

export interface ChatWindow {
  open(chatId: string): void
  /** The page is loaded again: it knows nothing. */
  reload(chatId: string): void
  /** The computer comes into another network: everything is connected anew. */
  changeNetwork(): void
  /** What it shows, with all that was said before. */
  shows(chatId: string): Promise<TranscriptState>
  /** What was seen that must never be seen. */
  readonly violations: readonly string[]
  /** What pages said when they could not show anything, before somebody tried again. */
  readonly failures: readonly string[]
  leave(): Promise<void>
  close(): Promise<void>
}

interface Page {
  state: TranscriptState
  readonly stop: AbortController
  readonly ended: Promise<void>
}

/** Somebody who reads that it failed, and tries again. */
const RETRY_MS = 100
const plain = { clock: systemClock, random: Math.random, logger: silentLogger }

export function openWindow(url: string, token: string): ChatWindow {
  const connection = new DeploymentConnection({
    ...plain,
    userAgent: 'torture',
    visible: createLiveValue(false),
    source: {
      url: () => url,
      load: async () => ({ kind: 'ready', url, token }),
      refused: async () => false,
      onChange: () => () => undefined,
    },
  })
  connection.start()
  const pages = new Map<string, Page>()
  const violations: string[] = []
  const failures: string[] = []

  const follow = async (page: Page, chatId: string): Promise<void> => {
    const { signal } = page.stop
    while (!signal.aborted) {
      try {
        const updates = watchTranscript({ ...plain, followSession }, { connection, chatId }, signal)
        for await (const update of updates) {
          page.state = applyUpdate(page.state, update)
          violations.push(...brokenRules(page.state))
        }
      } catch (error) {
        failures.push(String(error))
        await pause(RETRY_MS)
      }
    }
  }
  const open = (chatId: string): void => {
    const page: { -readonly [K in keyof Page]: Page[K] } = {
      state: emptyTranscript,
      stop: new AbortController(),
      ended: Promise.resolve(),
    }
    pages.set(chatId, page)
    page.ended = follow(page, chatId)
  }
  const leave = async (): Promise<void> => {
    const open = [...pages.values()]
    pages.clear()
    for (const page of open) page.stop.abort()
    await Promise.all(open.map(({ ended }) => ended))
  }

  return {
    violations,
    failures,
    open,
    reload(chatId) {
      pages.get(chatId)?.stop.abort()
      open(chatId)
    },
    changeNetwork: () => connection.networkChanged(),
    async shows(chatId) {
      let state = settleHistory(pages.get(chatId)?.state ?? emptyTranscript)
      while (state.hasMore) {
        const before_id = state.messages[0]?.id ?? 0
        const signal = AbortSignal.timeout(10_000)
        state = addOlder(state, await readPage(connection, { chatId, before_id, limit: 100 }, signal))
      }
      return state
    },
    leave,
    async close() {
      await leave()
      connection.close()
    },
  }
}

/** Each text that is written begins with its first word, and goes on without a gap or a repeated word. */
function brokenRules({ preview, messages }: TranscriptState): string[] {
  const broken = preview.flatMap((part) => {
    if (part.kind !== 'text' && part.kind !== 'reasoning') return []
    const { closed, open, line } = part.blocks
    const text = [...closed, `${open}${line}`].join('\n\n')
    return isBeginning(text) ? [] : [`A preview that is no beginning: ${text}`]
  })
  const isInOrder = messages.every(({ id }, at) => at === 0 || id > (messages[at - 1]?.id ?? 0))
  return isInOrder ? broken : [...broken, 'Messages out of order, or twice']
}
