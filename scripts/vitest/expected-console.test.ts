import { describe, expect, it } from 'vitest'
import { expectConsole, recordConsoleCall, takeConsoleFindings } from './expected-console.ts'

describe('the record of console calls', () => {
  it('reports a call that nobody expected', () => {
    recordConsoleCall('error', ['socket closed', 1006])
    expect(takeConsoleFindings()).toEqual(['console.error was called: socket closed 1006'])
  })

  it('accepts a call that was expected', () => {
    expectConsole('warn', /closed/)
    recordConsoleCall('warn', ['socket closed'])
    expect(takeConsoleFindings()).toEqual([])
  })

  it('reports an expected call that was not made', () => {
    expectConsole('warn', /closed/)
    expect(takeConsoleFindings()).toEqual(['console.warn was expected to be called with /closed/'])
  })

  it('keeps errors and warnings apart', () => {
    expectConsole('warn', /closed/)
    recordConsoleCall('error', ['closed'])
    expect(takeConsoleFindings()).toHaveLength(2)
  })
})
