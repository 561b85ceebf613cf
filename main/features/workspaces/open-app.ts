/** Opens the apps of workspaces in the browser, and says how SSH gets to them. */
import type { CoderClient } from '#bridge/client/coder-client'
import { agentRuntimeRoutes } from '#bridge/contract/agent-runtime'
import { buildInfoRoutes } from '#bridge/contract/build-info'
import { deploymentAdminRoutes } from '#bridge/contract/deployment-admin'
import { deploymentRoutes } from '#bridge/contract/deployment'
import { hasFeature } from '#bridge/contract/features'
import type { WorkspaceAgent } from '#bridge/contract/workspace-agents'
import type { WorkspaceApp } from '#bridge/contract/workspace-apps'
import { workspacesRoutes, type Workspace } from '#bridge/contract/workspaces'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { hostedAddress, isOfDeployment, tokenMark } from './app-address.ts'

interface AgentRef {
  readonly deploymentId: string
  readonly workspaceId: string
  readonly agentId: string
}

export interface WorkspaceAppsDeps {
  readonly connection: (deploymentId: string) => DeploymentConnection
  /** The gate for links. `content`: whoever wrote it is not trusted, and the user is asked. */
  readonly openLink: (url: string, source: 'app' | 'content') => Promise<boolean>
}

export interface PageAddress {
  readonly url: string
  readonly deploymentUrl: string
}

export interface WorkspaceApps {
  /** Whether it was opened. @throws {ProcedureError} `app_unknown`, `refused` */
  open(target: AgentRef & { readonly slug: string }, signal: AbortSignal): Promise<boolean>
  /**
   * The address that signs in to the page of one app and nothing else, once: for nobody but the page itself.
   * @throws {ProcedureError} `app_unknown`, `stopped`, `refused`
   */
  pageAddress(target: AgentRef & { readonly slug: string }, signal: AbortSignal): Promise<PageAddress>
  /** Whether the deployment gives such addresses. */
  hasPageAddresses(deploymentId: string, signal: AbortSignal): Promise<boolean>
  /** For a terminal of this computer. @throws {ProcedureError} `app_unknown`, `refused` */
  sshCommand(target: AgentRef, signal: AbortSignal): Promise<string>
}

/** What a name may have that becomes a word of a command line. */
const plainName = /^[\p{L}\p{N}._-]+$/u

/** Makes it over the deployments' connections. */
export function createWorkspaceApps({ connection, openLink }: WorkspaceAppsDeps): WorkspaceApps {
  return {
    async open({ slug, ...target }, signal) {
      const { view } = connection(target.deploymentId)
      const address = await connection(target.deploymentId).call(async (client) => {
        const { workspace, agent } = await findAgent(client, target, signal)
        const app = findApp(agent, slug)
        return await addressOf(client, { app, agent, workspace, deploymentUrl: view.get().url, signal })
      })
      const { url } = view.get()
      return await openLink(
        address.url,
        address.isOwn && isOfDeployment(address.url, url) ? 'app' : 'content',
      )
    },
    async pageAddress({ slug, ...target }, signal) {
      const opened = connection(target.deploymentId)
      const { view } = opened
      const url = await opened.call(async (client) => {
        const { workspace, agent } = await findAgent(client, target, signal)
        if (workspace.latest_build.status !== 'running')
          throw new ProcedureError('stopped', 'The workspace does not run.')
        const app = findApp(agent, slug)
        if (app.external || !(await hasSessions(client, signal)))
          throw new ProcedureError('refused', 'This app opens in the browser only.')
        return (await addressOf(client, { app, agent, workspace, deploymentUrl: view.get().url, signal })).url
      })
      const deploymentUrl = view.get().url
      if (!isOfDeployment(url, deploymentUrl))
        throw new ProcedureError('refused', 'The deployment names an address that is not its own.')
      return { url, deploymentUrl }
    },
    hasPageAddresses: (deploymentId, signal) =>
      connection(deploymentId).call((client) => hasSessions(client, signal)),
    async sshCommand(target, signal) {
      const opened = connection(target.deploymentId)
      const { workspace, agent, agents, prefix } = await opened.call(async (client) => ({
        ...(await findAgent(client, target, signal)),
        prefix: (await client.call(deploymentRoutes.ssh, {}, { signal })).hostname_prefix,
      }))
      const isMine = workspace.owner_id === opened.view.get().user?.id
      const names = isMine
        ? [workspace.name, ...(agents.length === 1 ? [] : [agent.name])].join('.')
        : [workspace.owner_name, workspace.name, agent.name].join('--')
      const host = `${prefix}${names}`
      if (!plainName.test(host) || host.startsWith('-'))
        throw new ProcedureError('refused', 'The workspace’s name cannot be part of a command.')
      return `ssh ${host}`
    },
  }
}

