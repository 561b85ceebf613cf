import { experiments } from '../contract/experiments.ts'
import { type ParentToServer, parentToServerSchema, type ServerToParent } from '../contract/serve-control.ts'
import type { Logger } from '../lib/logger.ts'
import type { ParentPort } from '../lib/process-host.ts'
import type { Provisioner } from '../provisioner/provisioner.ts'
import { type LocalDeployment, startLocalDeployment } from './local-deployment.ts'
import { createParentProcessHost, type ParentProcessHost } from './parent-process-host.ts'
import type { ListShippedTemplates } from './services/shipped-templates.ts'
import { startFailureMessage } from './start-failure.ts'

export interface ManagedServerDeps {
  readonly port: ParentPort
  readonly logger: Logger
  readonly provisioner: Provisioner
  readonly listShippedTemplates: ListShippedTemplates
  readonly exit: (code: number) => void
}

/** Browsers take every name under it to this machine, without asking a name server (RFC 6761, 6.3). */
const LOOPBACK_WILDCARD = '*.localhost'

type Start = Extract<ParentToServer, { type: 'start' }>

/** Runs the server for the app: what to do arrives over the parent port, agents are started by the parent. */
export function runManagedServer({
  port,
  logger,
  provisioner,
  listShippedTemplates,
  exit,
}: ManagedServerDeps): void {
  const post = (message: ServerToParent): void => port.post(message)
  const processHost: ParentProcessHost = createParentProcessHost(post)
  let starting: Promise<LocalDeployment | undefined> | undefined
  let ownerName = ''
  let isEnding = false

  const start = async ({
    dataDir,
    port: tcpPort,
    ownerName: name,
    secretKeys,
  }: Start): Promise<LocalDeployment | undefined> => {
    try {
      const deployment = await startLocalDeployment({
        dataDir,
        port: tcpPort,
        ownerName: name,
        secretKeys,
        wildcardAccessUrl: LOOPBACK_WILDCARD,
        // The app shows them all, and nobody could switch one on here.
        experiments,
        processHost,
        provisioner,
        listShippedTemplates,
        logger,
      })
      post({ type: 'ready', url: deployment.url, pid: process.pid })
      return deployment
    } catch (error) {
      const { message, detail } = startFailureMessage(error, tcpPort)
      post({ type: 'failed', message, detail })
      logger.error('The local deployment could not start', { message, detail })
      // The message must leave before the process does.
      setTimeout(() => exit(1), 100)
      return undefined
    }
  }

  const mint = async (requestId: string): Promise<void> => {
    try {
      const deployment = await starting
      if (!deployment) throw new Error('The local deployment is not running.')
      post({ type: 'owner-session', requestId, token: await deployment.mintOwnerSession(ownerName) })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      post({ type: 'owner-session-failed', requestId, message })
    }
  }

  const end = async (): Promise<void> => {
    if (isEnding) return
    isEnding = true
    const deployment = await starting
    await deployment?.close()
    exit(0)
  }

  port.onMessage((raw) => {
    const parsed = parentToServerSchema.safeParse(raw)
    if (!parsed.success) {
      logger.error('The parent sent a message nobody understands', { error: parsed.error.message })
      return
    }
    const message = parsed.data
    if (message.type === 'start') {
      ownerName = message.ownerName
      starting ??= start(message)
    } else if (message.type === 'mint-owner-session') void mint(message.requestId)
    else if (message.type === 'shutdown') void end()
    else processHost.receive(message)
  })
  port.onClose(() => void end())
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end())
}
