/** The bridge process: deployments main told it about, terminals, tunnels, MCP servers tried and offered. */
import { isDeepStrictEqual } from 'node:util'
import { mainToBridgeSchema, type BridgeToMain, type MainToBridge } from '../contract/bridge-port.ts'
import type { ConnectionKind, ConnectionLog } from '../contract/connection-events.ts'
import type { CliState } from '../contract/coder-cli.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { ParentPort } from '../lib/process-host.ts'
import { toError } from '../lib/to-error.ts'
import { asBytePort } from './byte-port.ts'
import { createDeploymentAccess, type OpenDeploymentAccess } from './deployment-access.ts'
import { createDesktops } from './desktops/desktops.ts'
import { createPlaces } from './files/places.ts'
import { createLocalSources } from './files/transfers/local-sources.ts'
import { createTransfers } from './files/transfers/transfers.ts'
import { createHeaderGateways } from './gateway/header-gateways.ts'
import { createKeptTerminals } from './kept-terminals.ts'
import { createMcpTests } from './mcp-tests.ts'
import { createWindowPort, type WindowPort } from './window-port.ts'
import { createTunnels } from './tunnels/tunnels.ts'
import type { ReportedLink } from './report-links.ts'
import { createWorkspaceProbes } from './probe/workspace-probes.ts'

type AttachWindow = Extract<MainToBridge, { readonly type: 'attach-window' }>
type SetDeployment = Extract<MainToBridge, { readonly type: 'set-deployment' }>

export interface Bridge {
  /** Resolves when what was written into workspaces is gone, as far as they can be reached. */
  close(): Promise<void>
}

