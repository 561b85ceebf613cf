/** A second deployment as a user would run it: `npm run server` in a process of its own, with a first user. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createCoderClient } from '#bridge/client/coder-client'
import { apiKeysRoutes } from '#bridge/contract/api-keys'
import { usersRoutes } from '#bridge/contract/users'

export interface StandaloneDeployment {
  readonly url: string
  /** A session token of its first user. */
  readonly token: string
  close(): Promise<void>
}

const SERVE = fileURLToPath(new URL('../../server-bridge/bin/serve.ts', import.meta.url))

/**
 * Starts a server on a folder of its own and signs its first user in. `behind`: it has this port, and is reached by
 * another address, which it has to know.
 */
export async function startStandaloneDeployment(behind?: {
  readonly port: number
  readonly accessUrl: string
}): Promise<StandaloneDeployment> {
  const dataDir = await mkdtemp(join(tmpdir(), 'outpost-standalone-'))
  const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const place = ['--port', String(behind?.port ?? 0), '--data-dir', dataDir]
  const access = behind === undefined ? [] : ['--access-url', behind.accessUrl]
  const child = spawn(process.execPath, ['--import', loader, SERVE, ...place, ...access], {
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
