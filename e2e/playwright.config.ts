import { defineConfig } from '@playwright/test'

/** Started by scripts/e2e.ts, which brings the built app and the Electron to use. */
export default defineConfig({
  testDir: './specs',
  outputDir: process.env['OUTPOST_E2E_OUTPUT'] ?? '../test-results',
  // Every test starts a whole desktop session of its own with an app of several processes, and waits for much of its time.
  workers: 3,
  fullyParallel: false,
  retries: 0,
  forbidOnly: process.env['CI'] !== undefined,
  // A limit for what hangs, not for what is slow: three apps and their servers share the cores with the lint.
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: '../.cache/e2e-report.json' }]],
  use: { trace: 'off' },
})
