import { describe, expect, it } from 'vitest'
import { usesInTurn } from './advisor-tool.ts'
import type { MessageRow } from './chat-rows.ts'
import type { StoredPart } from './stored-parts.ts'

const row = (role: string, parts: readonly StoredPart[], more: Partial<MessageRow> = {}): MessageRow => ({
  ...{ id: 1, chat_id: 'c', created_by: null, model_config_id: null, role },
  ...{ content: JSON.stringify(parts), visibility: 'both', compressed_by: null, deleted: 0, revision: 1 },
  ...{ usage: null, total_tokens: 0, total_cost_micros: null, runtime_ms: 0, created_at: 0 },
  ...more,
})
const result = (type: string, more: Partial<Extract<StoredPart, { type: 'tool-result' }>> = {}): MessageRow =>
  row('tool', [{ type: 'tool-result', tool_call_id: 'c', tool_name: 'advisor', result: { type }, ...more }])
const said = row('user', [{ type: 'text', text: 'hi' }])

describe('how often advice was given in a turn', () => {
  it.each<[string, readonly MessageRow[], number]>([
    ['never at first', [said], 0],
    ['once for each piece of advice', [said, result('advice'), result('advice')], 2],
    ['from the last message of the user on', [said, result('advice'), said, result('advice')], 1],
    [
      'not for what failed or was refused',
      [
        said,
        result('error', { is_error: true }),
        result('limit_reached'),
        result('advice', { is_error: true }),
      ],
      0,
    ],
    ['not for what another tool says', [said, result('advice', { tool_name: 'other' })], 0],
    [
      'not for a result that is no object',
      [said, result('', { result: null }), result('', { result: 'x' })],
      0,
    ],
    [
      'also before a summary in the middle of the turn',
      [
        said,
        { ...result('advice'), compressed_by: 9 },
        row('user', [{ type: 'text', text: 'summary' }], { id: 9, visibility: 'model' }),
        result('advice'),
      ],
      2,
    ],
  ])('is counted %s', (_, rows, uses) => {
    expect(usesInTurn(rows)).toBe(uses)
  })
})
