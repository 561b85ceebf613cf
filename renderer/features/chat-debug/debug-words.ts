import type { ChatDebugRunSummary, ChatDebugStep } from '#bridge/contract/chats-debug'
import type { Status } from '../../ui/status-mark.tsx'
import { oneLine } from '../chats/index.ts'

const kinds: Readonly<Record<string, string>> = {
  chat_turn: 'Turn',
  title_generation: 'Title',
  quickgen: 'Words about a turn',
  compaction: 'Summary',
}

/** What a run was for; a kind of a newer deployment in its own word. */
export const kindWords = (kind: string): string => kinds[kind] ?? oneLine(kind, 40)

interface StatusWords {
  readonly status: Status
  readonly label: string
}

const statuses: Readonly<Record<string, StatusWords>> = {
  in_progress: { status: 'starting', label: 'Under way' },
  completed: { status: 'running', label: 'Done' },
  error: { status: 'failed', label: 'Failed' },
  interrupted: { status: 'stopped', label: 'Stopped' },
}

/** How a run or a step stands, as shape and word. */
export const statusWords = (status: string): StatusWords =>
  statuses[status] ?? { status: 'unknown', label: oneLine(status, 40) }

const countOf = (values: Readonly<Record<string, unknown>> | null | undefined, name: string) => {
  const value = values?.[name]
  return typeof value === 'number' && value > 0 ? value : undefined
}

function tokenWords(input: number | undefined, output: number | undefined): string | undefined {
  if (input === undefined && output === undefined) return undefined
  return `${(input ?? 0).toLocaleString()} tokens in, ${(output ?? 0).toLocaleString()} out`
}

/** What a run used, where the deployment says so. */
export const runTokens = ({ summary }: Pick<ChatDebugRunSummary, 'summary'>): string | undefined =>
  tokenWords(countOf(summary, 'total_input_tokens'), countOf(summary, 'total_output_tokens'))

/** What a step used; what was read from or kept in the cache counts as read. */
export function stepTokens({ usage }: Pick<ChatDebugStep, 'usage'>): string | undefined {
  const parts = ['input_tokens', 'cache_read_tokens', 'cache_creation_tokens'].map((name) =>
    countOf(usage, name),
  )
  const input = parts.reduce<number | undefined>(
    (sum, part) => (part === undefined ? sum : (sum ?? 0) + part),
    undefined,
  )
  return tokenWords(input, countOf(usage, 'output_tokens'))
}

/** The model, with its provider where that is known. */
export const modelWords = ({ provider, model }: Pick<ChatDebugRunSummary, 'provider' | 'model'>): string =>
  oneLine(
    [provider, model].filter((word) => word !== undefined && word !== '').join(' / ') || 'No model',
    120,
  )

/** A field of an error or an attempt that is a text. */
export function textOf(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' && value !== '' ? oneLine(value, 2000) : undefined
}

/** A field that is a number. */
export function numberOf(values: Readonly<Record<string, unknown>>, name: string): number | undefined {
  const value = values[name]
  return typeof value === 'number' ? value : undefined
}