interface FoundAgent {
  readonly workspace: Workspace
  readonly agent: WorkspaceAgent
  readonly agents: readonly WorkspaceAgent[]
}

async function findAgent(
  client: Pick<CoderClient, 'call'>,
  { workspaceId, agentId }: AgentRef,
  signal: AbortSignal,
): Promise<FoundAgent> {
  const workspace = await client.call(
    workspacesRoutes.get,
    { params: { workspace: workspaceId } },
    { signal },
  )
  const agents = workspace.latest_build.resources.flatMap((resource) => resource.agents ?? [])
  const agent = agents.find(({ id }) => id === agentId)
  if (agent === undefined)
    throw new ProcedureError('app_unknown', 'The workspace was built anew. Look at it again.')
  return { workspace, agent, agents }
}

function findApp(agent: WorkspaceAgent, slug: string): WorkspaceApp {
  const app = agent.apps.find((one) => one.slug === slug)
  if (app === undefined)
    throw new ProcedureError('app_unknown', 'The workspace does not have this app any more.')
  return app
}

async function hasSessions(client: Pick<CoderClient, 'call'>, signal: AbortSignal): Promise<boolean> {
  return hasFeature(await client.call(buildInfoRoutes.get, {}, { signal }), 'app-sessions')
}

interface AddressInput {
  readonly app: WorkspaceApp
  readonly agent: WorkspaceAgent
  readonly workspace: Workspace
  readonly deploymentUrl: string
  readonly signal: AbortSignal
}

/** `isOwn`: it leads to the deployment, as far as the address itself says so. */
async function addressOf(
  client: Pick<CoderClient, 'call'>,
  { app, agent, workspace, deploymentUrl, signal }: AddressInput,
): Promise<{ readonly url: string; readonly isOwn: boolean }> {
  const written = app.url ?? ''
  if (app.external) {
    if (written.includes(tokenMark))
      throw new ProcedureError(
        'refused',
        'This app wants a key of your account in its address, which Outpost does not hand out. Open it from the deployment’s own page.',
      )
    return { url: written, isOwn: false }
  }
  if ((app.command ?? '') !== '' || written === '')
    throw new ProcedureError('refused', 'This app has no page. It runs in a terminal.')
  if (await hasSessions(client, signal)) {
    const params = { workspaceagent: agent.id, app: app.slug }
    const { url } = await client.call(agentRuntimeRoutes.openApp, { params }, { signal })
    return { url: new URL(url, deploymentUrl).href, isOwn: true }
  }
  const { host } = app.subdomain
    ? await client.call(deploymentAdminRoutes.appHost, {}, { signal })
    : { host: '' }
  const names = { ownerName: workspace.owner_name, workspaceName: workspace.name, agentName: agent.name }
  const url = hostedAddress(app, { deploymentUrl, ...names }, host)
  if (url === undefined)
    throw new ProcedureError(
      'refused',
      'The deployment names no host for this app that a browser could open.',
    )
  return { url, isOwn: true }
}
