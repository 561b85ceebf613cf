import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import type { Template } from '../../contract/templates.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import {
  createRunningWorkspace,
  createTemplate,
  getWorkspace,
  openTerminal,
  runBuild,
  waitForAgent,
} from '../workspace-actions.ts'

let server: TestServer
let client: CoderClient
let template: Template

beforeAll(async () => {
  server = await startTestServer()
  client = await server.ownerClient()
  template = await createTemplate(client, 'small')
})
afterAll(() => server.close())

describe('a workspace', () => {
  it('runs a shell that answers, survives a detach with its history, and ends with the workspace', async () => {
    const { workspace, agent } = await createRunningWorkspace(client, template, 'journey')
    expect(workspace.latest_build.status).toBe('running')

    const reconnect = randomUUID()
    const terminal = await openTerminal(client, agent.id, { reconnect })
    terminal.send({ data: 'echo "shell says $GREETING $((40 + 2))"\r' })
    await terminal.shows('shell says hello 42')
    await terminal.close()

    const again = await openTerminal(client, agent.id, { reconnect })
    await again.shows('shell says hello 42')
    again.send({ data: 'echo back-$((1 + 1))\r' })
    await again.shows('back-2')

    expect(await runBuild(client, workspace.id, 'stop')).toBe('stopped')
    expect((await again.closed).code).toBeGreaterThanOrEqual(1000)
    expect(server.agentProcesses.size).toBe(0)

    expect(await runBuild(client, workspace.id, 'start')).toBe('running')
    const restarted = await waitForAgent(client, workspace.id)
    expect(restarted.agent.id).not.toBe(agent.id)
    expect(existsSync(join(server.dataDir, 'workspaces', workspace.name))).toBe(true)

    expect(await runBuild(client, workspace.id, 'delete')).toBe('deleted')
    expect(existsSync(join(server.dataDir, 'workspaces', workspace.name))).toBe(false)
    expect(server.agentProcesses.size).toBe(0)
    await expect(getWorkspace(client, workspace.id)).rejects.toMatchObject({ status: 410 })

    // The name is free again, its old folder is not: a deletion that went wrong must not come back in a new workspace.
    const { workspace: second } = await createRunningWorkspace(client, template, workspace.name)
    const folder = `${second.name}-${second.id.slice(0, 8)}`
    expect(existsSync(join(server.dataDir, 'workspaces', folder))).toBe(true)
  })
})
