import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { externalTarget, OWN_SERVER_FILES } from '../../server-bridge/testing/conformance-target.ts'
import { SEEN_ANSWERS_FOLDER } from '../../server-bridge/testing/seen-answers.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const setup = (name: string): string => fileURLToPath(new URL(`./${name}.ts`, import.meta.url))

// Login shells run what they find at home. A person's own start files take their time, and a shell that a test kills in
// the middle of them can leave a lock there that keeps every later one waiting.
const HOME = join(root, '.cache/test-home')
mkdirSync(HOME, { recursive: true })

const NODE_SETUP = [
  setup('fresh-modules'),
  setup('patience'),
  setup('quiet-console'),
  setup('no-open-handles'),
]
// For what hangs; a busy machine can take many times what a test takes alone.
const TEST_TIMEOUT_MS = 60_000
// A full soak is bounded by its own rounds; a short cut of it must not hold up `npm test`.
const SOAK_TIMEOUT_MS = process.env['SOAK'] === 'full' ? 30 * 60_000 : 60_000

// Each of these files brings an `electron` of its own, and Node loads a module once in a process.
const STANDING_IN_FOR_ELECTRON = 'main/shell/**/*.test.ts'

// Against a deployment that runs already there is nothing to start, end or look into.
const OWN_SERVER = externalTarget()
  ? Object.keys(OWN_SERVER_FILES).map((name) => `**/conformance/${name}.conformance.ts`)
  : []

export default defineConfig({
  root,
  cacheDir: `${root}/.cache/vite-tests`,
  test: {
    pool: 'forks',
    maxWorkers: '100%',
    // On one deployment a suite must not find what another one makes.
    fileParallelism: externalTarget() === undefined,
    allowOnly: process.env['CI'] === undefined,
    env: { HOME },
    expect: { poll: { timeout: 45_000 } },
    hookTimeout: TEST_TIMEOUT_MS,
    restoreMocks: true,
    unstubEnvs: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{server-bridge,main,preload,scripts,bench,e2e}/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'scripts/*/fixtures/**', STANDING_IN_FOR_ELECTRON],
          globalSetup: setup('build-programs'),
          setupFiles: NODE_SETUP,
          isolate: false,
          testTimeout: TEST_TIMEOUT_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'shell',
          environment: 'node',
          include: [STANDING_IN_FOR_ELECTRON],
          setupFiles: NODE_SETUP,
          testTimeout: TEST_TIMEOUT_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          include: ['renderer/**/*.test.ts', 'renderer/**/*.test.tsx'],
          setupFiles: [
            setup('fresh-modules'),
            setup('patience'),
            setup('empty-browser'),
            setup('quiet-console'),
            setup('unmount-after-each'),
          ],
          pool: 'threads',
          isolate: false,
          testTimeout: TEST_TIMEOUT_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'conformance',
          environment: 'node',
          include: ['server-bridge/testing/conformance/**/*.{contract,conformance}.ts'],
          exclude: OWN_SERVER,
          setupFiles: [...NODE_SETUP, setup('current-test')],
          globalSetup: [setup('build-programs'), setup('every-answer')],
          isolate: false,
          // Of this run alone, should there be two at a time.
          env: { HOME, [SEEN_ANSWERS_FOLDER]: join(root, '.cache/seen-answers', String(process.pid)) },
          testTimeout: 2 * TEST_TIMEOUT_MS,
          hookTimeout: 2 * TEST_TIMEOUT_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'soak',
          environment: 'node',
          include: ['server-bridge/testing/soak/**/*.soak.ts'],
          globalSetup: setup('build-programs'),
          setupFiles: NODE_SETUP,
          testTimeout: SOAK_TIMEOUT_MS,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
