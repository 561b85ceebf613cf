import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isJobFinished } from '../../contract/provisioner-jobs.ts'
import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { smallTemplate } from '../template-archive.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, waitForAgent } from '../workspace-actions.ts'

/** Its stop script says that it runs, and waits for a file. */
const withStopScript = `${smallTemplate}
resource "coder_script" "leave" {
  agent_id     = coder_agent.main.id
  display_name = "Leave"
  run_on_stop  = true
  script       = "touch stopping; until [ -e go ]; do sleep 0.02; done; rm stopping go"
}
`

let server: TestServer
beforeEach(async () => {
  server = await startTestServer()
})
afterEach(() => server.close())

it('a restart that is canceled while stop scripts run is done to its end, and its agent comes', async () => {
  const client = await server.ownerClient()
  const template = await createTemplate(client, 'slow-to-leave', withStopScript)
  const { workspace } = await createRunningWorkspace(client, template, 'steady')
  const folder = join(server.dataDir, 'workspaces', workspace.name)
  const { id } = await client.call(workspaceBuildsRoutes.create, {
    params: { workspace: workspace.id },
    body: { transition: 'start' },
  })
  await waitFor('the stop script runs', () => (existsSync(join(folder, 'stopping')) ? true : undefined))
  await client.call(workspaceBuildsRoutes.cancel, { params: { workspacebuild: id } })
  writeFileSync(join(folder, 'go'), '')
  const { status } = await waitFor('the build ends', async () => {
    const { job } = await client.call(workspaceBuildsRoutes.get, { params: { workspacebuild: id } })
    return isJobFinished(job.status) ? job : undefined
  })
  expect(status).toBe('succeeded')
  await waitForAgent(client, workspace.id)
  // For the end of this test's own server.
  writeFileSync(join(folder, 'go'), '')
})