/** Serves until main says `shutdown` or goes away; `onShutdown` is called then, once. */
export function createBridge(input: {
  readonly parent: ParentPort
  readonly clock: Clock
  readonly environment: NodeJS.ProcessEnv
  readonly logger: Logger
  readonly onShutdown: () => void
}): Bridge {
  const { parent, clock, environment, logger } = input
  const deployments = new Map<string, OpenDeploymentAccess>()
  const windows = new Map<number, WindowPort>()
  const tell = (message: BridgeToMain) => {
    parent.post(message)
  }
  const signedOut = (deploymentId: string) => {
    tell({ type: 'signed-out', deploymentId })
  }
  const accessOf = (deploymentId: string) => deployments.get(deploymentId)
  const { log, probes, onLinkOf } = openDiagnostics({ accessOf, clock, tell })
  const common = { accessOf, clock, logger, log, onSignedOut: signedOut }
  const gateways = createHeaderGateways({ ...common, onState: tell })
  const tunnels = createTunnels({ ...common, onState: tell })
  const mcpTests = createMcpTests({
    clock,
    onResult: (requestId, result) => {
      tell({ type: 'mcp-tested', requestId, result })
    },
  })
  const clientOf = (deploymentId: string) => deployments.get(deploymentId)?.client
  const terminals = createKeptTerminals({ ...common, clientOf })
  const desktops = createDesktops({ ...common, clientOf })
  const { places, sources, transfers } = openFiles({
    ...common,
    onKeep: (kept) => {
      tell({ type: 'keep-transfers', transfers: [...kept] })
    },
  })
  const retriers: Partial<Record<ConnectionKind, (connectionId: string) => void>> = {
    ...{ terminal: terminals.retryNow, gateway: gateways.retry },
    ...{ tunnel: tunnels.retryConnection, files: places.retryConnection },
    desktop: desktops.retryConnection,
  }
  const changed = (deploymentId: string) => {
    places.deploymentChanged(deploymentId)
    transfers.deploymentChanged(deploymentId)
    terminals.deploymentChanged(deploymentId)
    desktops.deploymentChanged(deploymentId)
    gateways.deploymentChanged(deploymentId)
    tunnels.deploymentChanged(deploymentId)
  }

  const setDeployment = ({ deploymentId, isRenewed, ...session }: SetDeployment) => {
    const known = deployments.get(deploymentId)
    // The same again after a restart of something else must not cut terminals that work.
    if (known !== undefined && isDeepStrictEqual(known.session, session)) return
    if (isRenewed === true && known?.renew(session) === true) {
      // Only what the old token has kept out needs to try again.
      terminals.deploymentRenewed(deploymentId)
      desktops.deploymentRenewed(deploymentId)
      gateways.deploymentRenewed(deploymentId)
      tunnels.deploymentRenewed(deploymentId)
      // Only those that wait for a sign-in go on by it.
      transfers.deploymentChanged(deploymentId)
      return
    }
    known?.close()
    const onCli = (state: CliState) => {
      tell({ type: 'cli-state', deploymentId, state })
    }
    const surroundings = { clock, environment, logger, onCli, onLink: onLinkOf(deploymentId) }
    deployments.set(deploymentId, createDeploymentAccess(session, surroundings))
    changed(deploymentId)
  }

  const attach = ({ windowId, only }: AttachWindow, port: unknown) => {
    windows.get(windowId)?.close()
    windows.set(
      windowId,
      createWindowPort({
        port: asBytePort(port),
        terminals,
        desktops,
        places,
        transfers,
        sources,
        clock,
        only,
        logger: logger.child({ windowId }),
      }),
    )
  }

  const close = () => {
    for (const window of windows.values()) window.close()
    windows.clear()
    terminals.close()
    desktops.close()
    mcpTests.close()
    const ended = Promise.all([gateways.closeAll(), tunnels.closeAll(), transfers.close()])
    places.close()
    probes.close()
    for (const access of deployments.values()) access.close()
    deployments.clear()
    return ended.then(() => undefined)
  }
  const shutDown = () => {
    stopListening()
    stopWatching()
    // What gateways wrote into workspaces is taken back first.
    void close().then(input.onShutdown)
  }

  const obey = (message: MainToBridge, ports: readonly unknown[]): void => {
    switch (message.type) {
      case 'set-deployment':
        setDeployment(message)
        return
      case 'remove-deployment':
        deployments.get(message.deploymentId)?.close()
        if (deployments.delete(message.deploymentId)) changed(message.deploymentId)
        return
      case 'attach-window':
        attach(message, ports[0])
        return
      case 'wake':
        terminals.wake()
        desktops.wake()
        places.wake()
        gateways.wake()
        tunnels.wake()
        return
      case 'open-gateway':
        gateways.open(message)
        return
      case 'close-gateway':
        gateways.close(message.gatewayId)
        return
      case 'retry-gateway':
        gateways.retry(message.gatewayId)
        return
      case 'open-tunnel':
        tunnels.open(message)
        return
      case 'close-tunnel':
        tunnels.close(message.tunnelId)
        return
      case 'retry-tunnel':
        tunnels.retry(message.tunnelId)
        return
      case 'test-mcp':
        mcpTests.start(message.requestId, message)
        return
      case 'cancel-mcp-test':
        mcpTests.cancel(message.requestId)
        return
      case 'give-local':
        sources.give(message)
        return
      case 'restore-transfers':
        transfers.restore(message.transfers)
        return
      case 'probe-workspace':
      case 'cancel-probe':
        probes.obey(message)
        return
      case 'retry-connection':
        retriers[message.what]?.(message.connectionId)
        return
      case 'shutdown':
        shutDown()
    }
  }

  const stopListening = parent.onMessage((raw, ports) => {
    const parsed = mainToBridgeSchema.safeParse(raw)
    if (!parsed.success) {
      // The message may hold a token, so nothing of it is logged.
      logger.error('Main sent a message that does not fit')
      return
    }
    try {
      obey(parsed.data, ports)
    } catch (thrown) {
      // One message that cannot be done must not end what the others asked for. The error may hold a value.
      logger.error('What main asked for failed', { type: parsed.data.type, error: toError(thrown).name })
    }
  })
  const stopWatching = parent.onClose(shutDown)
  tell({ type: 'ready', pid: process.pid })
  return { close }
}

/** What tells main how connections are. */
function openDiagnostics({
  tell,
  ...deps
}: Pick<Parameters<typeof createWorkspaceProbes>[0], 'accessOf' | 'clock'> & {
  readonly tell: (message: BridgeToMain) => void
}) {
  const log: ConnectionLog = {
    report: (event) => {
      tell({ type: 'connection-event', event })
    },
  }
  const probes = createWorkspaceProbes({
    ...deps,
    log,
    onProgress: (requestId, probe) => {
      tell({ type: 'probe-progress', requestId, probe })
    },
  })
  const onLinkOf = (deploymentId: string) => (link: ReportedLink) => {
    tell({ type: 'workspace-link', deploymentId, ...link })
  }
  return { log, probes, onLinkOf }
}

/** Files of workspaces, and copies of them. */
function openFiles({
  onKeep,
  ...deps
}: Parameters<typeof createPlaces>[0] & Pick<Parameters<typeof createTransfers>[0], 'onKeep'>) {
  const places = createPlaces(deps)
  const { clock, logger } = deps
  const transfers = createTransfers({ places, clock, logger, onKeep })
  return { places, sources: createLocalSources(), transfers }
}
