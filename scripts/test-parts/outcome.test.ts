import { describe, expect, it } from 'vitest'
import { NOTHING, single, sum, summaryLine, withExitCode } from './outcome.ts'

describe('an outcome', () => {
  it('adds up and keeps the names of what failed', () => {
    const total = sum([single(true, 'types'), single(false, 'lint'), { ...NOTHING, skipped: 2 }])
    expect(total).toEqual({ passed: 1, failed: 1, skipped: 2, failures: ['lint'] })
  })

  it('is told in one line, skipped tests only where there are some', () => {
    expect(summaryLine({ ...NOTHING, passed: 12 })).toBe('12 passed, 0 failed')
    expect(summaryLine({ passed: 1, failed: 2, skipped: 3, failures: [] })).toBe(
      '1 passed, 2 failed, 3 skipped',
    )
  })

  it('fails by a bad exit code even when no test failed', () => {
    expect(withExitCode({ ...NOTHING, passed: 5 }, 1, 'unit')).toEqual({
      passed: 5,
      failed: 1,
      skipped: 0,
      failures: ['unit: ended with code 1'],
    })
    expect(withExitCode(NOTHING, null, 'unit').failures).toEqual(['unit: was ended'])
  })

  it('is not counted twice by the exit code of the failures it has', () => {
    expect(withExitCode(single(false, 'a test'), 1, 'unit').failed).toBe(1)
  })
})
