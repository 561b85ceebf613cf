import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CoderClient, createCoderClient } from '../client/coder-client.ts'
import { createChildProcessHost } from '../lib/child-process-host.ts'
import { type Logger, silentLogger } from '../lib/logger.ts'
import type { HostedProcess, ProcessHost } from '../lib/process-host.ts'
import { createLocalProvisioner } from '../provisioner/local-provisioner.ts'
import {
  type LocalDeployment,
  type LocalDeploymentOptions,
  startLocalDeployment,
} from '../server/local-deployment.ts'
import { builtProgram } from './built-program.ts'
import { externalTarget, needsOwnServer } from './conformance-target.ts'
import { useExternalServer } from './external-server.ts'
import { recordAnswers } from './seen-answers.ts'
import type { TestServer } from './test-server.ts'

export type { TestServer }

/** A host that remembers what it started, so that a test can kill an agent or count what is left. */
export function createWatchedProcessHost(host: ProcessHost): {
  readonly host: ProcessHost
  readonly alive: ReadonlySet<HostedProcess>
} {
  const alive = new Set<HostedProcess>()
  return {
    alive,
    host: {
      spawn(entry) {
        const child = host.spawn(entry)
        alive.add(child)
        child.onExit(() => alive.delete(child))
        return child
      },
    },
  }
}

/**
 * A real server on a folder of its own, with real agents; every answer is compared with its schema. Where the environment
 * names another deployment, that one instead.
 */
export async function startTestServer(
  options: Partial<LocalDeploymentOptions> & { readonly logger?: Logger } = {},
): Promise<TestServer> {
  const target = externalTarget()
  if (target) {
    const [option] = Object.keys(options)
    if (option !== undefined) needsOwnServer(`it sets ${option}`)
    return useExternalServer(target)
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'outpost-server-'))
  const watched = createWatchedProcessHost(
    options.processHost ?? createChildProcessHost({ environment: process.env, resolveEntry: builtProgram }),
  )
  const seen = recordAnswers(options.logger ?? silentLogger)
  const start = async (): Promise<LocalDeployment> => {
    const started = await startLocalDeployment({
      port: 0,
      provisioner: createLocalProvisioner(),
      checkAnswers: true,
      disableRateLimits: true,
      ...options,
      logger: seen?.logger ?? options.logger ?? silentLogger,
      dataDir,
      processHost: watched.host,
    })
    seen?.setRoutes(started.routes)
    return started
  }
  let deployment = await start()
  const client = (token?: string): CoderClient =>
    createCoderClient({ baseUrl: deployment.url, token, retries: 0 })
  const clientOf = (userId: string): CoderClient =>
    client(deployment.services.sessions.create(userId, { loginType: 'password' }).token)
  return {
    get deployment() {
      return deployment
    },
    get url() {
      return deployment.url
    },
    dataDir,
    agentProcesses: watched.alive,
    client,
    ownerClient: async () => client(await deployment.mintOwnerSession('Ada Lovelace')),
    clientOf: async (userId) => clientOf(userId),
    async memberClient(username) {
      const { accounts } = deployment.services
      const user = await accounts.create({
        username,
        email: `${username}@example.com`,
        name: '',
        password: 'correct horse Battery 9 staple',
        role: 'member',
      })
      return clientOf(user.id)
    },
    async restart(meanwhile) {
      await deployment.close()
      meanwhile?.()
      deployment = await start()
    },
    async close() {
      await deployment.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
