// Tests start servers, agents and bridges as they are shipped: from source each start costs a second and more of processor
// time. What is built already, by the build that follows or by an earlier run, is left alone.
import { runCommand } from '../run-command.ts'
import { REPOSITORY, toolArguments } from '../test-parts/tools.ts'

/** Builds the programs of `server-bridge` from the sources that are tested. @throws where they cannot be built */
export async function setup(): Promise<void> {
  const { code, stdout, stderr } = await runCommand(
    process.execPath,
    toolArguments('tsx', ['scripts/build.ts', 'server-bridge']),
    // Nothing of the test runner's own may become part of them.
    { cwd: REPOSITORY, env: { PATH: process.env['PATH'], HOME: process.env['HOME'] } },
  )
  if (code !== 0) throw new Error(`The programs of server-bridge could not be built.\n${stdout}${stderr}`)
}
