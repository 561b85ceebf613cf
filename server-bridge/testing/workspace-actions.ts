import { WebSocket } from 'ws'
import type { CoderClient } from '../client/coder-client.ts'
import type { Template } from '../contract/templates.ts'
import { templatesRoutes } from '../contract/templates.ts'
import { type TemplateVersion, templateVersionsRoutes } from '../contract/template-versions.ts'
import { encodePtyRequest, type ReconnectingPTYRequest } from '../contract/pty.ts'
import { isJobFinished } from '../contract/provisioner-jobs.ts'
import { type WorkspaceAgent, workspaceAgentsRoutes } from '../contract/workspace-agents.ts'
import { workspaceBuildsRoutes } from '../contract/workspace-builds.ts'
import { type Workspace, workspacesRoutes } from '../contract/workspaces.ts'
import { ownName } from './conformance-target.ts'
import { smallTemplate, templateArchive } from './template-archive.ts'
import { waitFor } from './wait-for.ts'

/** Uploads a template's files as a version and waits for its import. */
export async function importVersion(
  client: CoderClient,
  files: Readonly<Record<string, string>> = { 'main.tf': smallTemplate },
  more: { readonly name?: string; readonly template_id?: string } = {},
): Promise<TemplateVersion> {
  const { hash } = await client.upload(templateArchive(files), 'application/x-tar')
  const { id } = await client.call(templateVersionsRoutes.create, {
    params: { organization: 'default' },
    body: { storage_method: 'file', provisioner: 'terraform', file_id: hash, tags: {}, ...more },
  })
  return waitFor('the version is imported', async () => {
    const version = await client.call(templateVersionsRoutes.get, { params: { templateversion: id } })
    return isJobFinished(version.job.status) ? version : undefined
  })
}

/** A template of the small kind. */
export async function createTemplate(
  client: CoderClient,
  name: string,
  text = smallTemplate,
): Promise<Template> {
  const version = await importVersion(client, { 'main.tf': text, 'README.md': `# ${name}\n` })
  if (version.job.status !== 'succeeded') throw new Error(`The import failed: ${version.job.error ?? ''}`)
  return client.call(templatesRoutes.create, {
    params: { organization: 'default' },
    body: { name: ownName(name), template_version_id: version.id },
  })
}

/** Makes a workspace and waits until its agent can be used. */
export async function createRunningWorkspace(
  client: CoderClient,
  template: Pick<Template, 'id'>,
  name: string,
): Promise<{ readonly workspace: Workspace; readonly agent: WorkspaceAgent }> {
  const { id } = await client.call(workspacesRoutes.create, {
    params: { user: 'me' },
    body: { template_id: template.id, name },
  })
  return waitForAgent(client, id)
}

export async function getWorkspace(client: CoderClient, id: string): Promise<Workspace> {
  return client.call(workspacesRoutes.get, { params: { workspace: id } })
}

/** Waits until the agent of a workspace is connected and ready. */
export async function waitForAgent(
  client: CoderClient,
  workspaceId: string,
  accept: (agent: WorkspaceAgent) => boolean = (agent) =>
    agent.status === 'connected' && agent.lifecycle_state === 'ready',
): Promise<{ readonly workspace: Workspace; readonly agent: WorkspaceAgent }> {
  return waitFor('the agent is ready', async () => {
    const workspace = await getWorkspace(client, workspaceId)
    if (workspace.latest_build.status === 'failed') {
      throw new Error(`The build failed: ${workspace.latest_build.job.error ?? ''}`)
    }
    const agent = workspace.latest_build.resources.flatMap((resource) => resource.agents ?? [])[0]
    return agent && accept(agent) ? { workspace, agent } : undefined
  })
}

/** Starts a build and waits for its end. */
export async function runBuild(
  client: CoderClient,
  workspaceId: string,
  transition: 'start' | 'stop' | 'delete',
): Promise<string> {
  const { id } = await client.call(workspaceBuildsRoutes.create, {
    params: { workspace: workspaceId },
    body: { transition },
  })
  return waitFor(`the ${transition} build ends`, async () => {
    const build = await client.call(workspaceBuildsRoutes.get, { params: { workspacebuild: id } })
    return isJobFinished(build.job.status) ? build.status : undefined
  })
}

export interface TestTerminal {
  readonly socket: WebSocket
  /** All that was shown so far. */
  readonly output: () => string
  send(request: ReconnectingPTYRequest): void
  /** Waits until the output holds the text. */
  shows(text: string): Promise<void>
  close(): Promise<void>
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>
}

/** Opens a terminal over Coder's protocol. */
export async function openTerminal(
  client: CoderClient,
  agentId: string,
  query: {
    readonly reconnect: string
    readonly width?: number
    readonly height?: number
    readonly command?: string
  },
): Promise<TestTerminal> {
  const target = client.socket(workspaceAgentsRoutes.pty, {
    params: { workspaceagent: agentId },
    query: { width: 80, height: 24, ...query },
  })
  const socket = new WebSocket(target.url, { headers: target.headers })
  let output = ''
  socket.on('message', (data: Buffer) => {
    output += data.toString('utf8')
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }))
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return {
    socket,
    output: () => output,
    send: (request) => socket.send(encodePtyRequest(request), { binary: true }),
    shows: async (text) => {
      await waitFor(`the terminal shows ${JSON.stringify(text)}, it shows ${JSON.stringify(output)}`, () =>
        output.includes(text) ? true : undefined,
      )
    },
    close: async () => {
      socket.close(1000)
      await closed
    },
    closed,
  }
}
