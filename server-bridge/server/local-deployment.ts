import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import type { RouteDefinition } from '../contract/route.ts'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { type Clock, systemClock } from '../lib/clock.ts'
import { type Logger, silentLogger } from '../lib/logger.ts'
import type { ProcessHost } from '../lib/process-host.ts'
import type { Provisioner } from '../provisioner/provisioner.ts'
import { openDatabase } from './db/open-database.ts'
import { createApp } from './http/app.ts'
import { apiKeyHandlers } from './http/api-keys.ts'
import { type App, bindRoutes, type RequestBindings } from './http/bind-routes.ts'
import { authorizationHandlers } from './http/authorization.ts'
import { deploymentHandlers } from './http/deployment.ts'
import { dynamicParameterHandlers } from './http/dynamic-parameters.ts'
import { fileHandlers } from './http/files.ts'
import { createJobLogStreams } from './http/job-log-routes.ts'
import { createRateLimiter, noRateLimits } from './http/rate-limiter.ts'
import { organizationHandlers } from './http/organizations.ts'
import { signInHandlers } from './http/sign-in.ts'
import { templateDryRunHandlers } from './http/template-dry-runs.ts'
import { templateVersionHandlers } from './http/template-versions.ts'
import { templateHandlers } from './http/templates.ts'
import { userAccountHandlers } from './http/user-accounts.ts'
import { userSettingsHandlers } from './http/user-settings.ts'
import { userHandlers } from './http/users.ts'
import { agentRuntimeHandlers } from './http/agent-runtime.ts'
import { agentSideHandlers } from './http/agent-side.ts'
import { agentHandlers } from './http/workspace-agents.ts'
import { createPathApps } from './apps/path-apps.ts'
import { workspaceBuildRecordHandlers } from './http/workspace-build-records.ts'
import { workspaceBuildHandlers } from './http/workspace-builds.ts'
import { workspaceSettingsHandlers } from './http/workspace-settings.ts'
import { workspaceSharingHandlers } from './http/workspace-sharing.ts'
import { workspaceWatchHandlers } from './http/workspace-watches.ts'
import { workspaceSshHandlers } from './http/workspace-ssh.ts'
import { workspaceHandlers } from './http/workspaces.ts'
import type { LifecycleDeps } from './jobs/lifecycle.ts'
import { createServices, type Services } from './services.ts'
import { createOwnerSessions } from './services/owner-sessions.ts'
import {
  createShippedTemplateImport,
  type ImportShippedTemplates,
  type ListShippedTemplates,
} from './services/shipped-templates.ts'
import { createTemplateExamples } from './services/template-examples.ts'
import { serverVersion } from './version.ts'
import { createUpgradeHandler } from './ws/upgrade.ts'

export interface LocalDeploymentOptions {
  /** Absolute folder of the database and the workspaces; made when missing. */
  readonly dataDir: string
  /** 0 asks for any free one. */
  readonly port: number
  readonly processHost: ProcessHost
  readonly provisioner: Provisioner
  /** What a new deployment begins with. Absent: nothing. */
  readonly listShippedTemplates?: ListShippedTemplates
  /** The person who starts the server, who becomes its owner. Absent: the first one to ask does, as with Coder. */
  readonly ownerName?: string
  readonly clock?: Clock
  readonly logger?: Logger
  /** Whether people may rename their workspaces. Absent: no, as with Coder. */
  readonly allowWorkspaceRenames?: boolean
  /** Told about what schedules did. */
  readonly notify?: LifecycleDeps['notify']
  /** For tests that call more often than people do. */
  readonly disableRateLimits?: boolean
  /** Compare every answer with its schema, for tests. */
  readonly checkAnswers?: boolean
}

export interface LocalDeployment {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** A fresh session token of the owner; makes the first user when there is none. */
  mintOwnerSession(name: string): Promise<string>
  /** Everything behind the routes, for tests that need a second account or look at rows. */
  readonly services: Services
  /** Every bound route, for tests that ask something of all of them. */
  readonly routes: readonly RouteDefinition[]
  /** Ends sockets, jobs and agents; workspaces that run are brought back by the next start. */
  close(): Promise<void>
}

/** The server listens on loopback only: whoever may use it is on this machine. */
const HOST = '127.0.0.1'

