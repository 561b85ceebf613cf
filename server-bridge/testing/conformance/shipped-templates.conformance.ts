import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { templatesRoutes } from '../../contract/templates.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { listShippedTemplates } from '../../provisioner/shipped-templates.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { runBuild, waitForAgent } from '../workspace-actions.ts'

let server: TestServer
let client: CoderClient
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-shipped-'))
  server = await startTestServer({ listShippedTemplates })
  // A session of the owner comes when what is shipped is there.
  client = await server.ownerClient()
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A bare repository with one commit on the branch `work/one`. */
function createRepository(): string {
  const work = join(folder, 'work')
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', '-C', work, ...args])
  }
  execFileSync('git', ['init', '--quiet', '--initial-branch=work/one', work])
  writeFileSync(join(work, 'hello.txt'), 'hello')
  git('add', '.')
  git('commit', '--quiet', '-m', 'one')
  const bare = join(folder, 'origin.git')
  execFileSync('git', ['clone', '--quiet', '--bare', work, bare])
  return bare
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

/** Makes a workspace of a shipped template, waits until it is ready, looks at its folder and removes it. */
async function useTemplate(
  name: string,
  values: Readonly<Record<string, string>>,
  look: (home: string) => void,
): Promise<void> {
  const template = (await client.call(templatesRoutes.list, {})).find((candidate) => candidate.name === name)
  if (!template) throw new Error(`The template ${name} was not imported.`)
  const { id } = await client.call(workspacesRoutes.create, {
    params: { user: 'me' },
    body: {
      template_id: template.id,
      name,
      rich_parameter_values: Object.entries(values).map(([key, value]) => ({ name: key, value })),
    },
  })
  await waitForAgent(client, id)
  const home = join(server.dataDir, 'workspaces', name)
  look(home)
  expect(await runBuild(client, id, 'delete')).toBe('deleted')
  expect(existsSync(home)).toBe(false)
}

it('a plain shell becomes ready in its folder', async () => {
  await useTemplate('plain-shell', { project: 'mine' }, (home) => {
    expect(existsSync(join(home, 'mine'))).toBe(true)
  })
})

it('a git workspace becomes ready with the branch of its repository', async () => {
  const values = { repository: createRepository(), branch: 'work/one', folder: 'code' }
  await useTemplate('git-repository', values, (home) => {
    expect(existsSync(join(home, 'code', 'hello.txt'))).toBe(true)
  })
})

it('a Node.js workspace becomes ready with its server, which ends with it', async () => {
  await useTemplate('node-project', { port: String(await freePort()) }, (home) => {
    expect(existsSync(join(home, 'project', 'package.json'))).toBe(true)
    expect(existsSync(join(home, '.server.pid'))).toBe(true)
  })
})

it('a Python workspace becomes ready without a network', async () => {
  await useTemplate('python-data', { packages: '[]', jupyter: 'false' }, (home) => {
    expect(existsSync(join(home, 'project'))).toBe(true)
  })
})

it('a workspace for agents becomes ready with its instructions', async () => {
  await useTemplate('ai-agent', { instructions: 'Be careful.' }, (home) => {
    expect(existsSync(join(home, 'project', 'AGENTS.md'))).toBe(true)
    expect(existsSync(join(home, 'project', '.git'))).toBe(true)
  })
})
