/** One gateway: an MCP server offered to one workspace, from the connection to the entry in its `.mcp.json`. */
import type { Client } from 'ssh2'
import type { ReconnectState } from '../../client/reconnect.ts'
import type { GatewayConnection, GatewayState, OpenGateway } from '../../contract/header-gateway.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { toError } from '../../lib/to-error.ts'
import type { DeploymentAccess } from '../deployment-access.ts'
import { createGatewayEndpoint, type GatewayEvent } from './gateway-endpoint.ts'
import type { GatewayLimits } from './gateway-limits.ts'
import { createGatewayTunnel } from './gateway-tunnel.ts'
import { addToMcpJson, McpJsonError, removeFromMcpJson } from './mcp-json.ts'
import { changeWorkspaceFile, WorkspaceFileError, type FileChange } from './workspace-file.ts'

export interface HeaderGatewayOptions {
  readonly request: OpenGateway
  readonly access: DeploymentAccess
  /** It was open before, so clients know the port of the request. */
  readonly isPortKnown: boolean
  readonly clock: Clock
  readonly random?: () => number
  readonly limits?: Partial<GatewayLimits>
  readonly logger: Logger
  readonly onState: (state: GatewayState) => void
  readonly onSignedOut: () => void
  /** Hears each state of the connection, for the timeline. */
  readonly onConnection?: (state: ReconnectState) => void
  /** Runs changes of one workspace's file one after the other: several gateways write into it. */
  readonly inTurn: (agentId: string, work: () => Promise<void>) => Promise<void>
}

export interface HeaderGateway {
  /** Where clients in the workspace reach it. `isKnown`: it has been open. */
  readonly port: { readonly number: number; readonly isKnown: boolean }
  retryNow(): void
  hint(hint: 'online' | 'offline' | 'wake'): void
  /** The client carries a new token: what the old one kept out tries again. */
  sessionRenewed(): void
  /** Ends it: nothing passes any more from this call on. Resolves when the workspace is tidied up as far as it can be. */
  close(): Promise<void>
}

/** States are told at most this often, but for the first of a series. */
const reportMs = 1000
/** A workspace that does not answer must not hold up an end. */
const tidyMs = 1500
const configFile = '.mcp.json'
const emptyConfig = '{}\n'

