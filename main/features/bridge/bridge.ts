/** The bridge process: kept running, told about every session, and connected to every window that asks. */
import type { BridgeToMain, MainToBridge } from '#bridge/contract/bridge-port'
import type { CliPlace, CliState } from '#bridge/contract/coder-cli'
import type { NetworkOptions } from '#bridge/contract/deployment-network'
import type { GiveLocal, KeptTransfer } from '#bridge/contract/file-transfers'
import type { GatewayState, OpenGateway } from '#bridge/contract/header-gateway'
import type { McpTestResult } from '#bridge/contract/mcp-test'
import type { OpenTunnel, TunnelState } from '#bridge/contract/tunnels'
import type { ConnectionKind, ConnectionLog } from '#bridge/contract/connection-events'
import type { WorkspaceLink, WorkspaceProbe } from '#bridge/contract/workspace-probe'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import type { LiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { SupervisedProcess, type SupervisedState } from '../../lib/supervised-process.ts'
import type { HostedUtilityProcess, UtilityProcessHost } from '../../ports/process-host.ts'
import type { WindowPage, Windows } from '../../ports/windows.ts'
import { bridgeToMainSchema } from './bridge-messages.ts'
import { createBridgeProbes, type ProbeRequest } from './bridge-probes.ts'
import { requireTaken } from './bridge-refusals.ts'
import { createBridgeRequests } from './bridge-requests.ts'

/** Headers are secret: to the bridge they travel, and nowhere else. */
export interface McpTestRequest {
  readonly url: string
  readonly transport: 'streamable_http' | 'sse'
  readonly headers: Readonly<Record<string, string>>
}

/** What a deployment accepted, and how it is reached. */
export interface BridgeSession {
  readonly url: string
  readonly token: string
  readonly network?: { readonly options: NetworkOptions } | undefined
  /** The same sign-in as before with a new token. */
  readonly isRenewed?: boolean | undefined
}

export interface BridgeProcess {
  readonly state: LiveValue<SupervisedState>
  start(): void
  /** Starts it again after it was given up. */
  retry(): void
  /** What a deployment accepted, or that it is gone. */
  setSession(deploymentId: string, session: BridgeSession | undefined): void
  /** The deployment's command line is another one: its way into workspaces is made anew. */
  cliPlaceChanged(deploymentId: string): void
  /** Tries an MCP server. @throws {ProcedureError} `bridge_down`, `cancelled`, `target_unusable` */
  testMcp(request: McpTestRequest, signal: AbortSignal): Promise<McpTestResult>
  /**
   * Opens a header gateway, or opens it anew with what changed. It is opened again after a crash of the bridge.
   *
   * @throws {ProcedureError} `target_unusable`
   */
  openGateway(request: Omit<OpenGateway, 'type'>): void
  closeGateway(gatewayId: string): void
  /** Its workspace may be there now. */
  retryGateway(gatewayId: string): void
  /** Paths the user chose, under a name that windows use. @throws {ProcedureError} `bridge_down` */
  giveLocal(message: GiveLocal): void
  /** Opens a tunnel, or opens it anew with what changed. It is opened again after a crash of the bridge. */
  openTunnel(request: Omit<OpenTunnel, 'type'>): void
  closeTunnel(tunnelId: string): void
  /** Its port or its workspace may be there now. */
  retryTunnel(tunnelId: string): void
  /** Pings a workspace or tries its speed. @throws {ProcedureError} `bridge_down` */
  probeWorkspace(request: ProbeRequest, signal: AbortSignal): AsyncGenerator<WorkspaceProbe, void>
  /** Tries a connection of the timeline now. */
  retryConnection(what: ConnectionKind, connectionId: string): void
  /** The machine woke up. */
  wake(): void
  close(): Promise<void>
}

export interface BridgeDeps {
  readonly processHost: UtilityProcessHost
  readonly windows: Pick<Windows, 'onBridgePortRequest' | 'giveBridgePort'>
  /** A terminal was refused by this deployment. */
  readonly onSignedOut: (deploymentId: string) => void
  readonly onGatewayState: (state: GatewayState) => void
  /** Where a deployment's command line is kept, and whose word it takes that it is Coder's. */
  readonly cliPlace: (deploymentId: string) => CliPlace
  readonly onCliState: (deploymentId: string, state: CliState) => void
  /** Copies that go on when the bridge starts again. */
  readonly transfers: {
    kept(): readonly KeptTransfer[]
    keep(transfers: readonly KeptTransfer[]): void
  }
  readonly onTunnelState: (state: TunnelState) => void
  readonly connectionLog: ConnectionLog
  readonly onWorkspaceLink: (link: WorkspaceLink) => void
  readonly clock: Clock
  readonly random: () => number
  readonly logger: Logger
}

const SHUTDOWN_GRACE_MS = 2000

/** Makes the bridge; nothing runs until `start`. */
export function createBridge(deps: BridgeDeps): BridgeProcess {
  const { logger, windows } = deps
  const sessions = new Map<string, BridgeSession>()
  /** Windows that asked once get a new port after every restart. */
  const windowPages = new Map<number, WindowPage>()
  const mcpTests = createBridgeRequests<McpTestResult>()
  const probes = createBridgeProbes()
  /** Those that should be open, with their values: the one other place of these is the keychain. */
  const gateways = new Map<string, OpenGateway>()

  /** Those that should be open, with their certificates' keys. */
  const tunnels = new Map<string, OpenTunnel>()

  const attach = (process: HostedUtilityProcess, windowId: number, page: WindowPage): void => {
    const port = windows.giveBridgePort(windowId)
    if (port === undefined) windowPages.delete(windowId)
    else process.postWithPorts(attachWindow(windowId, page), [port])
  }
  const set = (process: HostedUtilityProcess, deploymentId: string): void => {
    const session = sessions.get(deploymentId)
    const message: MainToBridge =
      session === undefined
        ? { type: 'remove-deployment', deploymentId }
        : setDeployment(deploymentId, session, deps.cliPlace(deploymentId))
    process.post(message)
  }

  /** After a crash the port that was free is asked for, and not any. */
  const keepTunnelPort = ({ tunnelId, listening }: TunnelState): void => {
    const request = tunnels.get(tunnelId)
    if (request?.anyPort === true && listening?.kind === 'tcp')
      tunnels.set(tunnelId, { ...request, listen: listening })
  }

  const handle = (message: BridgeToMain): void => {
    switch (message.type) {
      case 'ready':
        supervised.markRunning()
        break
      case 'signed-out':
        deps.onSignedOut(message.deploymentId)
        break
      case 'gateway-state':
        // A last word of one that was closed meanwhile says nothing any more.
        if (gateways.has(message.gatewayId)) deps.onGatewayState(message)
        break
      case 'cli-state':
        if (sessions.has(message.deploymentId)) deps.onCliState(message.deploymentId, message.state)
        break
      case 'tunnel-state':
        keepTunnelPort(message)
        if (tunnels.has(message.tunnelId)) deps.onTunnelState(message)
        break
      case 'mcp-tested':
        mcpTests.answer(message.requestId, message.result)
        break
      case 'keep-transfers':
        deps.transfers.keep(message.transfers)
        break
      case 'connection-event':
        deps.connectionLog.report(message.event)
        break
      case 'workspace-link':
        deps.onWorkspaceLink(message)
        break
      case 'probe-progress':
        probes.progress(message.requestId, message.probe)
        break
      case 'log':
        logger[message.level](message.message)
        break
    }
  }

  const supervised = new SupervisedProcess<HostedUtilityProcess>({
    name: 'The bridge to your workspaces',
    spawn: () => deps.processHost.spawn('bridge'),
    onStarted(process) {
      for (const deploymentId of sessions.keys()) set(process, deploymentId)
      for (const [windowId, page] of [...windowPages]) attach(process, windowId, page)
      for (const request of gateways.values()) process.post(request satisfies MainToBridge)
      const transfers = [...deps.transfers.kept()]
      if (transfers.length > 0) process.post({ type: 'restore-transfers', transfers } satisfies MainToBridge)
      for (const request of tunnels.values()) process.post(request satisfies MainToBridge)
    },
    onMessage(raw) {
      const parsed = bridgeToMainSchema.safeParse(raw)
      if (parsed.success) handle(parsed.data)
      else logger.warn('The bridge sent a message that is not in the contract')
    },
    onEnded() {
      mcpTests.lost()
      probes.lost()
      for (const gatewayId of gateways.keys()) deps.onGatewayState(connecting(gatewayId))
      for (const tunnelId of tunnels.keys()) deps.onTunnelState(tunnelConnecting(tunnelId))
    },
    clock: deps.clock,
    random: deps.random,
    logger,
  })

  const stopRequests = windows.onBridgePortRequest((windowId, page) => {
    windowPages.set(windowId, page)
    if (supervised.current !== undefined) attach(supervised.current, windowId, page)
  })

  return {
    state: supervised.state,
    start: () => supervised.start(),
    retry: () => {
      if (supervised.state.get().kind === 'failed') supervised.start()
    },
    setSession(deploymentId, session) {
      if (session === undefined) sessions.delete(deploymentId)
      else sessions.set(deploymentId, session)
      if (supervised.current !== undefined) set(supervised.current, deploymentId)
    },
    cliPlaceChanged(deploymentId) {
      if (supervised.current !== undefined && sessions.has(deploymentId))
        set(supervised.current, deploymentId)
    },
    testMcp({ url, transport, headers }, signal) {
      const process = supervised.current
      return mcpTests.ask(
        process && ((message) => process.post(message)),
        (requestId) => {
          const message = { type: 'test-mcp', requestId, url, transport, headers: { ...headers } } as const
          requireTaken(message)
          return message
        },
        (requestId) => ({ type: 'cancel-mcp-test', requestId }) satisfies MainToBridge,
        signal,
      )
    },
    openGateway(request) {
      const message: OpenGateway = { type: 'open-gateway', ...request }
      requireTaken(message)
      gateways.set(request.gatewayId, message)
      supervised.current?.post(message satisfies MainToBridge)
    },
    closeGateway(gatewayId) {
      if (!gateways.delete(gatewayId)) return
      supervised.current?.post({ type: 'close-gateway', gatewayId } satisfies MainToBridge)
    },
    retryGateway: (gatewayId) =>
      supervised.current?.post({ type: 'retry-gateway', gatewayId } satisfies MainToBridge),
    giveLocal(message) {
      if (supervised.current === undefined) {
        throw new ProcedureError(
          'bridge_down',
          'The bridge to your workspaces is starting. Try again in a moment.',
        )
      }
      supervised.current.post(message satisfies MainToBridge)
    },
    openTunnel(request) {
      const message: OpenTunnel = { type: 'open-tunnel', ...request }
      tunnels.set(request.tunnelId, message)
      supervised.current?.post(message satisfies MainToBridge)
    },
    closeTunnel(tunnelId) {
      if (!tunnels.delete(tunnelId)) return
      supervised.current?.post({ type: 'close-tunnel', tunnelId } satisfies MainToBridge)
    },
    retryTunnel: (tunnelId) =>
      supervised.current?.post({ type: 'retry-tunnel', tunnelId } satisfies MainToBridge),
    probeWorkspace(request, signal) {
      const process = supervised.current
      return probes.run(process && ((message) => process.post(message)), request, signal)
    },
    retryConnection: (what, connectionId) =>
      supervised.current?.post({ type: 'retry-connection', what, connectionId } satisfies MainToBridge),
    wake: () => supervised.current?.post({ type: 'wake' } satisfies MainToBridge),
    async close() {
      stopRequests()
      sessions.clear()
      gateways.clear()
      tunnels.clear()
      await supervised.stop(
        (process) => process.post({ type: 'shutdown' } satisfies MainToBridge),
        SHUTDOWN_GRACE_MS,
      )
    },
  }
}

/** A window of a desktop gets a port for that one and nothing else. */
function attachWindow(windowId: number, page: WindowPage): MainToBridge {
  if (page.kind === 'app') return { type: 'attach-window', windowId }
  const { deploymentId, chatId } = page
  return { type: 'attach-window', windowId, only: { deploymentId, chatId } }
}

function setDeployment(
  deploymentId: string,
  { url, token, network, isRenewed = false }: BridgeSession,
  cli: CliPlace,
): Extract<MainToBridge, { readonly type: 'set-deployment' }> {
  const renewal = isRenewed ? { isRenewed } : {}
  const told = { type: 'set-deployment', deploymentId, url, token, cli, ...renewal } as const
  return network === undefined ? told : { ...told, network: network.options }
}

/** What is said of a gateway while the bridge starts again. */
function connecting(gatewayId: string): GatewayState {
  const connection = { kind: 'connecting' } as const
  return {
    type: 'gateway-state',
    gatewayId,
    connection,
    calls: 0,
    problem: null,
    configProblem: null,
    isPortTaken: false,
  }
}

/** What is said of a tunnel while the bridge starts again. */
function tunnelConnecting(tunnelId: string): TunnelState {
  return {
    type: 'tunnel-state',
    tunnelId,
    connection: { kind: 'connecting' },
    listening: null,
    traffic: { openConnections: 0, connections: 0, bytesUp: 0, bytesDown: 0, errors: 0 },
    lastError: null,
  }
}
