/** How a deployment's refusals around chats are told to the window. */
import type { CoderApiError } from '#bridge/client/errors'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { refusedAs } from '../../lib/refused-as.ts'
import type { RefineFailure } from '../deployments/connection.ts'

/** Words of ours where the server's own say less. */
const words: Readonly<Record<string, string>> = {
  unsupported: 'This deployment cannot do that yet.',
  queue_full: 'Twenty messages wait already. Remove one, or wait for the agent.',
  busy: 'The agent is still at work. Stop it first.',
  rate_limited: 'The deployment allows few files a minute. Try again in a moment.',
}

/** A refusal by its status. */
export const chatFailure = (codes: Readonly<Record<number, string>>): RefineFailure => refusedAs(codes, words)

/** As `chatFailure`, for what starts a model: the limit of spending may be reached, or the chat be in the archive. */
export function spendFailure(codes: Readonly<Record<number, string>> = {}): RefineFailure {
  const others = chatFailure(codes)
  return (error) => usageFailure(error) ?? archivedFailure(error) ?? others(error)
}

function usageFailure(error: CoderApiError): ProcedureError | undefined {
  const { usage } = error
  if (usage === undefined) return undefined
  const details = {
    spent_micros: usage.spentMicros,
    limit_micros: usage.limitMicros,
    ...(usage.resetsAt === undefined ? {} : { resets_at: usage.resetsAt }),
  }
  return new ProcedureError('usage_limit', error.message, { details, cause: error })
}

function archivedFailure(error: CoderApiError): ProcedureError | undefined {
  if (error.status !== 400 || !/archive/i.test(error.message)) return undefined
  return new ProcedureError('archived', error.message, { cause: error })
}