export function createHeaderGateway(options: HeaderGatewayOptions): HeaderGateway {
  const { request, clock, logger } = options
  let connection: GatewayConnection = { kind: 'connecting' }
  let problem: GatewayState['problem'] = null
  let configProblem: string | null = null
  let isPortTaken = false
  let calls = 0
  let isClosed = false
  let isRefused = false
  let cancelReport: (() => void) | undefined
  let isReportDue = false
  let workspace: { readonly ssh: Client; readonly agentId: string } | undefined

  const report = (): void => {
    if (isClosed) return
    if (cancelReport !== undefined) {
      isReportDue = true
      return
    }
    options.onState({
      type: 'gateway-state',
      gatewayId: request.gatewayId,
      connection,
      calls,
      problem,
      configProblem,
      isPortTaken,
    })
    calls = 0
    isPortTaken = false
    cancelReport = clock.after(reportMs, () => {
      cancelReport = undefined
      if (!isReportDue) return
      isReportDue = false
      report()
    })
  }

  const onEvent = (event: GatewayEvent): void => {
    const before = problem
    if (event.type === 'call') calls += 1
    else problem = problemOf(event)
    if (event.type === 'call' || problem?.message !== before?.message) report()
  }

  const endpoint = createGatewayEndpoint({
    target: request.target,
    bearer: request.bearer,
    port: () => tunnel.port,
    clock,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    onEvent,
  })

  const changeConfig = async (change: FileChange): Promise<void> => {
    const at = workspace
    if (at === undefined) return
    await options.inTurn(at.agentId, async () => {
      await changeWorkspaceFile(at.ssh, configFile, change, emptyConfig)
    })
  }

  const writeConfig = async (port: number): Promise<void> => {
    const entry = { transport: request.target.transport, port, bearer: request.bearer }
    try {
      await changeConfig((text) =>
        // Closed while it waited for its turn.
        isClosed ? undefined : addToMcpJson(text, request.name, entry),
      )
      configProblem = null
    } catch (thrown) {
      if (isClosed) return
      const { message } = toError(thrown)
      configProblem =
        thrown instanceof McpJsonError || thrown instanceof WorkspaceFileError
          ? thrown.message
          : `The workspace's ${configFile} could not be written: ${message}`
      logger.warn('A gateway could not write its configuration', { error: message })
    }
    report()
  }

  const onTunnelState = (state: ReconnectState): void => {
    options.onConnection?.(state)
    if (state.name !== 'open') workspace = undefined
    const next = connectionOf(state, connection)
    if (next === undefined || isClosed) return
    connection = next
    isRefused = state.name === 'failed' && state.code === 'unauthorized'
    if (isRefused) options.onSignedOut()
    report()
  }

  const tunnel = createGatewayTunnel({
    workspaceId: request.workspaceId,
    access: options.access,
    port: request.port,
    isPortKnown: options.isPortKnown,
    clock,
    ...(options.random === undefined ? {} : { random: options.random }),
    logger,
    onState: onTunnelState,
    onOpen: ({ ssh, agentId, port }) => {
      workspace = { ssh, agentId }
      connection = { kind: 'open', port }
      report()
      void writeConfig(port)
    },
    onPortTaken: () => {
      isPortTaken = true
    },
    onConnection: (stream) => {
      endpoint.serve(stream)
    },
  })
  tunnel.start()

  return {
    get port() {
      return { number: tunnel.port, isKnown: tunnel.isPortKnown }
    },
    retryNow: tunnel.retryNow,
    hint: tunnel.hint,
    sessionRenewed() {
      if (isRefused) tunnel.retryNow()
    },
    async close() {
      if (isClosed) return
      isClosed = true
      cancelReport?.()
      endpoint.close()
      try {
        await withinTime(
          clock,
          changeConfig((text) => removeFromMcpJson(text, request.bearer)),
        )
      } catch (thrown) {
        // The entry leads nowhere from now on and is replaced by the next gateway.
        logger.info('A gateway could not remove its configuration', { error: toError(thrown).message })
      }
      tunnel.close()
    },
  }
}

/** A later good answer takes it back. */
function problemOf(event: Exclude<GatewayEvent, { readonly type: 'call' }>): GatewayState['problem'] {
  if (event.type === 'failed') return { message: event.message, status: null }
  const { status } = event
  if (status === 401 || status === 403) {
    return { message: `The MCP server refused the header values (${String(status)}).`, status }
  }
  if (status >= 500) return { message: `The MCP server answered with an error (${String(status)}).`, status }
  return null
}

/** In the contract's words. `undefined`: nothing to tell. Another attempt at what is waited for is no news. */
function connectionOf(state: ReconnectState, before: GatewayConnection): GatewayConnection | undefined {
  switch (state.name) {
    case 'connecting':
      return before.kind === 'waiting' ? undefined : { kind: 'connecting' }
    case 'waiting':
      return { kind: 'waiting', reason: state.reason }
    case 'failed':
      return {
        kind: 'failed',
        reason: state.reason,
        isGone: state.code === 'gone' || state.code === 'not_found',
      }
    case 'stopped':
      return { kind: 'waiting', reason: 'The workspace closed the connection.' }
    case 'idle':
    case 'open':
      return undefined
  }
}

async function withinTime(clock: Clock, work: Promise<void>): Promise<void> {
  let cancel = (): void => undefined
  const late = new Promise<never>((_resolve, reject) => {
    cancel = clock.after(tidyMs, () => {
      reject(new Error('The workspace did not answer in time.'))
    })
  })
  try {
    await Promise.race([work, late])
  } finally {
    cancel()
  }
}
