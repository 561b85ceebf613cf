import { fileURLToPath } from 'node:url'
import type { ProcessEntry } from '../lib/process-host.ts'

/** The file of a program as it is shipped; `scripts/vitest/build-programs.ts` has built it from today's sources. */
export const builtProgram = (entry: ProcessEntry): string =>
  fileURLToPath(new URL(`../../dist/server-bridge/${entry}.js`, import.meta.url))
