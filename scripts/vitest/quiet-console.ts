// A warning on the console is a finding nobody reads: it fails the test that caused it (see expectConsole).
import { afterEach, beforeEach } from 'vitest'
import { recordConsoleCall, takeConsoleFindings } from './expected-console.ts'

beforeEach(() => {
  console.error = (...args: unknown[]) => recordConsoleCall('error', args)
  console.warn = (...args: unknown[]) => recordConsoleCall('warn', args)
})

afterEach(() => {
  const findings = takeConsoleFindings()
  if (findings.length > 0) throw new Error(findings.join('\n'))
})
