import { join } from 'node:path'
import type { Experiment } from '../contract/experiments.ts'
import type { RouteDefinition } from '../contract/route.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import { type Logger, silentLogger } from '../lib/logger.ts'
import type { ProcessHost } from '../lib/process-host.ts'
import type { Provisioner } from '../provisioner/provisioner.ts'
import { startDailyBackups } from './db/daily-backups.ts'
import type { Database } from './db/database.ts'
import { openDatabase } from './db/open-database.ts'
import { bindDeploymentRoutes, type RouteOptions } from './bind-deployment-routes.ts'
import { createHostApps } from './apps/host-apps.ts'
import { createApp } from './http/app.ts'
import type { LifecycleDeps } from './jobs/lifecycle.ts'
import { createListeners, type ListenAddress, type Listeners, type ListenOptions } from './listeners.ts'
import { createServices, type ServiceDeps, type Services } from './services.ts'
import { servedOptions } from './services/deployment-config.ts'
import { createOwnerSessions } from './services/owner-sessions.ts'
import { startRetention } from './services/retention.ts'
import { createSealedBackups } from './services/sealed-backups.ts'
import type { SecretBox } from './services/secret-box.ts'
import type { ChatOptions } from './services/chats/chat-service-deps.ts'
import { createSecretKeyFile } from './services/secret-key-file.ts'
import { openSecretKeys } from './services/secret-keys.ts'
import { createShippedTemplateImport, type ImportShippedTemplates } from './services/shipped-templates.ts'
import { createTimelySeeding } from './services/timely-seeding.ts'
import { serverVersion } from './version.ts'
import { createUpgradeHandler } from './ws/upgrade.ts'

export interface LocalDeploymentOptions extends RouteOptions {
  /** Absolute folder of the database and the workspaces; made when missing. */
  readonly dataDir: string
  /** 0 asks for any free one. */
  readonly port: number
  /** The interface to listen on; loopback, so that only this machine may use the server, unless told otherwise. */
  readonly host?: string
  /** A second listener, with TLS. */
  readonly tls?: NonNullable<ListenOptions['tls']>
  /** Where the server is reached from elsewhere, by a proxy say. Absent: its own address. */
  readonly accessUrl?: string
  /** The wildcard host of subdomain apps, e.g. `*.apps.example.com`, with a port or that of the access URL. Absent: none. */
  readonly wildcardAccessUrl?: string
  readonly processHost: ProcessHost
  readonly provisioner: Provisioner
  /** The person who starts the server, who becomes its owner. Absent: the first one to ask does, as with Coder. */
  readonly ownerName?: string
  /** Keys of the stored secrets from the keychain, in base64, oldest first. Absent: the key file of the data folder. */
  readonly secretKeys?: readonly string[]
  /** Seal the stored secrets with a new key of the key file before anything else. */
  readonly rotateSecretKey?: boolean
  readonly clock?: Clock
  readonly logger?: Logger
  /** Whether people may rename their workspaces. Absent: no, as with Coder. */
  readonly allowWorkspaceRenames?: boolean
  readonly chats?: ChatOptions
  /** What is switched on before it is finished. Absent: nothing, as with Coder. */
  readonly experiments?: readonly Experiment[]
  /** Told about what schedules did. */
  readonly notify?: LifecycleDeps['notify']
}

