import { describe, expect, it } from 'vitest'
import { addCounts, countReport, readCounts } from './report.ts'

function spec(title: string, status: string): object {
  return { title, file: 'first.spec.ts', tests: [{ status }] }
}

describe('countReport', () => {
  it('counts tests in nested suites', () => {
    const report = {
      suites: [{ specs: [spec('a', 'expected')], suites: [{ specs: [spec('b', 'skipped')] }] }],
    }
    expect(countReport(report as never)).toEqual({ passed: 1, failed: 0, skipped: 1, failures: [] })
  })

  it('takes a flaky test for a failed one', () => {
    const report = { suites: [{ specs: [spec('a', 'flaky'), spec('b', 'unexpected')] }] }
    expect(countReport(report as never).failures).toEqual(['first.spec.ts: a', 'first.spec.ts: b'])
  })

  it('takes an error outside of any test for a failure', () => {
    expect(countReport({ errors: [{ message: 'no such module\nat line 1' }] })).toMatchObject({
      failed: 1,
      failures: ['no such module'],
    })
  })
})

describe('readCounts', () => {
  it('takes a missing report for a failure', async () => {
    expect(await readCounts('/no/such/report.json')).toMatchObject({ passed: 0, failed: 1 })
  })
})

describe('addCounts', () => {
  it('adds passes up', () => {
    const one = { passed: 2, failed: 0, skipped: 1, failures: [] }
    const two = { passed: 1, failed: 1, skipped: 0, failures: ['a'] }
    expect(addCounts([one, two])).toEqual({ passed: 3, failed: 1, skipped: 1, failures: ['a'] })
  })
})
