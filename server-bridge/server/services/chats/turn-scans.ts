import { firstAbort } from '../../../lib/first-abort.ts'
import type { Logger } from '../../../lib/logger.ts'
import { toError } from '../../../lib/to-error.ts'
import type { ChatRow, MessageRow } from './chat-rows.ts'
import { partsOf } from './chat-rows.ts'

/**
 * Looks into the workspace of a chat once a turn has ended that may have changed something there, so that the list of chats
 * tells what it changed also where nobody watches. Nobody waits for it, and a scan that fails costs nothing but its counts.
 */
export interface TurnScans {
  start(): void
  /** Something about the chat changed. */
  wake(chatId: string): void
  close(): Promise<void>
}

export interface TurnScansDeps {
  readonly find: (chatId: string) => ChatRow | undefined
  readonly messages: (chatId: string, afterId?: number) => readonly MessageRow[]
  readonly scan: (chatId: string, signal: AbortSignal) => Promise<void>
  readonly logger: Logger
}

/** By others too: what a sub-agent changed is in the workspace of its root. */
const WRITING_TOOLS: ReadonlySet<string> = new Set([
  ...['write_file', 'edit_files', 'execute', 'process_signal', 'computer'],
  ...['spawn_agent', 'message_agent', 'wait_agent'],
])
/** Of all chats together: a scan reads whole repositories. */
const MAX_SCANS = 2
const SCAN_MS = 30_000
/** Chats whose last scanned message is known; of the others the whole last turn is looked at. */
const MAX_KNOWN = 1000

export function createTurnScans({ find, messages, scan, logger }: TurnScansDeps): TurnScans {
  /** The last message of the turn that was looked at, by chats, the latest last. */
  const seen = new Map<string, number>()
  const waiting = new Set<string>()
  const running = new Map<string, Promise<void>>()
  const ending = new AbortController()
  let isOpen = false

  const isWanted = (chatId: string): boolean => {
    const chat = find(chatId)
    const hasWorkspace = typeof chat?.workspace_id === 'string'
    if (!hasWorkspace || !hasEnded(chat)) return false
    const known = seen.get(chatId)
    const rows = messages(chatId, known)
    const last = rows.at(-1)
    if (last === undefined) return false
    remember(chatId, last.id)
    // Since then there may have been several turns, each begun by a message that had waited for the one before.
    const begin = known === undefined ? rows.findLastIndex(beginsTurn) : -1
    return rows.slice(begin + 1).some(hasWritten)
  }
  const remember = (chatId: string, id: number): void => {
    seen.delete(chatId)
    seen.set(chatId, id)
    const [oldest] = seen.keys()
    if (seen.size > MAX_KNOWN && oldest !== undefined) seen.delete(oldest)
  }
  const look = async (chatId: string): Promise<void> => {
    // Whoever ended the turn goes on first.
    await Promise.resolve()
    if (!isOpen || !isWanted(chatId)) return
    const first = firstAbort([ending.signal, AbortSignal.timeout(SCAN_MS)])
    try {
      await Promise.race([scan(chatId, first.signal), first.aborted])
    } finally {
      first.end()
    }
  }
  const next = (): void => {
    for (const chatId of waiting) {
      if (running.size >= MAX_SCANS || !isOpen) return
      if (running.has(chatId)) continue
      waiting.delete(chatId)
      const job = look(chatId)
        .catch((error: unknown) =>
          logger.debug('What a turn changed is not counted', { chatId, error: toError(error).message }),
        )
        .finally(() => {
          running.delete(chatId)
          next()
        })
      running.set(chatId, job)
    }
  }
  return {
    start() {
      isOpen = true
    },
    wake(chatId) {
      if (!isOpen) return
      waiting.add(chatId)
      next()
    },
    async close() {
      isOpen = false
      waiting.clear()
      ending.abort()
      await Promise.all(running.values())
    },
  }
}

const hasEnded = ({ status }: ChatRow): boolean => status === 'waiting' || status === 'error'

/** What stands for earlier messages, for the model, is said by a user too. */
const beginsTurn = (row: MessageRow): boolean => row.role === 'user' && row.visibility === 'both'

function hasWritten(row: MessageRow): boolean {
  return (
    row.role === 'assistant' &&
    partsOf(row).some((part) => part.type === 'tool-call' && WRITING_TOOLS.has(part.tool_name))
  )
}
