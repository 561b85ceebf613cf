/** All gateways of the bridge, by the ids main gave them. */
import { followConnection, silentConnectionLog } from '../../client/connection-log.ts'
import type { ConnectionLog } from '../../contract/connection-events.ts'
import type { GatewayState, OpenGateway } from '../../contract/header-gateway.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { toError } from '../../lib/to-error.ts'
import type { DeploymentAccess } from '../deployment-access.ts'
import { mcpAddressProblem } from '../mcp-address.ts'
import { createHeaderGateway, type HeaderGateway } from './header-gateway.ts'

/** Each is a connection of its own; whoever asks for more is broken. */
const maxGateways = 100

export interface HeaderGateways {
  /** Opens one, or opens it anew with what changed. */
  open(request: OpenGateway): void
  close(gatewayId: string): void
  retry(gatewayId: string): void
  /** The deployment's URL or token changed, or it went away: its gateways start again or end. */
  deploymentChanged(deploymentId: string): void
  /** Its token is another one of the same sign-in. */
  deploymentRenewed(deploymentId: string): void
  /** The machine slept. */
  wake(): void
  /** Resolves when all have ended. */
  closeAll(): Promise<void>
}

export function createHeaderGateways(deps: {
  readonly accessOf: (deploymentId: string) => DeploymentAccess | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly onState: (state: GatewayState) => void
  readonly onSignedOut: (deploymentId: string) => void
  /** Hears what the connections do. */
  readonly log?: ConnectionLog
}): HeaderGateways {
  const { clock, logger, onState } = deps
  const open = new Map<
    string,
    { readonly request: OpenGateway; readonly gateway: HeaderGateway | undefined }
  >()
  const ending = new Set<Promise<void>>()
  const turns = new Map<string, Promise<void>>()

  const inTurn = (agentId: string, work: () => Promise<void>): Promise<void> => {
    const before = turns.get(agentId) ?? Promise.resolve()
    const mine = before.then(work)
    const settled = mine.catch(() => undefined)
    turns.set(agentId, settled)
    void settled.then(() => {
      if (turns.get(agentId) === settled) turns.delete(agentId)
    })
    return mine
  }

  const end = (gateway: HeaderGateway | undefined): void => {
    if (gateway === undefined) return
    const ended = gateway.close()
    ending.add(ended)
    void ended.finally(() => ending.delete(ended))
  }

  const tellFailed = ({ gatewayId }: OpenGateway, reason: string): void => {
    const connection = { kind: 'failed', reason, isGone: false } as const
    onState({
      type: 'gateway-state',
      gatewayId,
      connection,
      calls: 0,
      problem: null,
      configProblem: null,
      isPortTaken: false,
    })
  }

  /** One that cannot be started is its own failure: the others, and the terminals beside them, go on. */
  const start = (request: OpenGateway, before?: HeaderGateway): HeaderGateway | undefined => {
    const problem = mcpAddressProblem(new URL(request.target.url))
    if (problem !== undefined) {
      tellFailed(request, problem)
      return undefined
    }
    try {
      return startUnchecked(request, before)
    } catch (thrown) {
      // The message may hold a value.
      logger.error('A gateway could not be started', { error: toError(thrown).name })
      tellFailed(
        request,
        'The gateway could not be started. Check the server and its values, then try again.',
      )
      return undefined
    }
  }

  /** In the place of `before`, whose port is kept: clients in the workspace know it. */
  const startUnchecked = (request: OpenGateway, before?: HeaderGateway): HeaderGateway | undefined => {
    const known = before?.port.isKnown === true ? before.port.number : undefined
    const access = deps.accessOf(request.deploymentId)
    if (access === undefined) {
      tellFailed(request, 'This deployment is not signed in.')
      return undefined
    }
    return createHeaderGateway({
      request: { ...request, port: known ?? request.port },
      isPortKnown: known !== undefined,
      access,
      clock,
      logger: logger.child({ gateway: request.gatewayId }),
      inTurn,
      onState,
      onSignedOut: () => {
        deps.onSignedOut(request.deploymentId)
      },
      onConnection: followConnection(deps.log ?? silentConnectionLog, clock, {
        what: 'gateway',
        connectionId: request.gatewayId,
        deploymentId: request.deploymentId,
        workspaceId: request.workspaceId,
        agentId: null,
        name: request.name,
      }),
    })
  }

  return {
    open(request) {
      const before = open.get(request.gatewayId)
      end(before?.gateway)
      if (before === undefined && open.size >= maxGateways) {
        tellFailed(request, `There can be ${String(maxGateways)} gateways at a time. Switch one off first.`)
        return
      }
      open.set(request.gatewayId, { request, gateway: start(request, before?.gateway) })
    },
    close(gatewayId) {
      end(open.get(gatewayId)?.gateway)
      open.delete(gatewayId)
    },
    retry(gatewayId) {
      open.get(gatewayId)?.gateway?.retryNow()
    },
    deploymentChanged(deploymentId) {
      for (const [gatewayId, { request, gateway }] of [...open]) {
        if (request.deploymentId !== deploymentId) continue
        end(gateway)
        open.set(gatewayId, { request, gateway: start(request, gateway) })
      }
    },
    deploymentRenewed(deploymentId) {
      for (const { request, gateway } of open.values())
        if (request.deploymentId === deploymentId) gateway?.sessionRenewed()
    },
    wake() {
      for (const { gateway } of open.values()) gateway?.hint('wake')
    },
    async closeAll() {
      for (const { gateway } of open.values()) end(gateway)
      open.clear()
      await Promise.all(ending)
    },
  }
}
