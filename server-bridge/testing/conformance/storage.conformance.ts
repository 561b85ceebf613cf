import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { apiKeysRoutes } from '../../contract/api-keys.ts'
import { usersRoutes } from '../../contract/users.ts'
import { isJobFinished } from '../../contract/provisioner-jobs.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { silentLogger } from '../../lib/logger.ts'
import { writeBackup } from '../../server/db/backups.ts'
import { createFakeClock } from '../fake-clock.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, getWorkspace, runBuild } from '../workspace-actions.ts'

let server: TestServer
let client: CoderClient
let token: string
beforeEach(async () => {
  server = await startTestServer()
  token = await server.deployment.mintOwnerSession('Ada Lovelace')
  client = server.client(token)
})
afterEach(() => server.close())

const pragma = (text: string): void => server.deployment.database.script(`PRAGMA ${text}`)
const fillDisk = (): void => pragma('max_page_count = 1')
const freeDisk = (): void => pragma('max_page_count = 1073741823')
const makeToken = (name: string) =>
  client.call(apiKeysRoutes.createToken, { params: { user: 'me' }, body: { token_name: name } })
const tokenNames = async () =>
  (await client.call(apiKeysRoutes.listTokens, { params: { user: 'me' } })).map((token) => token.token_name)
/** Rows until a write needs a new page, which a full disk refuses. */
const failAtLast = async (): Promise<{ readonly kept: string[]; readonly error: unknown }> => {
  const kept: string[] = []
  for (let index = 0; ; index += 1) {
    const name = `token-${index}`
    const error = await makeToken(name).then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (error !== undefined) return { kept, error }
    kept.push(name)
  }
}

describe('a full disk', () => {
  it('is answered with what to do, keeps what was acknowledged, and does not end the server', async () => {
    fillDisk()
    const { kept, error } = await failAtLast()
    expect(error).toMatchObject({
      status: 507,
      message: expect.stringMatching(/disk .* is full.*Nothing was changed/),
    })
    expect((await client.call(usersRoutes.get, { params: { user: 'me' } })).username).toBe('ada-lovelace')
    expect((await tokenNames()).sort()).toEqual([...kept].sort())
    freeDisk()
    await makeToken('afterwards')
    expect(await tokenNames()).toContain('afterwards')
  })

  it('makes nothing half: a workspace is there with its build, or not at all', async () => {
    const template = await createTemplate(client, 'small')
    fillDisk()
    for (let index = 0; ; index += 1) {
      const body = {
        template_id: template.id,
        name: `w${index}`,
        rich_parameter_values: [{ name: 'greeting', value: 'x'.repeat(2000) }],
      }
      const made = await client.call(workspacesRoutes.create, { params: { user: 'me' }, body }).then(
        () => true,
        () => false,
      )
      if (!made) break
    }
    const { workspaces } = await client.call(workspacesRoutes.list, {})
    for (const workspace of workspaces) expect(workspace.latest_build.build_number).toBe(1)
    freeDisk()
    // Jobs that could not be written down while it was full come to their end.
    for (const { id } of workspaces) {
      await waitFor('the build ends', async () => {
        const { job } = (await getWorkspace(client, id)).latest_build
        return isJobFinished(job.status) ? true : undefined
      })
    }
  })
})

describe('a database that turns read-only', () => {
  it('can still be read, and says what is wrong with writing', async () => {
    pragma('query_only = 1')
    await expect(makeToken('x')).rejects.toMatchObject({
      status: 500,
      message: expect.stringMatching(/cannot be written to/),
    })
    expect((await client.call(workspacesRoutes.list, {})).count).toBe(0)
    pragma('query_only = 0')
    await makeToken('x')
  })
})

describe('a build that ends while nothing can be written', () => {
  it('comes to its end when it can again', async () => {
    await server.close()
    const errors: string[] = []
    server = await startTestServer({
      logger: { ...silentLogger, error: (message) => errors.push(message) },
    })
    client = await server.ownerClient()
    const template = await createTemplate(client, 'small')
    const { workspace } = await createRunningWorkspace(client, template, 'stranded')
    const { id } = await client.call(workspaceBuildsRoutes.create, {
      params: { workspace: workspace.id },
      body: { transition: 'stop' },
    })
    await waitFor('the build runs', async () =>
      (await getWorkspace(client, workspace.id)).latest_build.job.status === 'pending' ? undefined : true,
    )
    pragma('query_only = 1')
    await waitFor('the disk refused its end', () =>
      errors.includes('The end of a job could not be written') ? true : undefined,
    )
    pragma('query_only = 0')
    const build = await waitFor('the build ends', async () => {
      const now = await client.call(workspaceBuildsRoutes.get, { params: { workspacebuild: id } })
      return isJobFinished(now.job.status) ? now : undefined
    })
    expect(['stopped', 'failed']).toContain(build.status)
    expect(await runBuild(client, workspace.id, 'start')).toBe('running')
  })
})

describe('a damaged database', () => {
  it('is replaced at the next start, which says so where people look', async () => {
    await makeToken('before')
    writeBackup(server.deployment.database, server.dataDir, 'outpost-2026-01-01.db')
    await makeToken('after')
    const path = join(server.dataDir, 'outpost.db')
    await server.restart(() => writeFileSync(path, readFileSync(path).fill(0xab, 4096)))
    client = server.client(token)
    expect(await tokenNames()).toEqual(['before'])
    const { text } = await rawRequest(server.url)
    expect(text).toMatch(/role="alert".*was damaged.*outpost-2026-01-01\.db/)
  })
})

describe('the daily backup', () => {
  it('runs with the server', async () => {
    await server.close()
    const clock = createFakeClock(Date.parse('2026-05-01T10:00:00Z'))
    server = await startTestServer({ clock })
    clock.advance(3_600_000)
    expect(existsSync(join(server.dataDir, 'backups', 'outpost-2026-05-01.db'))).toBe(true)
  })
})