export interface LocalDeployment {
  /** The access URL; by default `http://127.0.0.1:<port>`. */
  readonly url: string
  /** What happened to the data at this start, for the user. */
  readonly notices: readonly string[]
  /** Changes the certificate of the TLS listener. */
  readonly useCredentials: Listeners['useCredentials']
  /** A fresh session token of the owner; makes the first user when there is none. */
  mintOwnerSession(name: string): Promise<string>
  /** Every route that is served, for tests that call them all. */
  readonly routes: readonly RouteDefinition[]
  /** The data, for tests that make the disk fail. */
  readonly database: Database
  /** Everything behind the routes, for tests that need a second account or look at rows. */
  readonly services: Services
  /** Ends sockets, jobs and agents; workspaces that run are brought back by the next start. */
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'

/** Starts the whole server on a data folder. @throws what `openDatabase` throws, and the listen error of the port. */
export async function startLocalDeployment(options: LocalDeploymentOptions): Promise<LocalDeployment> {
  const { clock = systemClock, logger = silentLogger } = options
  const db = openDatabase(options.dataDir, { clock, logger })
  let listeners: Listeners | undefined
  const listening = (): Listeners => {
    if (!listeners) throw new Error('The server does not listen yet.')
    return listeners
  }
  const accessUrl = (): string => listening().address().accessUrl
  const served = servedOptions(options)
  const localUrl = (): string => listening().localUrl()
  try {
    const { dataDir } = options
    const services = openServices(options, { db, clock, logger, accessUrl, localUrl, ...served })
    const app = createApp({
      version: serverVersion,
      address: () => listening().address(),
      serveAppHost: createHostApps({
        ...services,
        ...services.agents,
        address: () => listening().address(),
      }),
      notices: db.notices,
      logger,
    })
    const list = options.listShippedTemplates ?? (async () => [])
    const importTemplates = createShippedTemplateImport({ ...services, db, list, logger })
    const importShippedTemplates = createTimelySeeding({ importTemplates, clock, logger })
    const ownerSessions = createOwnerSessions({ ...services, importShippedTemplates })
    if (options.ownerName !== undefined) await ownerSessions.reserve(options.ownerName)
    const routes = bindDeploymentRoutes(app, services, {
      clock,
      logger,
      accessUrl,
      appHosts: () => listening().address().appHosts,
      httpAddress: () => listening().httpAddress(),
      options,
      served,
      onFirstUser: importShippedTemplates,
    })
    const upgrades = createUpgradeHandler(app, clock, logger)
    const opened = createListeners(listenOptions(options), app, upgrades)
    listeners = opened
    await opened.listen()
    const stopWork = startWork(services, { db, dataDir, clock, logger })
    // Under a parent the next sign-in does this, and waits a while for it.
    if (options.ownerName === undefined) importForOwner(services, importShippedTemplates)
    return {
      url: accessUrl(),
      notices: db.notices,
      routes,
      database: db,
      services,
      useCredentials: opened.useCredentials,
      mintOwnerSession: (name) => ownerSessions.mint(name),
      async close() {
        upgrades.close()
        await stopWork(opened.close())
        db.close()
      },
    }
  } catch (error) {
    db.close()
    throw error
  }
}

function openServices(
  options: LocalDeploymentOptions,
  parts: Pick<
    ServiceDeps,
    'db' | 'clock' | 'logger' | 'accessUrl' | 'localUrl' | 'allowWorkspaceRenames' | 'experiments'
  >,
): Services {
  const { dataDir, processHost, provisioner, notify, chats } = options
  provisioner.useFolder?.(join(dataDir, 'provisioner'))
  return createServices({
    ...parts,
    dataDir,
    processHost,
    provisioner,
    secretBox: openSecretBox(parts.db, parts.logger, options),
    ...(notify ? { notify } : {}),
    ...(chats ? { chatOptions: chats } : {}),
  })
}

/** An owner who was there before this version gets the templates that came with it. */
function importForOwner({ accounts }: Services, importShippedTemplates: ImportShippedTemplates): void {
  const owner = accounts.owner()
  if (owner) void importShippedTemplates(owner.id)
}

/** What the server does by itself; the answered function ends it. `closed`: nobody can call any more. */
function startWork(
  services: Services,
  { db, dataDir, clock, logger }: Pick<ServiceDeps, 'db' | 'dataDir' | 'clock' | 'logger'>,
): (closed: Promise<void>) => Promise<void> {
  const {
    agents,
    worker,
    lifecycle,
    notificationEvents,
    chatWorker,
    chatLabels,
    chatLifecycle,
    chatDebug,
    turnScans,
  } = services
  const stopBackups = startDailyBackups({ db, dataDir, clock, logger })
  agents.records.disconnectAll()
  worker.start()
  agents.supervisor.restore()
  chatDebug.start()
  chatLabels.start()
  turnScans.start()
  chatWorker.start()
  chatLifecycle.start()
  lifecycle.start()
  notificationEvents.start()
  const stopRetention = startRetention(db, clock, logger)
  return async (closed) => {
    stopBackups()
    stopRetention()
    lifecycle.close()
    chatLifecycle.close()
    const chatsDone = Promise.all([chatWorker.close(), chatLabels.close(), turnScans.close()])
    const jobsDone = worker.close()
    const agentsDone = agents.supervisor.close()
    // A build that waits for an agent's stop scripts sees the link go, and ends.
    await agents.links.close()
    await Promise.all([jobsDone, agentsDone, chatsDone, closed])
    notificationEvents.close()
  }
}

function listenOptions(options: LocalDeploymentOptions): ListenOptions {
  const http: ListenAddress = { host: options.host ?? LOOPBACK, port: options.port }
  return {
    http,
    ...(options.tls ? { tls: options.tls } : {}),
    ...(options.accessUrl === undefined ? {} : { accessUrl: options.accessUrl }),
    ...(options.wildcardAccessUrl === undefined ? {} : { wildcardAccessUrl: options.wildcardAccessUrl }),
  }
}

function openSecretBox(db: Database, logger: Logger, options: LocalDeploymentOptions): SecretBox {
  const { dataDir, secretKeys: keychainKeys = [], rotateSecretKey } = options
  const keyFile = createSecretKeyFile(join(dataDir, 'secret.key'))
  const keys = openSecretKeys({
    db,
    keyFile,
    backups: createSealedBackups(dataDir, logger),
    keychainKeys,
    logger,
  })
  if (rotateSecretKey === true) keys.rotate()
  return keys.box
}
