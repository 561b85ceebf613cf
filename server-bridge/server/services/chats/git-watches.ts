import type { ScannedRepository } from '../../../contract/agent-tools.ts'
import type { GitRepository, GitServerMessage } from '../../../contract/chats-git.ts'
import type { Clock } from '../../../lib/clock.ts'
import { toError } from '../../../lib/to-error.ts'
import { toWireTime } from '../wire-time.ts'

/** Looks into the workspaces of chats while somebody wants to know. */
export interface GitWatches {
  /** Tells all there is, then what differs from it. */
  watch(chatId: string, send: (message: GitServerMessage) => void): GitWatch
  /** Something changed: whoever watches the chat is told soon. Answers whether somebody does. */
  refresh(chatId: string): boolean
}

export interface GitWatch {
  /** Scans, and answers even where nothing has changed. */
  refresh(): void
  close(): void
}

export interface GitWatchesDeps {
  readonly clock: Clock
  /** Throws what the watcher is told. */
  readonly scan: (chatId: string, signal: AbortSignal) => Promise<readonly ScannedRepository[]>
}

/** agents-api 8.3 */
const MIN_GAP_MS = 1000
const FALLBACK_MS = 5000

interface Watcher {
  readonly send: (message: GitServerMessage) => void
  /** What it knows, each repository as JSON. */
  readonly known: Map<string, string>
  /** It asked, or knows nothing yet: it is told also that nothing changed. */
  isAsking: boolean
  problem: string | undefined
}

interface Scanner {
  readonly watchers: Set<Watcher>
  readonly stop: AbortController
  cancelTimer: () => void
  isScanning: boolean
  /** Somebody asked while a scan ran, which may have missed what they mean. */
  isWanted: boolean
  lastAt: number
}

/** One scan at a time for each chat, however many watch it. */
export function createGitWatches({ clock, scan }: GitWatchesDeps): GitWatches {
  const scanners = new Map<string, Scanner>()

  const plan = (chatId: string, scanner: Scanner, delayMs: number): void => {
    scanner.cancelTimer()
    scanner.cancelTimer = clock.after(delayMs, () => void run(chatId, scanner))
  }
  const want = (chatId: string, scanner: Scanner): void => {
    if (scanner.isScanning) scanner.isWanted = true
    else plan(chatId, scanner, Math.max(0, scanner.lastAt + MIN_GAP_MS - clock.now()))
  }
  const run = async (chatId: string, scanner: Scanner): Promise<void> => {
    scanner.isScanning = true
    scanner.isWanted = false
    scanner.lastAt = clock.now()
    const asking = [...scanner.watchers].filter((watcher) => watcher.isAsking)
    for (const watcher of asking) watcher.isAsking = false
    try {
      const repositories = await scan(chatId, scanner.stop.signal)
      const scannedAt = toWireTime(clock.now())
      for (const watcher of scanner.watchers)
        tellChanges(watcher, repositories, { scannedAt, isAsking: asking.includes(watcher) })
    } catch (error) {
      for (const watcher of scanner.watchers) tellProblem(watcher, toError(error).message)
    } finally {
      scanner.isScanning = false
      goOn(chatId, scanner)
    }
  }
  const goOn = (chatId: string, scanner: Scanner): void => {
    if (scanner.watchers.size === 0) return
    if (scanner.isWanted) want(chatId, scanner)
    else plan(chatId, scanner, FALLBACK_MS)
  }

  return {
    watch(chatId, send) {
      const scanner = scanners.get(chatId) ?? newScanner()
      scanners.set(chatId, scanner)
      const watcher: Watcher = { send, known: new Map(), isAsking: true, problem: undefined }
      scanner.watchers.add(watcher)
      want(chatId, scanner)
      return {
        refresh() {
          watcher.isAsking = true
          want(chatId, scanner)
        },
        close() {
          scanner.watchers.delete(watcher)
          if (scanner.watchers.size > 0) return
          scanner.cancelTimer()
          scanner.stop.abort()
          if (scanners.get(chatId) === scanner) scanners.delete(chatId)
        },
      }
    },
    refresh(chatId) {
      const scanner = scanners.get(chatId)
      if (scanner) want(chatId, scanner)
      return scanner !== undefined
    },
  }
}

const newScanner = (): Scanner => ({
  watchers: new Set(),
  stop: new AbortController(),
  cancelTimer: () => undefined,
  isScanning: false,
  isWanted: false,
  lastAt: -MIN_GAP_MS,
})

function tellChanges(
  watcher: Watcher,
  scanned: readonly ScannedRepository[],
  { scannedAt, isAsking }: { readonly scannedAt: string; readonly isAsking: boolean },
): void {
  const changes: GitRepository[] = []
  const now = new Map(scanned.map((repository) => [repository.repo_root, repository]))
  for (const [root, repository] of now) {
    const text = JSON.stringify(repository)
    if (watcher.known.get(root) === text) continue
    watcher.known.set(root, text)
    changes.push(toWire(repository))
  }
  for (const root of watcher.known.keys()) {
    if (now.has(root)) continue
    watcher.known.delete(root)
    changes.push({ repo_root: root, branch: '', removed: true })
  }
  const hadProblem = watcher.problem !== undefined
  watcher.problem = undefined
  if (changes.length > 0 || isAsking || hadProblem)
    watcher.send({ type: 'changes', scanned_at: scannedAt, repositories: changes })
}

/** Once, however often it is met. */
function tellProblem(watcher: Watcher, message: string): void {
  if (watcher.problem === message) return
  watcher.problem = message
  watcher.send({ type: 'error', message })
}

function toWire({ repo_root, branch, remote_origin, unified_diff, files }: ScannedRepository): GitRepository {
  return {
    repo_root,
    branch,
    ...(remote_origin === '' ? {} : { remote_origin }),
    ...(unified_diff === '' ? {} : { unified_diff }),
    files,
  }
}
