import { describe, expect, it } from 'vitest'
import { countVitest, readVitestReport } from './reports.ts'

const test = (fullName: string, status: string) => ({ fullName, status })

describe("vitest's report", () => {
  it('counts tests by their status', () => {
    const report = {
      testResults: [
        {
          name: 'a.test.ts',
          status: 'failed',
          assertionResults: [test('works', 'passed'), test('breaks', 'failed')],
        },
        {
          name: 'b.test.ts',
          status: 'passed',
          assertionResults: [test('later', 'todo'), test('not here', 'skipped')],
        },
      ],
    }
    expect(countVitest(report)).toEqual({ passed: 1, failed: 1, skipped: 2, failures: ['breaks'] })
  })

  it('counts a file that failed without a failing test, such as one that leaves a server open', () => {
    const report = {
      testResults: [{ name: 'a.test.ts', status: 'failed', assertionResults: [test('works', 'passed')] }],
    }
    expect(countVitest(report)).toEqual({ passed: 1, failed: 1, skipped: 0, failures: ['a.test.ts'] })
  })

  it('that was not written is a failure', async () => {
    const outcome = await readVitestReport('/nowhere/results.json', 'unit')
    expect(outcome.failures).toEqual(['unit: wrote no report'])
  })
})
