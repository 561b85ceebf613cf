import { systemClock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { ProcessHost } from '../lib/process-host.ts'
import type { Provisioner } from '../provisioner/provisioner.ts'
import {
  type LocalDeployment,
  type LocalDeploymentOptions,
  startLocalDeployment,
} from './local-deployment.ts'
import { UsageError } from './option-values.ts'
import type { ListShippedTemplates } from './services/shipped-templates.ts'
import { parseStandaloneOptions, type StandaloneOptions, standaloneUsage } from './standalone-options.ts'
import { startFailureMessage } from './start-failure.ts'
import { loadTlsCredentials, type TlsFiles } from './tls-credentials.ts'

export interface StandaloneServerDeps {
  readonly argv: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly createLogger: (where: Pick<StandaloneOptions, 'logJson' | 'logHuman' | 'verbose'>) => Logger
  readonly createProcessHost: (logger: Logger) => ProcessHost
  readonly provisioner: Provisioner
  readonly listShippedTemplates: ListShippedTemplates
  readonly print: (line: string) => void
  readonly complain: (line: string) => void
  readonly exit: (code: number) => void
  /** It runs in a terminal, whose end arrives as SIGHUP. */
  readonly hasTerminal: boolean
}

/** Runs the server by itself, as `npm run server`. */
export async function runStandaloneServer(deps: StandaloneServerDeps): Promise<void> {
  const { print, complain, exit } = deps
  const options = readOptions(deps)
  if (options === undefined) return
  const logger = deps.createLogger(options)
  for (const warning of options.warnings) complain(`Warning: ${warning}`)
  let deployment: LocalDeployment
  try {
    deployment = await startLocalDeployment(deploymentOptions(deps, options, logger))
  } catch (error) {
    const { message, detail } = startFailureMessage(error, options.http.port)
    logger.debug('The local deployment could not start', { detail })
    complain(message)
    exit(1)
    return
  }
  let isEnding = false
  const end = async (): Promise<void> => {
    if (isEnding) return
    isEnding = true
    await deployment.close()
    exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end())
  process.on('SIGHUP', () => {
    if (options.tls) reloadCredentials(deployment, options.tls, logger)
    else if (deps.hasTerminal) void end()
    else logger.info('SIGHUP changes nothing: without TLS there are no files to read again')
  })
  for (const notice of deployment.notices) complain(`Warning: ${notice}`)
  print(JSON.stringify({ url: deployment.url, pid: process.pid }))
}

/** `undefined` when there is nothing to run; what there was to say is said then. */
function readOptions({ argv, environment, print, complain, exit }: StandaloneServerDeps) {
  try {
    const options = parseStandaloneOptions(argv, environment)
    if (options !== 'help') return options
    print(standaloneUsage())
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    complain(`${error.message}\nTry --help.`)
    exit(1)
  }
  return undefined
}

function deploymentOptions(
  deps: StandaloneServerDeps,
  options: StandaloneOptions,
  logger: Logger,
): LocalDeploymentOptions {
  const { tls, accessUrl, wildcardAccessUrl, maxTokenLifetimeSeconds } = options
  return {
    dataDir: options.dataDir,
    host: options.http.host,
    port: options.http.port,
    disableRateLimits: options.disableRateLimits,
    rotateSecretKey: options.rotateSecretKey,
    ...(tls ? { tls: { ...tls, credentials: loadTlsCredentials(tls, systemClock.now()) } } : {}),
    ...(accessUrl === undefined ? {} : { accessUrl }),
    ...(wildcardAccessUrl === undefined ? {} : { wildcardAccessUrl }),
    ...(maxTokenLifetimeSeconds === undefined ? {} : { maxTokenLifetimeSeconds }),
    chats: {
      isOn: options.chatsEnabled,
      isSharingOn: options.chatSharingEnabled,
      isDebugLoggingForced: options.chatDebugLoggingForced,
    },
    experiments: options.experiments,
    processHost: deps.createProcessHost(logger),
    provisioner: deps.provisioner,
    listShippedTemplates: deps.listShippedTemplates,
    logger,
  }
}

/** New files that cannot be used change nothing: the server goes on with the old certificate. */
function reloadCredentials(deployment: LocalDeployment, tls: TlsFiles, logger: Logger): void {
  try {
    deployment.useCredentials(loadTlsCredentials(tls, systemClock.now()))
    logger.info('The certificate was read again', { certFile: tls.certFile })
  } catch (error) {
    logger.error('The certificate could not be read again: the old one stays', {
      reason: error instanceof Error ? error.message : String(error),
    })
  }
}
