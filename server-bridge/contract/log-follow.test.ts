import { describe, expect, it } from 'vitest'
import { formatLogMessage, parseLogMessage } from './log-follow.ts'
import { provisionerJobLogSchema } from './provisioner-jobs.ts'

const row = {
  id: 7,
  created_at: '2026-08-21T12:58:12Z',
  log_source: 'provisioner' as const,
  log_level: 'info' as const,
  stage: 'Plan',
  output: 'one',
}

describe('followed logs', () => {
  it('are read in the object and in the array framing alike', () => {
    expect(parseLogMessage(formatLogMessage(row), provisionerJobLogSchema)).toEqual([row])
    expect(parseLogMessage(formatLogMessage([row, { ...row, id: 8 }]), provisionerJobLogSchema)).toHaveLength(
      2,
    )
    expect(parseLogMessage('[]\n', provisionerJobLogSchema)).toEqual([])
    expect(parseLogMessage('null\n', provisionerJobLogSchema)).toEqual([])
  })

  it.each(['', '{', '1', '{"id":"x"}', '[{}]'])('are refused when a message is %j', (message) => {
    expect(() => parseLogMessage(message, provisionerJobLogSchema)).toThrow(SyntaxError)
  })
})