/** Starts the whole server on a data folder. @throws what `openDatabase` throws, and the listen error of the port. */
export async function startLocalDeployment(options: LocalDeploymentOptions): Promise<LocalDeployment> {
  const { clock = systemClock, logger = silentLogger } = options
  const db = openDatabase(options.dataDir)
  let port = options.port
  const accessUrl = (): string => `http://${HOST}:${port}`
  try {
    const { dataDir, processHost, provisioner } = options
    provisioner.useFolder?.(join(dataDir, 'provisioner'))
    const allowWorkspaceRenames = options.allowWorkspaceRenames ?? false
    const notify = options.notify ? { notify: options.notify } : {}
    const parts = {
      ...notify,
      db,
      dataDir,
      clock,
      logger,
      processHost,
      provisioner,
      accessUrl,
      allowWorkspaceRenames,
    }
    const services = createServices(parts)
    const app = createApp({ version: serverVersion, port: () => port, logger })
    const list = options.listShippedTemplates ?? (async () => [])
    const importShippedTemplates = createShippedTemplateImport({ ...services, db, list, logger })
    const ownerSessions = createOwnerSessions({ ...services, importShippedTemplates })
    if (options.ownerName !== undefined) await ownerSessions.reserve(options.ownerName)
    const routes = bindAll(app, services, {
      clock,
      logger,
      accessUrl,
      options,
      onFirstUser: importShippedTemplates,
    })
    const upgrades = createUpgradeHandler(app, clock, logger)
    const server = listenerOf(app)
    server.on('upgrade', (request, socket, head) => upgrades.handle(request, socket, head))
    await listen(server, options.port)
    port = (server.address() as AddressInfo).port
    services.agents.records.disconnectAll()
    services.worker.start()
    services.agents.supervisor.restore()
    services.lifecycle.start()
    // Under a parent the next sign-in does this, and waits for it.
    const owner = options.ownerName === undefined ? services.accounts.owner() : undefined
    if (owner)
      importShippedTemplates(owner.id).catch((error: unknown) => {
        logger.error('The shipped templates could not be imported', { error: String(error) })
      })
    return {
      url: accessUrl(),
      services,
      routes,
      mintOwnerSession: (name) => ownerSessions.mint(name),
      async close() {
        services.lifecycle.close()
        upgrades.close()
        const closed = new Promise<void>((resolve) => server.close(() => resolve()))
        server.closeAllConnections()
        const jobsDone = services.worker.close()
        const agentsDone = services.agents.supervisor.close()
        // A build that waits for an agent's stop scripts sees the link go, and ends.
        await services.agents.links.close()
        await Promise.all([jobsDone, agentsDone, closed])
        db.close()
      },
    }
  } catch (error) {
    db.close()
    throw error
  }
}

interface BindingParts {
  readonly clock: Clock
  readonly logger: Logger
  readonly accessUrl: () => string
  readonly options: LocalDeploymentOptions
  readonly onFirstUser: ImportShippedTemplates
}

function bindAll(app: App, services: Services, parts: BindingParts): RouteDefinition[] {
  const { sessions, locator, auditLog, agents, settings } = services
  const { clock, logger, accessUrl, options, onFirstUser } = parts
  app.use(createPathApps({ ...agents, sessions }))
  const jobLogs = createJobLogStreams(services.jobLogs, services.jobs, services.topics)
  const examples = createTemplateExamples(options.listShippedTemplates ?? (async () => []))
  return bindRoutes(
    app,
    {
      sessions,
      locator,
      auditLog,
      rateLimiter: options.disableRateLimits === true ? noRateLimits : createRateLimiter(clock),
      logger,
      checkAnswers: options.checkAnswers ?? false,
    },
    [
      ...deploymentHandlers(settings, accessUrl),
      // Paths with a fixed word come before those where a user or a key may stand there.
      ...signInHandlers(services.accounts),
      ...authorizationHandlers(services),
      ...userHandlers({ ...services, onFirstUser }),
      ...userAccountHandlers(services),
      ...userSettingsHandlers(services),
      ...organizationHandlers(services),
      ...apiKeyHandlers(services),
      ...fileHandlers(services.files),
      ...templateHandlers({ ...services, examples }),
      ...templateVersionHandlers({ ...services, examples, jobLogs }),
      ...templateDryRunHandlers({ ...services, clock, jobLogs }),
      ...dynamicParameterHandlers({ ...services, clock, logger }),
      ...agentSideHandlers(agents),
      ...workspaceHandlers({ ...services, logger }),
      ...workspaceSettingsHandlers(services),
      ...workspaceSharingHandlers(services),
      ...workspaceBuildHandlers({ ...services, jobLogs }),
      ...workspaceBuildRecordHandlers(services),
      ...workspaceWatchHandlers({ ...services, logger }),
      ...agentHandlers({ ...agents, topics: services.topics }),
      ...agentRuntimeHandlers({ ...agents, topics: services.topics, clock }),
      ...workspaceSshHandlers({
        ...agents,
        clock,
        recordActivity: (workspaceId) => services.schedules.recordActivity(workspaceId),
      }),
    ],
  )
}

function listenerOf(app: App): Server {
  const listener = getRequestListener(
    async (request, env) => {
      const { incoming, outgoing } = env as { incoming: IncomingMessage; outgoing: ServerResponse }
      const bindings: RequestBindings = {
        remoteAddress: incoming.socket.remoteAddress ?? '',
        isUpgrade: false,
      }
      const response = await app.fetch(request, bindings)
      if (!bindings.takeOver) return response
      await bindings.takeOver.serve(incoming, outgoing)
      return RESPONSE_ALREADY_SENT
    },
    { overrideGlobalObjects: false },
  )
  return createServer((request, response) => void listener(request, response))
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
