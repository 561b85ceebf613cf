/** What the fault suites stand on: a signed-in owner with one running workspace. */
import { createCoderClient } from '../../client/coder-client.ts'
import { usersRoutes } from '../../contract/users.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'

export interface FaultGround {
  readonly token: string
  readonly workspaceId: string
  readonly agentId: string
}

/** Makes the first user of a fresh deployment and a workspace of theirs. */
export async function prepareGround(url: string): Promise<FaultGround> {
  const account = { email: 'ada@example.com', password: 'correct horse Battery 9 staple' }
  const anybody = createCoderClient({ baseUrl: url })
  await anybody.call(usersRoutes.createFirst, { body: { ...account, username: 'ada' } })
  const { session_token: token } = await anybody.call(usersRoutes.login, { body: account })
  const client = createCoderClient({ baseUrl: url, token })
  const template = await createTemplate(client, 'ground')
  const { workspace, agent } = await createRunningWorkspace(client, template, 'main')
  return { token, workspaceId: workspace.id, agentId: agent.id }
}
