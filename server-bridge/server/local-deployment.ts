import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { type Clock, systemClock } from '../lib/clock.ts'
import { type Logger, silentLogger } from '../lib/logger.ts'
import type { ProcessHost } from '../lib/process-host.ts'
import type { Provisioner } from '../provisioner/provisioner.ts'
import { openDatabase } from './db/open-database.ts'
import { createApp } from './http/app.ts'
import { apiKeyHandlers } from './http/api-keys.ts'
import { type App, bindRoutes, type RequestBindings } from './http/bind-routes.ts'
import { deploymentHandlers } from './http/deployment.ts'
import { fileHandlers } from './http/files.ts'
import { createJobLogStreams } from './http/job-log-routes.ts'
import { createRateLimiter, noRateLimits } from './http/rate-limiter.ts'
import { mcpServerHandlers } from './http/mcp-servers.ts'
import { templateHandlers } from './http/templates.ts'
import { userHandlers } from './http/users.ts'
import { agentHandlers } from './http/workspace-agents.ts'
import { workspaceHandlers } from './http/workspaces.ts'
import { createServices, type Services } from './services.ts'
import { createOwnerSessions } from './services/owner-sessions.ts'
import {
  createShippedTemplateImport,
  type ImportShippedTemplates,
  type ListShippedTemplates,
} from './services/shipped-templates.ts'
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
    const services = createServices({ db, dataDir, clock, logger, processHost, provisioner, accessUrl })
    const app = createApp({ version: serverVersion, port: () => port, logger })
    const list = options.listShippedTemplates ?? (async () => [])
    const importShippedTemplates = createShippedTemplateImport({ ...services, db, list, logger })
    const ownerSessions = createOwnerSessions({ ...services, importShippedTemplates })
    if (options.ownerName !== undefined) await ownerSessions.reserve(options.ownerName)
    bindAll(app, services, { clock, logger, accessUrl, options, onFirstUser: importShippedTemplates })
    const upgrades = createUpgradeHandler(app, clock, logger)
    const server = listenerOf(app)
    server.on('upgrade', (request, socket, head) => upgrades.handle(request, socket, head))
    await listen(server, options.port)
    port = (server.address() as AddressInfo).port
    services.agents.records.disconnectAll()
    services.worker.start()
    services.agents.supervisor.restore()
    // Under a parent the next sign-in does this, and waits for it.
    const owner = options.ownerName === undefined ? services.accounts.owner() : undefined
    if (owner)
      importShippedTemplates(owner.id).catch((error: unknown) => {
        logger.error('The shipped templates could not be imported', { error: String(error) })
      })
    return {
      url: accessUrl(),
      services,
      mintOwnerSession: (name) => ownerSessions.mint(name),
      async close() {
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

function bindAll(app: App, services: Services, parts: BindingParts): void {
  const { sessions, auditLog, agents, settings } = services
  const { clock, logger, accessUrl, options, onFirstUser } = parts
  const jobLogs = createJobLogStreams(services.jobLogs, services.jobs, services.topics)
  bindRoutes(
    app,
    {
      sessions,
      auditLog,
      rateLimiter: options.disableRateLimits === true ? noRateLimits : createRateLimiter(clock),
      logger,
      checkAnswers: options.checkAnswers ?? false,
    },
    [
      ...deploymentHandlers(settings, accessUrl),
      ...userHandlers({ ...services, onFirstUser }),
      ...apiKeyHandlers(services),
      ...fileHandlers(services.files),
      ...templateHandlers({ ...services, logs: services.jobLogs, jobLogs }),
      ...workspaceHandlers({ ...services, jobLogs, logger }),
      ...agentHandlers({ ...agents, topics: services.topics }),
      ...mcpServerHandlers(services),
    ],
  )
}

function listenerOf(app: App): Server {
  const listener = getRequestListener(
    (request, env) => {
      const { incoming } = env as { incoming: { socket: { remoteAddress?: string } } }
      const bindings: RequestBindings = {
        remoteAddress: incoming.socket.remoteAddress ?? '',
        isUpgrade: false,
      }
      return app.fetch(request, bindings)
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
