import { join } from 'node:path'
import type { CoderClient } from '../client/coder-client.ts'
import { configureModel } from './chat-fixture.ts'
import { type ScriptedModel, startScriptedModel } from './scripted-model.ts'
import type { LocalDeploymentOptions } from '../server/local-deployment.ts'
import { startTestServer, type TestServer } from './start-server.ts'
import { createRunningWorkspace, createTemplate } from './workspace-actions.ts'

/** What tests of tools begin with: a server with a scripted model, and a workspace that runs. */
export interface ChatWorkspace {
  readonly server: TestServer
  readonly model: ScriptedModel
  readonly client: CoderClient
  readonly workspaceId: string
  /** Where the workspace's files lie. */
  readonly folder: string
  close(): Promise<void>
}

/** Starts it. `prepare` runs before the workspace is made; `options` are those of the server. */
export async function startChatWorkspace(
  prepare: (client: CoderClient) => Promise<void> = async () => undefined,
  options: Partial<LocalDeploymentOptions> = {},
): Promise<ChatWorkspace> {
  const server = await startTestServer(options)
  const model = await startScriptedModel()
  const client = await server.ownerClient()
  await configureModel(client, model)
  await prepare(client)
  const { workspace } = await createRunningWorkspace(client, await createTemplate(client, 'small'), 'work')
  const { records } = server.deployment.services.agents
  const place = records.wantedOf(workspace.id)[0]?.workspaceFolder ?? ''
  return {
    ...{ server, model, client, workspaceId: workspace.id },
    folder: join(server.dataDir, 'workspaces', place),
    async close() {
      await server.close()
      await model.close()
    },
  }
}
