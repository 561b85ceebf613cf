import type { CoderClient } from '../client/coder-client.ts'
import { isAgentUsable, type WorkspaceAgent } from '../contract/workspace-agents.ts'
import { workspaceBuildsRoutes } from '../contract/workspace-builds.ts'
import { workspacesRoutes, type Workspace } from '../contract/workspaces.ts'
import type { Clock } from '../lib/clock.ts'
import type { WaitMode } from './arguments.ts'
import { createLogPrinter } from './log-printer.ts'
import type { WorkspaceName } from './host-name.ts'

/** Coder's CLI begins at half a second as well and slows down. */
const pollMs = { first: 500, longest: 3_000, growth: 1.3 }

export interface ReachOptions {
  readonly client: Pick<CoderClient, 'call'>
  readonly clock: Clock
  readonly wait: WaitMode
  readonly disableAutostart: boolean
  /** Tells the person who waits. Cleans what it is given: names and logs are the deployment's words. */
  readonly report: (line: string) => void
}

/**
 * Finds the agent a name means and waits until it can be entered; a stopped workspace is started unless that is
 * switched off.
 *
 * @throws what the client throws, and {@link Error} with a sentence when waiting cannot help.
 */
export async function reachAgent(
  name: WorkspaceName | { readonly id: string },
  options: ReachOptions,
): Promise<WorkspaceAgent> {
  const { client, clock, report } = options
  let workspace = await findWorkspace(client, name)
  const wantedAgent = 'id' in name ? undefined : name.agent
  let hasStarted = false
  let delayMs = pollMs.first
  let lastReport = ''
  const startLogs = createLogPrinter(client, report)
  for (;;) {
    const { status } = workspace.latest_build
    if (status === 'stopped' && !hasStarted) {
      if (options.disableAutostart) throw new Error(`The workspace ${workspace.name} is stopped.`)
      report(`Starting the workspace ${workspace.name}`)
      hasStarted = true
      await client.call(workspaceBuildsRoutes.create, {
        params: { workspace: workspace.id },
        body: { transition: 'start', reason: 'ssh_connection' },
      })
    } else if (status === 'running') {
      const agent = pickAgent(workspace, wantedAgent)
      const waitsFor = whatToWaitFor(agent, options.wait)
      // Once more when the scripts have ended: their last words say why they failed.
      const waitedForScripts = lastReport === scriptsReason(agent)
      if (waitsFor !== undefined && waitsFor !== lastReport) report(waitsFor)
      if (waitedForScripts || waitsFor === scriptsReason(agent)) await startLogs.printNew(agent)
      if (waitsFor === undefined) {
        warnAboutScripts(agent, report)
        return agent
      }
      lastReport = waitsFor
    } else if (!passing.has(status)) {
      throw new Error(`The workspace ${workspace.name} cannot be entered: its last build is ${status}.`)
    }
    await pause(clock, delayMs)
    delayMs = Math.min(delayMs * pollMs.growth, pollMs.longest)
    workspace = await client.call(workspacesRoutes.get, { params: { workspace: workspace.id } })
  }
}

/** Statuses that become another one by themselves. */
const passing = new Set<string>(['pending', 'starting', 'stopping', 'canceling', 'stopped'])

function findWorkspace(
  client: Pick<CoderClient, 'call'>,
  name: WorkspaceName | { readonly id: string },
): Promise<Workspace> {
  if ('id' in name) return client.call(workspacesRoutes.get, { params: { workspace: name.id } })
  return client.call(workspacesRoutes.getByName, {
    params: { user: name.owner, workspacename: name.workspace },
  })
}

function pickAgent(workspace: Workspace, wanted: string | undefined): WorkspaceAgent {
  const agents = workspace.latest_build.resources.flatMap((resource) => resource.agents ?? [])
  const names = agents.map((agent) => agent.name).join(', ')
  const [first] = agents
  if (first === undefined) throw new Error(`The workspace ${workspace.name} has no agent.`)
  if (wanted !== undefined) {
    const found = agents.find((agent) => agent.name === wanted)
    if (found === undefined) {
      throw new Error(
        `The workspace ${workspace.name} has no agent ${JSON.stringify(wanted)}, only: ${names}.`,
      )
    }
    return found
  }
  if (agents.length > 1) {
    throw new Error(`The workspace ${workspace.name} has several agents. Name one of them: ${names}.`)
  }
  return first
}

/** A sentence, or nothing when the agent can be entered now. */
function whatToWaitFor(agent: WorkspaceAgent, wait: WaitMode): string | undefined {
  if (!isAgentUsable(agent)) return `Waiting for the agent ${agent.name} to connect`
  const scriptsMatter =
    wait === 'yes' ||
    (wait === 'auto' && agent.scripts.some((script) => script.start_blocks_login && script.run_on_start))
  return isStarting(agent) && scriptsMatter ? scriptsReason(agent) : undefined
}

function scriptsReason(agent: WorkspaceAgent): string {
  return `Waiting for the start scripts of ${agent.name}. To enter at once: --wait no`
}

function isStarting(agent: WorkspaceAgent): boolean {
  return agent.lifecycle_state === 'created' || agent.lifecycle_state === 'starting'
}

function warnAboutScripts(agent: WorkspaceAgent, report: (line: string) => void): void {
  if (isStarting(agent) && agent.scripts.some((script) => script.run_on_start)) {
    report('The start scripts are still running: the workspace may be incomplete.')
  }
  if (agent.lifecycle_state === 'start_error') report('A start script of the workspace has failed.')
  if (agent.lifecycle_state === 'start_timeout') report('A start script of the workspace took too long.')
}

function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve)
  })
}
