/** A local deployment under plain Node for benchmarks, driven by the app's own client. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { WebSocket } from 'ws'
import { createCoderClient, type CoderClient } from '#bridge/client/coder-client'
import { templatesRoutes } from '#bridge/contract/templates'
import { workspaceAgentsRoutes } from '#bridge/contract/workspace-agents'
import { workspacesRoutes, type Workspace } from '#bridge/contract/workspaces'
import { addDeploymentScreen } from '../e2e/screens/add-deployment.ts'
import { frame } from '../e2e/screens/frame.ts'
import { startSecondDeployment } from '../e2e/fixtures/second-deployment.ts'

export const serverFile = fileURLToPath(new URL('../dist/server-bridge/serve.js', import.meta.url))

export interface BenchDeployment {
  readonly url: string
  readonly token: string
  readonly client: CoderClient
  readonly templateId: string
  /** Adds it to the app by the app's own form. */
  addTo(window: Page): Promise<void>
  stop(): Promise<void>
}

/** A folder for the work, removed afterwards. */
export async function inBenchFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'outpost-bench-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

export async function startBenchDeployment(): Promise<BenchDeployment> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'outpost-bench-'))
  const server = await startSecondDeployment(folder)
  const client = createCoderClient({ baseUrl: server.url, token: server.token })
  return {
    url: server.url,
    token: server.token,
    client,
    templateId: await firstTemplate(client),
    addTo: async (window) => {
      await (await frame(window).openSwitcher()).getByRole('menuitem', { name: /^Add deployment/ }).click()
      const add = addDeploymentScreen(window)
      await add.address.fill(server.url)
      await add.token.fill(server.token)
      await add.add.click()
      await add.sheet.waitFor({ state: 'hidden' })
    },
    stop: async () => {
      await server.stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function firstTemplate(client: CoderClient): Promise<string> {
  for (;;) {
    const [template] = await client.call(templatesRoutes.list, {})
    if (template !== undefined) return template.id
    // Shipped templates are imported by a job after the first user was made.
    await delay(20)
  }
}

export async function createWorkspace(deployment: BenchDeployment, name: string): Promise<Workspace> {
  return await deployment.client.call(workspacesRoutes.create, {
    params: { user: 'me' },
    body: { name, template_id: deployment.templateId, rich_parameter_values: [] },
  })
}

/** The agent's id once it is connected. */
export async function waitForAgent(deployment: BenchDeployment, workspaceId: string): Promise<string> {
  for (;;) {
    const workspace = await deployment.client.call(workspacesRoutes.get, {
      params: { workspace: workspaceId },
    })
    if (workspace.latest_build.job.status === 'failed') throw new Error(workspace.latest_build.job.error)
    const agent = workspace.latest_build.resources.flatMap((resource) => resource.agents ?? [])[0]
    if (agent?.status === 'connected') return agent.id
    await delay(10)
  }
}

export async function createRunningWorkspace(deployment: BenchDeployment, name: string): Promise<string> {
  const workspace = await createWorkspace(deployment, name)
  return await waitForAgent(deployment, workspace.id)
}

/** Opens a terminal and resolves with its first bytes. */
export async function firstPrompt(deployment: BenchDeployment, agentId: string): Promise<void> {
  const { url, headers } = deployment.client.socket(workspaceAgentsRoutes.pty, {
    params: { workspaceagent: agentId },
    query: { reconnect: crypto.randomUUID(), width: 80, height: 24 },
  })
  const socket = new WebSocket(url, { headers: { ...headers } })
  await new Promise<void>((resolve, reject) => {
    socket.once('message', () => {
      resolve()
    })
    socket.once('error', reject)
    socket.once('close', () => {
      reject(new Error('The terminal closed before it prompted.'))
    })
  })
  socket.close()
}
