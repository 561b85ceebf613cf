/** Runs the command line for short answers. Never through a shell. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import { toError } from '../../lib/to-error.ts'
import { CliProblem } from './cli-problem.ts'

const versionSchema = z.object({ version: z.string().min(1).max(200) })
const versionMs = 15_000

/**
 * What `coder version -o json` says, e.g. `v2.24.1`.
 *
 * @throws {CliProblem} `unusable`
 */
export async function readCliVersion(
  program: string,
  environment: Readonly<Record<string, string>>,
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(program, ['version', '-o', 'json'], {
      env: environment,
      timeout: versionMs,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 1024,
      windowsHide: true,
    })
    return versionSchema.parse(JSON.parse(stdout)).version
  } catch (thrown) {
    throw new CliProblem('unusable', `${program} does not run as Coder's command line: ${wordsOf(thrown)}`, {
      cause: thrown,
    })
  }
}

function wordsOf(thrown: unknown): string {
  const error = toError(thrown) as NodeJS.ErrnoException & { killed?: boolean }
  if (error.killed === true) return 'it did not answer.'
  if (error.code === 'ENOENT') return 'there is no such file.'
  if (error.code === 'EACCES') return 'it may not be run.'
  if (error instanceof SyntaxError || error instanceof z.ZodError) return 'it does not tell its version.'
  return 'it ended with an error.'
}
