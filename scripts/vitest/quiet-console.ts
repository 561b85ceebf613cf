// A warning on the console is a finding nobody reads: it fails the test that caused it (see expectConsole).
import { afterAll, afterEach, beforeEach } from 'vitest'
import { recordConsoleCall, takeConsoleFindings } from './expected-console.ts'

const { error, warn } = console

beforeEach(() => {
  console.error = (...args: unknown[]) => recordConsoleCall('error', args)
  console.warn = (...args: unknown[]) => recordConsoleCall('warn', args)
})

afterEach(() => {
  const findings = takeConsoleFindings()
  if (findings.length > 0) throw new Error(findings.join('\n'))
})

// The next file runs in this process too: what it says before its first test is seen by nobody's record.
afterAll(() => {
  Object.assign(console, { error, warn })
})
