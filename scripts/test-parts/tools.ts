import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))

/** Reports and caches of the test parts; ignored by git. */
export const CACHE = join(REPOSITORY, '.cache')

const TOOLS = {
  eslint: 'eslint/bin/eslint.js',
  knip: 'knip/bin/knip.js',
  prettier: 'prettier/bin/prettier.cjs',
  // The compiler written in Go: one third of the time. ESLint and our proofs of the environments need the older one's API.
  tsc: 'typescript-native/bin/tsc',
  tsx: 'tsx/dist/cli.mjs',
  vitest: 'vitest/vitest.mjs',
} as const

/**
 * The arguments that make this Node run one of our tools. Names like `npx tsc` would need a shell on Windows and look
 * the program up once more.
 */
export function toolArguments(tool: keyof typeof TOOLS, args: readonly string[]): string[] {
  return [join(REPOSITORY, 'node_modules', TOOLS[tool]), ...args]
}
