import type { MessageRow } from './chat-rows.ts'
import type { TurnUse } from './turn-decision.ts'

const NOTHING: TurnUse = { steps: 0, ms: 0, tokens: 0, costMicros: 0 }

/** What a turn has used since its last message of a user. */
export const turnUse = (rows: readonly MessageRow[]): TurnUse => turnUseAfter(NOTHING, rows)

/** The same of rows that have grown by these. */
export function turnUseAfter(before: TurnUse, added: readonly MessageRow[]): TurnUse {
  return added.reduce((use, row) => {
    if (row.role === 'user' && row.visibility === 'both') return NOTHING
    return {
      steps: use.steps + Number(row.role === 'assistant'),
      ms: use.ms + row.runtime_ms,
      tokens: use.tokens + row.total_tokens,
      costMicros: use.costMicros + (row.total_cost_micros ?? 0),
    }
  }, before)
}
