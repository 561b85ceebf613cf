import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listProcessesWith } from '../../agent/process-list.ts'
import { workspaceFolderVariable } from '../../agent/shell-command.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, runBuild } from '../workspace-actions.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.close())

it.runIf(process.platform === 'linux')(
  'a workspace that is stopped when its agent was just killed leaves no process behind',
  async () => {
    const client = await server.ownerClient()
    const text = smallTemplate.replace('echo ', 'sleep 100000 >/dev/null 2>&1 & echo ')
    const template = await createTemplate(client, 'background', text)
    const { workspace } = await createRunningWorkspace(client, template, 'killed')
    const folder = join(server.dataDir, 'workspaces', workspace.name)
    const left = () => listProcessesWith(workspaceFolderVariable, folder)
    await waitFor('it runs in the background', async () => ((await left()).length > 0 ? true : undefined))
    const [agent] = [...server.agentProcesses]
    process.kill(agent!.pid!, 'SIGKILL')
    expect(await runBuild(client, workspace.id, 'stop')).toBe('stopped')
    expect(await left()).toEqual([])
    expect(server.agentProcesses.size).toBe(0)
  },
)
