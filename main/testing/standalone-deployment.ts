/** A second deployment as a user would run it: `npm run server` in a process of its own, with a first user. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createCoderClient } from '#bridge/client/coder-client'
import { apiKeysRoutes } from '#bridge/contract/api-keys'
import { usersRoutes } from '#bridge/contract/users'
import { builtProgram } from '#bridge/testing/built-program'

export interface StandaloneDeployment {
  readonly url: string
  /** A session token of its first user. */
  readonly token: string
  close(): Promise<void>
}

/**
 * Starts a server on a folder of its own and signs its first user in. `behind`: it has this port, and is reached by
 * another address, which it has to know. `more`: further options of the server.
 */
export async function startStandaloneDeployment(
  behind?: { readonly port: number; readonly accessUrl: string },
  more: readonly string[] = [],
): Promise<StandaloneDeployment> {
  const dataDir = await mkdtemp(join(tmpdir(), 'outpost-standalone-'))
  const place = ['--port', String(behind?.port ?? 0), '--data-dir', dataDir]
  const access = behind === undefined ? [] : ['--access-url', behind.accessUrl]
  const child = spawn(process.execPath, [builtProgram('serve'), ...place, ...access, ...more], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const lines = createInterface({ input: child.stdout })
  const [line] = (await once(lines, 'line')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  const email = 'admin@example.test'
  const password = 'Correct-Horse-Battery-7'
  const open = createCoderClient({ baseUrl: url })
  await open.call(usersRoutes.createFirst, { body: { email, username: 'admin', password } })
  const { session_token: token } = await open.call(usersRoutes.login, { body: { email, password } })
  const { key } = await createCoderClient({ baseUrl: url, token }).call(apiKeysRoutes.createSession, {
    params: { user: 'me' },
  })
  return {
    url,
    token: key,
    async close() {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
      lines.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
