import { formatDollars } from '../../lib/money.ts'
import type { ShortColumn } from '../../ui/short-table.tsx'
import { formatTokens } from './usage-words.ts'

/** What every table of costs counts of a row. */
interface CostRow {
  readonly message_count: number
  readonly total_input_tokens: number
  readonly total_output_tokens: number
  readonly total_cost_micros: number
}

const figure = { align: 'end', className: 'w-24' } as const

/** Messages, tokens and cost: the last columns of a table of costs. */
export const costColumns: readonly ShortColumn<CostRow>[] = [
  {
    ...figure,
    id: 'messages',
    header: 'Messages',
    cell: ({ message_count: count }) => count.toLocaleString('en-US'),
  },
  {
    ...figure,
    id: 'tokens',
    header: 'Tokens',
    cell: (row) => formatTokens(row.total_input_tokens + row.total_output_tokens),
  },
  { ...figure, id: 'cost', header: 'Cost', cell: (row) => formatDollars(row.total_cost_micros) },
]
